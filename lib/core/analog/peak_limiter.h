/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Holds a signal within +-limit by turning it down before a peak comes and slowly up
 * again after it: no sample is cut, so that nothing is added beside the signal's band.
 * The output is late by delay() samples.
 */
class peak_limiter
{
public:
    /*! \param window samples of look-ahead, at least 1
     *  \param release samples in which the gain comes back by 63 % */
    peak_limiter(float limit, std::size_t window, float release);

    float operator()(float x);
    std::size_t delay() const { return d_window - 1; }

private:
    std::size_t d_window;
    float d_limit;
    float d_recovery;
    float d_gain = 1;
    std::vector<float> d_samples; // rings: the last delay() + 1 samples,
    std::vector<float> d_gains;   // the gains that the newest of them allow,
    std::vector<float> d_least;   // and the least of a window of those
    std::size_t d_now = 0;
};

} // namespace securevoice

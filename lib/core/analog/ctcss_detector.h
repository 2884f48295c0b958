/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstddef>
#include <deque>

namespace securevoice {

/*! Is a CTCSS tone there? A Goertzel filter's sum over the last 0.4 s. */
class ctcss_detector
{
public:
    /*! \param tone_hz the tone \param rate samples/s of the frequency given to it
     *  \param least_hz deviation of a tone that counts */
    ctcss_detector(double tone_hz, double rate, double least_hz);

    /*! One subframe of the carrier's frequency, Hz. */
    void push(const float* frequency, std::size_t count);
    bool present() const;

private:
    struct subframe {
        std::complex<double> sum;
        std::size_t count;
    };
    double d_step; // rad/sample
    double d_phase = 0;
    double d_span; // samples looked at
    double d_least;
    std::deque<subframe> d_subframes;
    std::size_t d_count = 0;
};

} // namespace securevoice

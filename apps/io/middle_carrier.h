/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_encoding.h"

#include <complex>
#include <cstddef>
#include <vector>

namespace securevoice::apps {

/*!
 * Notices the DC of a receiver that was tuned upon the signal: a carrier of constant phase in the very middle, in silence and speech
 * alike. It looks at the first minute.
 */
class middle_carrier
{
public:
    /*! \param rate samples/s */
    explicit middle_carrier(double rate);

    void look(const iq_samples& samples);
    /*! It is there, and has a fifth of the power or more. */
    bool is_there() const;

private:
    std::size_t d_window; // samples
    std::complex<double> d_sum;
    double d_power = 0; // sum over all windows
    std::size_t d_count = 0;
    std::vector<std::complex<double>> d_means; // of windows
};

} // namespace securevoice::apps

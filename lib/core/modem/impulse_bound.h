/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform.h"

#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Bounds samples to 12 times the mean power that their neighbourhood's median stands for (noise: mean = 1.44 median), so that impulses do
 * little harm. Signals and noise stay below that: a Gaussian sample exceeds it once in 160000.
 */
class impulse_bound
{
public:
    /*! \param window samples whose median counts: the newest ones */
    explicit impulse_bound(std::size_t window);

    /*! Bounds the samples in place. \param count divides the window */
    void apply(cfloat* samples, std::size_t count);

private:
    float median(std::vector<float>::const_iterator from,
                 std::vector<float>::const_iterator to);

    std::vector<float> d_powers, d_sorted;
    std::size_t d_next = 0;
};

} // namespace securevoice

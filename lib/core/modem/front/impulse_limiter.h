/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Limits samples to 12 times the mean power that their neighbourhood's median stands for
 * (noise: mean = 1.44 median), so that impulses do little harm. Signals and noise stay
 * below that: a Gaussian sample exceeds it once in 160000. Bursts of more than 1.5
 * symbols are left as they are: they are seen in the symbols, and limited they would be
 * harder to see.
 */
class impulse_limiter
{
public:
    /*! \param window samples whose median counts: the newest ones */
    explicit impulse_limiter(std::size_t window);

    /*!
     * Limits the samples in place.
     * \param count   divides the window
     * \param limited gets the power to which each sample was limited, 0 where it stays as
     * it is
     */
    void apply(cfloat* samples, std::size_t count, float* limited);

private:
    void
    limit_short_runs(cfloat* samples, std::size_t count, float limit, float* limited);
    float median(std::vector<float>::const_iterator from,
                 std::vector<float>::const_iterator to);

    std::vector<float> d_powers, d_sorted;
    std::size_t d_next = 0;
    std::size_t d_run = 0, d_gap = 0; // of samples that exceed the limit, so far
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/impulse_bound.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

impulse_bound::impulse_bound(std::size_t window) : d_powers(window) {}

float impulse_bound::median(std::vector<float>::const_iterator from,
                            std::vector<float>::const_iterator to)
{
    d_sorted.assign(from, to);
    const auto middle =
        d_sorted.begin() + static_cast<std::ptrdiff_t>(d_sorted.size() / 2);
    std::nth_element(d_sorted.begin(), middle, d_sorted.end());
    return *middle;
}

void impulse_bound::apply(cfloat* samples, std::size_t count)
{
    for (std::size_t n = 0; n < count; ++n)
        d_powers[d_next + n] = std::norm(samples[n]);
    // the newest samples' own median, too: a signal that begins is no impulse
    const auto newest = d_powers.begin() + static_cast<std::ptrdiff_t>(d_next);
    const float now = median(newest, newest + static_cast<std::ptrdiff_t>(count));
    d_next = (d_next + count) % d_powers.size();
    const float bound =
        12 * 1.44f * std::max(now, median(d_powers.begin(), d_powers.end()));
    if (!(bound > 0)) // silence so far: whatever comes may be a signal
        return;
    for (std::size_t n = 0; n < count; ++n) {
        const float power = std::norm(samples[n]);
        if (power > bound)
            samples[n] *= std::sqrt(bound / power);
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/peak_limiter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace securevoice {

peak_limiter::peak_limiter(float limit, std::size_t window, float release)
    : d_window(window),
      d_limit(limit),
      d_recovery(1 - std::exp(-1 / release)),
      d_samples(delay() + 1),
      d_gains(window, 1.0f),
      d_least(window, 1.0f)
{
}

float peak_limiter::operator()(float x)
{
    const float allowed = d_limit / std::max(d_limit, std::abs(x));
    d_gain = std::min(allowed, d_gain + d_recovery * (1 - d_gain));
    d_gains[d_now % d_window] = d_gain;
    d_least[d_now % d_window] = *std::min_element(d_gains.begin(), d_gains.end());
    // Each of the gains averaged saw the sample that leaves now: their mean is not above
    // what it allows.
    const float mean = std::accumulate(d_least.begin(), d_least.end(), 0.0f) /
                       static_cast<float>(d_window);
    d_samples[d_now % d_samples.size()] = x;
    ++d_now;
    const float late =
        d_samples[(d_now + d_samples.size() - d_window) % d_samples.size()];
    return std::clamp(late * mean, -d_limit, d_limit); // of rounding
}

} // namespace securevoice

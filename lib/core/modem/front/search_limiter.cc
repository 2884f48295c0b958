/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/search_limiter.h"

#include "core/modem/front/median_rank.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace securevoice {
namespace {

constexpr float most = 5; // times the level: noise passes it once in 150 samples

} // namespace

float search_limiter::median()
{
    d_sorted = d_powers;
    return take_median(d_sorted);
}

void search_limiter::see(const cfloat* samples, std::size_t count)
{
    for (std::size_t n = 0; n < count; n += cell) {
        float sum = 0;
        for (std::size_t k = 0; k < cell; ++k)
            sum += std::norm(samples[n + k]);
        d_powers[d_next] = sum / cell;
        d_next = (d_next + 1) % cells;
    }
}

void search_limiter::apply(cfloat* samples, std::size_t count)
{
    limit(samples, count);
    follow_level();
    if (d_gain != 1)
        for (std::size_t n = 0; n < count; ++n)
            samples[n] *= d_gain;
}

void search_limiter::follow_level()
{
    const auto is_at_least = [&](float power) {
        return median_is_at_least(d_powers.data(), cells, power);
    };
    const float newest = d_powers[(d_next + cells - 1) % cells];
    if (!is_at_least(std::numeric_limits<float>::min())) {
        // Silence, which has no level: that of whatever comes then.
        if (newest > 0 && d_level > 0)
            return;
        d_level = newest;
    } else {
        // What is less far from the level was not limited.
        if (is_at_least(d_level / most) && !is_at_least(d_level * most))
            return;
        d_level = median();
    }
    if (d_level > 0)
        d_gain = 1 / std::sqrt(d_level);
}

void search_limiter::limit(cfloat* samples, std::size_t count)
{
    float strongest = 0;
    for (std::size_t n = 0; n < count; ++n)
        strongest = std::max(strongest, std::norm(samples[n]));
    // the level itself is needed only where there is something to limit
    if (median_is_at_least(d_powers.data(), cells, strongest / most))
        return;
    const float level = median();
    if (!(level > 0)) // silence so far: whatever comes may be a signal
        return;
    for (std::size_t n = 0; n < count; ++n) {
        const float power = std::norm(samples[n]);
        if (power > most * level)
            samples[n] *= std::sqrt(level / power);
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/impulse_limiter.h"

#include "core/modem/front/median_rank.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t longest_impulse = 6; // samples: 1.5 symbols
constexpr std::size_t longest_gap = 3;     // within a run
constexpr float factor = 12 * 1.44f;       // times the median: limited

} // namespace

impulse_limiter::impulse_limiter(std::size_t window) : d_powers(window) {}

float impulse_limiter::median(std::vector<float>::const_iterator from,
                              std::vector<float>::const_iterator to)
{
    d_sorted.assign(from, to);
    return take_median(d_sorted);
}

void impulse_limiter::apply(cfloat* samples, std::size_t count, float* limited)
{
    std::fill(limited, limited + count, 0.0f);
    for (std::size_t n = 0; n < count; ++n)
        d_powers[d_next + n] = std::norm(samples[n]);
    const auto newest = d_powers.begin() + static_cast<std::ptrdiff_t>(d_next);
    const auto newest_end = newest + static_cast<std::ptrdiff_t>(count);
    d_next = (d_next + count) % d_powers.size();
    const float most = *std::max_element(newest, newest_end);
    // the median is needed only where there is something to limit, which is seldom
    if (most > 0 && median_is_at_least(d_powers.data(), d_powers.size(), most / factor)) {
        d_gap += count;
        d_run = d_gap > longest_gap ? 0 : d_run;
        return;
    }
    // the newest samples' own median, too: a signal that begins is no impulse
    const float limit = factor * std::max(median(newest, newest_end),
                                          median(d_powers.begin(), d_powers.end()));
    if (!(limit > 0)) // silence so far: whatever comes may be a signal
        return;
    limit_short_runs(samples, count, limit, limited);
}

void impulse_limiter::limit_short_runs(cfloat* samples,
                                       std::size_t count,
                                       float limit,
                                       float* limited)
{
    const auto exceeds = [&](std::size_t n) { return std::norm(samples[n]) > limit; };
    std::size_t n = 0;
    while (n < count) {
        if (!exceeds(n)) {
            if (++d_gap > longest_gap)
                d_run = 0;
            ++n;
            continue;
        }
        // to the run's last sample
        std::size_t last = n;
        for (std::size_t k = n + 1; k < count && k - last <= longest_gap + 1; ++k)
            if (exceeds(k))
                last = k;
        d_run += last - n + 1;
        for (; n <= last; ++n) {
            const float power = std::norm(samples[n]);
            if (d_run > longest_impulse || !(power > limit))
                continue;
            samples[n] *= std::sqrt(limit / power);
            limited[n] = limit;
        }
        d_gap = 0;
    }
}

} // namespace securevoice

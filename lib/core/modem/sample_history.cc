/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/sample_history.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

sample_history::sample_history(std::size_t keep) : d_samples(2 * keep), d_keep(keep) {}

void sample_history::append(const cfloat* samples, std::size_t count)
{
    while (count) {
        if (d_used == d_samples.size()) {
            const std::size_t drop = d_used - d_keep;
            std::copy(d_samples.begin() + static_cast<std::ptrdiff_t>(drop),
                      d_samples.end(),
                      d_samples.begin());
            d_used = d_keep;
            d_first += static_cast<std::int64_t>(drop);
        }
        const std::size_t now = std::min(count, d_samples.size() - d_used);
        std::copy(samples,
                  samples + now,
                  d_samples.begin() + static_cast<std::ptrdiff_t>(d_used));
        d_used += now;
        samples += now;
        count -= now;
    }
}

void sample_history::derotated(std::int64_t from,
                               std::size_t count,
                               double cycles_per_sample,
                               double phase,
                               std::vector<cfloat>& out) const
{
    out.assign(count, cfloat{});
    const auto skip = static_cast<std::size_t>(
        std::clamp<std::int64_t>(begin() - from, 0, static_cast<std::int64_t>(count)));
    const auto stop = static_cast<std::size_t>(
        std::clamp<std::int64_t>(end() - from, 0, static_cast<std::int64_t>(count)));
    if (skip >= stop)
        return;
    const cfloat* const source =
        d_samples.data() + (from + static_cast<std::int64_t>(skip) - d_first);
    // The carrier is restarted from its exact phase every 64 samples: the recursion's rounding stays below -120 dB.
    constexpr std::size_t run = 64;
    const double turn = -2 * M_PI * cycles_per_sample;
    const cfloat step = std::polar(1.0f, static_cast<float>(turn));
    for (std::size_t at = skip; at < stop; at += run) {
        const double start = phase + cycles_per_sample * static_cast<double>(at);
        cfloat carrier =
            std::polar(1.0f, static_cast<float>(-2 * M_PI * (start - std::floor(start))));
        const std::size_t last = std::min(stop, at + run);
        for (std::size_t n = at; n < last; ++n) {
            const cfloat x = source[n - skip];
            out[n] = { x.real() * carrier.real() - x.imag() * carrier.imag(),
                       x.real() * carrier.imag() + x.imag() * carrier.real() };
            carrier = { carrier.real() * step.real() - carrier.imag() * step.imag(),
                        carrier.real() * step.imag() + carrier.imag() * step.real() };
        }
    }
}

} // namespace securevoice

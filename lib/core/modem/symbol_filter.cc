/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/symbol_filter.h"

#include "core/modem/pulse.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr float window =
    1.0f; // keeps the intersymbol interference of the cut pulse at -55 dB

/* The pulse at 128 samples per symbol: every phase of the filter is a comb of it. */
float at(const std::vector<float>& pulse, long index)
{
    return index < 0 || index >= static_cast<long>(pulse.size())
               ? 0.0f
               : pulse[static_cast<std::size_t>(index)];
}

cfloat dot(const float* samples, const float* taps, std::size_t count)
{
    // eight partial sums, so that the compiler can use vectors without reordering
    float sum[8] = {};
    for (std::size_t n = 0; n < count; n += 8)
        for (std::size_t k = 0; k < 8; ++k)
            sum[k] += samples[n + k] * taps[n + k];
    return { sum[0] + sum[2] + (sum[4] + sum[6]), sum[1] + sum[3] + (sum[5] + sum[7]) };
}

struct place {
    std::ptrdiff_t first;
    std::size_t phase;
};

place find(double centre, std::size_t phases, std::size_t reach)
{
    const double fine = std::floor(centre * static_cast<double>(phases) + 0.5);
    const auto index = static_cast<long long>(fine);
    const auto count = static_cast<long long>(phases);
    const long long whole = index >= 0 ? index / count : -((-index + count - 1) / count);
    return { static_cast<std::ptrdiff_t>(whole) - static_cast<std::ptrdiff_t>(reach) + 1,
             static_cast<std::size_t>(index - whole * count) };
}

} // namespace

symbol_filter::symbol_filter() : d_value(phases * row), d_slope(phases * row)
{
    constexpr std::size_t fine =
        phases * receive_samples; // samples per symbol of the prototype
    const auto pulse = pulse_taps(fine, reach / receive_samples, window);
    const auto middle = static_cast<long>(pulse.size() / 2);
    const double scale = 1.0 / static_cast<double>(receive_samples);
    for (std::size_t p = 0; p < phases; ++p)
        for (std::size_t k = 0; k < taps; ++k) {
            // tap k meets the sample at whole - reach + 1 + k; the centre is at whole + p / phases
            const long from_centre =
                (static_cast<long>(k) - static_cast<long>(reach) + 1) *
                    static_cast<long>(phases) -
                static_cast<long>(p);
            const long index = middle + from_centre;
            const double value = at(pulse, index) * scale;
            const double slope = -(at(pulse, index + 1) - at(pulse, index - 1)) / 2.0 *
                                 static_cast<double>(fine) * scale;
            for (std::size_t part = 0; part < 2; ++part) {
                d_value[p * row + 2 * k + part] = static_cast<float>(value);
                d_slope[p * row + 2 * k + part] = static_cast<float>(slope);
            }
        }
}

const symbol_filter& symbol_filter::shared()
{
    static const symbol_filter filter;
    return filter;
}

cfloat symbol_filter::value(const cfloat* samples, double centre) const
{
    const auto where = find(centre, phases, reach);
    return dot(reinterpret_cast<const float*>(samples + where.first),
               &d_value[where.phase * row],
               row);
}

cfloat symbol_filter::slope(const cfloat* samples, double centre) const
{
    const auto where = find(centre, phases, reach);
    return dot(reinterpret_cast<const float*>(samples + where.first),
               &d_slope[where.phase * row],
               row);
}

} // namespace securevoice

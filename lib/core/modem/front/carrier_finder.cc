/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/carrier_finder.h"

#include "core/modem/front/spectrum.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

// Two bins that hold a line, over the mean of those beside it: a carrier 8 dB below a
// call has it; calls by themselves came to 25 in 24 minutes, and each 1 more is 2.7 times
// rarer.
constexpr float stands_out = 36;
constexpr std::size_t beside = 66; // bins to each side: 1.2 kHz, within a signal
constexpr std::size_t skirt = 2;   // bins to each side that are the line's own

} // namespace

std::optional<steady_carrier> carrier_finder::push(const cfloat* samples,
                                                   std::size_t count)
{
    std::copy(samples, samples + count, &d_samples[d_count]);
    d_count += count;
    if (d_count < window)
        return {};
    d_count = 0;
    const auto bin = strongest_bin();
    return bin ? std::optional(measure(*bin)) : std::nullopt;
}

/* Of a line, if one stands out. */
std::optional<std::size_t> carrier_finder::strongest_bin()
{
    constexpr std::size_t bins = power_spectrum::bins;
    const auto& powers = d_spectrum.of(d_samples.data(), window);
    const auto at = [&](std::size_t bin) { return powers[bin % bins]; };
    const auto top = static_cast<std::size_t>(
        std::max_element(powers.begin(), powers.end()) - powers.begin());
    float mean = 0;
    for (std::size_t far = skirt + 1; far <= beside; ++far)
        mean += (at(top + far) + at(top + bins - far)) /
                static_cast<float>(2 * (beside - skirt));
    const float line = at(top) + std::max(at(top + 1), at(top + bins - 1));
    return line > stands_out * mean ? std::optional(top) : std::nullopt;
}

/* Its frequency by the turn from one half of the window to the other, twice: the second
 * time half of a bin is no longer lost. */
steady_carrier carrier_finder::measure(std::size_t bin) const
{
    steady_carrier c;
    c.cycles_per_sample = static_cast<double>(bin) / power_spectrum::bins;
    std::complex<double> early, late;
    for (int times = 0; times < 2; ++times) {
        early = late = 0;
        const auto step = std::polar(1.0, -2 * M_PI * c.cycles_per_sample);
        std::complex<double> turn = 1;
        for (std::size_t n = 0; n < window; ++n, turn *= step)
            (n < window / 2 ? early : late) += std::complex<double>(d_samples[n]) * turn;
        c.cycles_per_sample += std::arg(late * std::conj(early)) / (M_PI * window);
    }
    // Whatever the last correction was, the sum has the line's phase in the middle.
    const double before =
        c.cycles_per_sample - std::arg(late * std::conj(early)) / (M_PI * window);
    const double middle = static_cast<double>(window - 1) / 2;
    const double cycles =
        before * middle + c.cycles_per_sample * (static_cast<double>(window) - middle);
    c.amplitude = (early + late) / static_cast<double>(window) *
                  std::polar(1.0, 2 * M_PI * (cycles - std::floor(cycles)));
    return c;
}

} // namespace securevoice

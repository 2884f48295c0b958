/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/carrier.h"

#include "core/channel/phasor.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {

namespace {

constexpr std::size_t batch = 512;

// Turns, of which only the fraction counts, in units of 2^-64.
std::uint64_t fixed_point(double turns)
{
    const auto fraction = turns - std::round(turns); // -0.5 ... 0.5
    return static_cast<std::uint64_t>(std::llrint(std::ldexp(fraction, 62))) << 2;
}

} // namespace

carrier::carrier(double offset_hz, double drift_hz_per_s, double sample_rate)
    : d_step(fixed_point(offset_hz / sample_rate)),
      d_drift(fixed_point(drift_hz_per_s / sample_rate / sample_rate))
{
}

void carrier::turn(std::complex<float>* samples, std::size_t count)
{
    std::array<std::uint32_t, batch> phases;
    std::array<float, batch> re;
    std::array<float, batch> im;
    while (count != 0) {
        const auto n = std::min(count, batch);
        for (std::size_t i = 0; i < n; ++i) {
            phases[i] = static_cast<std::uint32_t>(d_phase >> 32);
            d_phase += d_step;
            d_step += d_drift;
        }
        for (std::size_t i = 0; i < n; ++i)
            phasor(phases[i], re[i], im[i]);
        for (std::size_t i = 0; i < n; ++i) {
            const auto x = samples[i];
            samples[i] = { x.real() * re[i] - x.imag() * im[i],
                           x.real() * im[i] + x.imag() * re[i] };
        }
        samples += n;
        count -= n;
    }
}

} // namespace securevoice

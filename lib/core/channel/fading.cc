/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/fading.h"

#include "core/channel/phasor.h"

#include <algorithm>
#include <random>

namespace securevoice {

namespace {

constexpr std::size_t scattered_waves = 64;
constexpr double steps_per_period = 256;
constexpr double sight_doppler = 0.7;

} // namespace

fading::fading(double doppler_hz,
               double rician_k_db,
               double sample_rate,
               std::uint64_t seed)
    : d_step(static_cast<std::size_t>(
          std::max(1.0, std::floor(sample_rate / doppler_hz / steps_per_period))))
{
    std::mt19937_64 random(seed);
    const auto uniform = [&random] {
        return std::ldexp(static_cast<double>(random() >> 11), -53); // 0 ... 1
    };
    const auto turns_per_step = doppler_hz * static_cast<double>(d_step) / sample_rate;
    const auto k = std::pow(10.0, rician_k_db / 10);
    const auto amplitude = std::sqrt(1 / (1 + k) / scattered_waves);
    for (std::size_t n = 0; n < scattered_waves; ++n) {
        const auto direction = (static_cast<double>(n) + uniform()) / scattered_waves;
        d_waves.push_back(
            { amplitude * exact_phasor(uniform()),
              exact_phasor(turns_per_step * exact_phasor(direction).real()) });
    }
    if (k > 0)
        d_waves.push_back({ std::sqrt(k / (1 + k)) * exact_phasor(uniform()),
                            exact_phasor(turns_per_step * sight_doppler) });
    d_from = next_gain();
    d_to = next_gain();
}

std::complex<double> fading::next_gain()
{
    double re = 0;
    double im = 0;
    for (auto& w : d_waves) {
        re += w.value.real();
        im += w.value.imag();
        w.value = {
            w.value.real() * w.rotation.real() - w.value.imag() * w.rotation.imag(),
            w.value.real() * w.rotation.imag() + w.value.imag() * w.rotation.real()
        };
    }
    return { re, im };
}

void fading::fade(std::complex<float>* samples, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto weight = static_cast<double>(d_done) / static_cast<double>(d_step);
        const std::complex<float> gain(d_from + weight * (d_to - d_from));
        const auto x = samples[i];
        samples[i] = { x.real() * gain.real() - x.imag() * gain.imag(),
                       x.real() * gain.imag() + x.imag() * gain.real() };
        if (++d_done == d_step) {
            d_done = 0;
            d_from = d_to;
            d_to = next_gain();
        }
    }
}

} // namespace securevoice

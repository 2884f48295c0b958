/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/clock_error.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {

namespace {

constexpr std::size_t length = 48;
constexpr std::size_t phases = 256;
constexpr double kaiser_beta = 9; // stop band near -90 dB
constexpr std::int64_t one = std::int64_t{ 1 } << 62;

double tap(double t) // time in samples from the centre
{
    const auto edge = 2 * t / length;
    if (std::abs(edge) >= 1)
        return 0;
    const auto window = std::cyl_bessel_i(0.0, kaiser_beta * std::sqrt(1 - edge * edge)) /
                        std::cyl_bessel_i(0.0, kaiser_beta);
    return t == 0 ? window : window * std::sin(M_PI * t) / (M_PI * t);
}

} // namespace

clock_error::clock_error(double ppm)
    : d_taps((phases + 1) * 2 * length),
      d_waiting(length / 2 - 1), // before the first sample there was silence
      d_deviation(std::llrint(ppm * 1e-6 * static_cast<double>(one)))
{
    for (std::size_t p = 0; p <= phases; ++p)
        for (std::size_t k = 0; k < length; ++k) {
            const auto t = static_cast<double>(k) - (length / 2 - 1) -
                           static_cast<double>(p) / phases;
            d_taps[2 * (p * length + k)] = d_taps[2 * (p * length + k) + 1] =
                static_cast<float>(tap(t));
        }
}

std::complex<float> clock_error::interpolate() const
{
    const auto phase = std::ldexp(static_cast<double>(d_fraction), -62) * phases;
    const auto p = static_cast<std::size_t>(phase);
    const auto weight = static_cast<float>(phase - static_cast<double>(p));
    const float* left = d_taps.data() + 2 * length * p;
    const float* right = left + 2 * length;
    const auto* x = reinterpret_cast<const float*>(d_waiting.data() + d_index);
    // Eight sums side by side: vectorised, yet always added in the same order.
    std::array<float, 8> sums{};
    for (std::size_t k = 0; k < 2 * length; k += sums.size())
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += x[k + i] * (left[k + i] + weight * (right[k + i] - left[k + i]));
    return { (sums[0] + sums[2]) + (sums[4] + sums[6]),
             (sums[1] + sums[3]) + (sums[5] + sums[7]) };
}

void clock_error::resample(const std::complex<float>* in,
                           std::size_t count,
                           std::vector<std::complex<float>>& out)
{
    d_waiting.insert(d_waiting.end(), in, in + count);
    while (d_index + length <= d_waiting.size()) {
        out.push_back(interpolate());
        ++d_index;
        d_fraction += d_deviation;
        if (d_fraction >= one) {
            d_fraction -= one;
            ++d_index;
        } else if (d_fraction < 0) {
            d_fraction += one;
            --d_index;
        }
    }
    const auto used = std::min(d_index, d_waiting.size());
    d_waiting.erase(d_waiting.begin(),
                    d_waiting.begin() + static_cast<std::ptrdiff_t>(used));
    d_index -= used;
}

void clock_error::finish(std::vector<std::complex<float>>& out)
{
    const std::vector<std::complex<float>> silence(length / 2);
    resample(silence.data(), silence.size(), out);
}

} // namespace securevoice

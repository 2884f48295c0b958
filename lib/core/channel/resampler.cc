/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/resampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr double phases_per_sample =
    256; // of the slower side: interpolation errors below -90 dB
constexpr double kaiser_beta = 9;
constexpr std::int64_t one = std::int64_t{ 1 } << 62;

/*! \param t time from the centre \param cutoff cycles per unit of t \param width of the
 * window */
double tap(double t, double cutoff, double width)
{
    const auto edge = 2 * t / width;
    if (std::abs(edge) >= 1)
        return 0;
    const auto window = std::cyl_bessel_i(0.0, kaiser_beta * std::sqrt(1 - edge * edge)) /
                        std::cyl_bessel_i(0.0, kaiser_beta);
    const auto x = 2 * M_PI * cutoff * t;
    return 2 * cutoff * window * (x == 0 ? 1 : std::sin(x) / x);
}

} // namespace

resampler::resampler(double step, double cutoff, std::size_t length)
{
    if (!(step >= 0.01 && step <= 200))
        throw std::invalid_argument("a resampler's step is 0.01 to 200 input samples");
    if (!(cutoff > 0 && cutoff <= 0.5) || length == 0 || length > 1000 || length % 4 != 0)
        throw std::invalid_argument(
            "a resampler's cutoff is above 0 and at most 0.5, its "
            "length a multiple of 4 up to 1000");
    const auto stretch = std::max(1.0, step);
    // Whole groups of four samples: interpolate() takes them so.
    d_length = 4 * static_cast<std::size_t>(
                       std::ceil(static_cast<double>(length) * stretch / 4));
    d_phases = static_cast<std::size_t>(std::ceil(phases_per_sample / stretch));
    d_whole_step = static_cast<std::size_t>(step);
    d_fraction_step = std::llrint((step - std::floor(step)) * static_cast<double>(one));
    const auto before = d_length / 2 - 1;
    d_waiting.resize(before); // before the first sample there was silence
    d_taps.resize((d_phases + 1) * 2 * d_length);
    for (std::size_t p = 0; p <= d_phases; ++p)
        for (std::size_t k = 0; k < d_length; ++k) {
            const auto t = static_cast<double>(k) - static_cast<double>(before) -
                           static_cast<double>(p) / static_cast<double>(d_phases);
            float* both = d_taps.data() + 2 * (p * d_length + k);
            both[0] = both[1] = static_cast<float>(
                tap(t, cutoff / stretch, static_cast<double>(d_length)));
        }
}

std::complex<float> resampler::interpolate() const
{
    const auto phase =
        std::ldexp(static_cast<double>(d_fraction), -62) * static_cast<double>(d_phases);
    const auto p = std::min(static_cast<std::size_t>(phase), d_phases - 1);
    const auto weight = static_cast<float>(phase - static_cast<double>(p));
    const float* left = d_taps.data() + 2 * d_length * p;
    const float* right = left + 2 * d_length;
    const auto* x = reinterpret_cast<const float*>(d_waiting.data() + d_index);
    // Eight sums side by side: vectorised, yet always added in the same order.
    std::array<float, 8> sums{};
    for (std::size_t k = 0; k < 2 * d_length; k += sums.size())
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += x[k + i] * (left[k + i] + weight * (right[k + i] - left[k + i]));
    return { (sums[0] + sums[2]) + (sums[4] + sums[6]),
             (sums[1] + sums[3]) + (sums[5] + sums[7]) };
}

void resampler::resample(const std::complex<float>* in,
                         std::size_t count,
                         std::vector<std::complex<float>>& out)
{
    d_waiting.insert(d_waiting.end(), in, in + count);
    while (d_index + d_length <= d_waiting.size()) {
        out.push_back(interpolate());
        d_index += d_whole_step;
        d_fraction += d_fraction_step;
        if (d_fraction >= one) {
            d_fraction -= one;
            ++d_index;
        }
    }
    // The next window may begin beyond what is there.
    const auto used = std::min(d_index, d_waiting.size());
    d_waiting.erase(d_waiting.begin(),
                    d_waiting.begin() + static_cast<std::ptrdiff_t>(used));
    d_index -= used;
}

void resampler::finish(std::vector<std::complex<float>>& out)
{
    const std::vector<std::complex<float>> silence(d_length / 2);
    resample(silence.data(), silence.size(), out);
}

} // namespace securevoice

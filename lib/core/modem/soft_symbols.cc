/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/soft_symbols.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

const float root_half = std::sqrt(0.5f);
const float root_eight = std::sqrt(8.0f);

// data_information at -8, -6 ... 14 dB: mean over 4 million Gaussian draws
constexpr std::array<float, 12> information{ 0.0016f, 0.0051f, 0.0152f, 0.0407f,
                                             0.1006f, 0.2190f, 0.4118f, 0.6547f,
                                             0.8662f, 0.9736f, 0.9982f, 1.0f };

} // namespace

std::array<float, 2> demap(std::complex<float> y, const gain_estimate& gain, float noise)
{
    const float scale = root_eight / (noise + gain.variance);
    const float gr = gain.gain.real(), gi = gain.gain.imag();
    return { scale * (gr * y.real() + gi * y.imag()),
             scale * (gr * y.imag() - gi * y.real()) };
}

std::complex<float> soft_symbol(const std::array<float, 2>& llr)
{
    return { root_half * std::tanh(llr[0] / 2), root_half * std::tanh(llr[1] / 2) };
}

float data_information(float snr)
{
    if (!(snr > 0.1585f))
        return 0;
    const float at = (10 * std::log10(snr) + 8) / 2;
    const auto below = static_cast<std::size_t>(at);
    if (below + 1 >= information.size())
        return 1;
    const float part = at - static_cast<float>(below);
    return information[below] + part * (information[below + 1] - information[below]);
}

gain_view data_view(std::complex<float> y,
                    const gain_estimate& gain,
                    std::complex<float> soft,
                    float noise)
{
    const float share = data_information(std::norm(gain.gain) / (noise + gain.variance));
    if (share < 0.02f)
        return {};
    const std::complex<float> seen{ y.real() * soft.real() + y.imag() * soft.imag(),
                                    y.imag() * soft.real() - y.real() * soft.imag() };
    return { (seen - (1 - share) * gain.gain) / share, noise / share };
}

gain_estimate without(const gain_estimate& gain, const gain_view& own)
{
    if (own.variance <= 0 || !(gain.variance < 0.999f * own.variance))
        return gain;
    const float rest = 1 / (1 / gain.variance - 1 / own.variance);
    return { rest * (gain.gain / gain.variance - own.gain / own.variance), rest };
}

} // namespace securevoice

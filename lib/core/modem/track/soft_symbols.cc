/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/soft_symbols.h"

#include <cmath>

namespace securevoice {
namespace {

const float root_half = std::sqrt(0.5f);
const float root_eight = std::sqrt(8.0f);

} // namespace

std::array<float, 2> demap(const symbol_sample& y, const gain_estimate& gain, float noise)
{
    const float scale = root_eight / (noise + gain.variance);
    const cfloat turned = turned_back(y, gain.gain);
    return { scale * turned.real(), scale * turned.imag() };
}

std::complex<float> soft_symbol(const std::array<float, 2>& llr)
{
    return { root_half * std::tanh(llr[0] / 2), root_half * std::tanh(llr[1] / 2) };
}

gain_estimate without(const gain_estimate& gain, const gain_view& own)
{
    if (own.variance <= 0 || !(gain.variance < 0.999f * own.variance))
        return gain;
    const float rest = 1 / (1 / gain.variance - 1 / own.variance);
    return { rest * (gain.gain / gain.variance - own.gain / own.variance), rest };
}

} // namespace securevoice

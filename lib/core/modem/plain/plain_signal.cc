/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/plain/plain_signal.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr float inner = 1, outer = 3; // levels of four-level FSK

} // namespace

cfloat plain_signal::unit(cfloat symbol, std::size_t half) const
{
    const bool b0 = symbol.real() < 0, b1 = symbol.imag() < 0;
    switch (d_profile) {
    case profile::fsk4:
        return (b0 ? -1.0f : 1.0f) * (b1 ? outer : inner);
    case profile::gmsk:
    case profile::bpsk:
        return (half ? b1 : b0) ? -1.0f : 1.0f;
    default:
        return symbol;
    }
}

std::pair<float, float> plain_signal::soft_bits(const cfloat* units, float noise) const
{
    const cfloat y = units[0];
    switch (d_profile) {
    case profile::fsk4: // the nearest levels alone count (max-log)
        return { 2 * y.real() / noise, 2 * (2 - std::abs(y.real())) / noise };
    case profile::gmsk:
        return { 2 * y.real() / noise, 2 * units[1].real() / noise };
    case profile::bpsk:
        return { 4 * y.real() / noise, 4 * units[1].real() / noise };
    default: {
        const float scale = std::sqrt(8.0f) / noise;
        return { scale * y.real(), scale * y.imag() };
    }
    }
}

} // namespace securevoice

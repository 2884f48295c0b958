/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/transmit/gmsk_shaper.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t edge_bits = 8; // 0.83 ms
constexpr std::size_t tail_bits = gmsk_span + 1;

/* A quarter turn for each unit. */
cfloat turned(cfloat x, unsigned quarters)
{
    switch (quarters % 4) {
    case 0:
        return x;
    case 1:
        return { -x.imag(), x.real() };
    case 2:
        return -x;
    default:
        return { x.imag(), -x.real() };
    }
}

} // namespace

gmsk_shaper::gmsk_shaper(double sample_rate) : d_step(gmsk_bit_rate / sample_rate)
{
    for (std::size_t n = 0; n < d_phase.size(); ++n)
        d_phase[n] =
            static_cast<float>(M_PI * gmsk_phase(static_cast<double>(n) / table_steps));
}

void gmsk_shaper::begin(std::vector<cfloat>& out)
{
    d_samples = d_bits = 0;
    d_frequency = {};
    // as if the last bit had been -j: the first one is real
    d_quarters = 3;
    d_last_negative = true;
    for (std::size_t n = 0; n < edge_bits; ++n)
        send_bit(0, edge::rising, n, out);
}

void gmsk_shaper::send(const cfloat* symbols, std::size_t count, std::vector<cfloat>& out)
{
    for (std::size_t n = 0; n < count; ++n) {
        // from j q to i it is a quarter turn back if they have the same sign, from i to j
        // q one ahead
        const bool real = std::signbit(symbols[n].real());
        send_bit(real == d_last_negative ? -1 : 1, edge::none, 0, out);
        const bool imag = std::signbit(symbols[n].imag());
        send_bit(imag == real ? 1 : -1, edge::none, 0, out);
        d_last_negative = imag;
    }
}

void gmsk_shaper::end(std::vector<cfloat>& out)
{
    for (std::size_t n = 0; n < tail_bits; ++n)
        send_bit(0, edge::none, 0, out);
    for (std::size_t n = 0; n < edge_bits; ++n)
        send_bit(0, edge::falling, n, out);
}

void gmsk_shaper::send_bit(int frequency,
                           edge e,
                           std::size_t edge_bit,
                           std::vector<cfloat>& out)
{
    d_quarters += static_cast<unsigned>(d_frequency.back());
    for (std::size_t k = gmsk_span; --k > 0;)
        d_frequency[k] = d_frequency[k - 1];
    d_frequency[0] = frequency;
    const auto begin = static_cast<double>(d_bits++);
    for (;; ++d_samples) {
        const double t = static_cast<double>(d_samples) * d_step - begin;
        if (t >= 1)
            return;
        const double place = t * table_steps;
        const auto index = static_cast<std::size_t>(place);
        const auto share = static_cast<float>(place - static_cast<double>(index));
        float phase = 0;
        for (std::size_t k = 0; k < gmsk_span; ++k) {
            const float* const p = &d_phase[k * table_steps + index];
            phase += static_cast<float>(d_frequency[k]) * (p[0] + share * (p[1] - p[0]));
        }
        cfloat sample = turned({ std::cos(phase), std::sin(phase) }, d_quarters);
        if (e != edge::none) {
            const double x = (static_cast<double>(edge_bit) + t) / edge_bits;
            const double rise = 0.5 - 0.5 * std::cos(M_PI * x);
            sample *= static_cast<float>(e == edge::rising ? rise : 1 - rise);
        }
        out.push_back(sample);
    }
}

} // namespace securevoice

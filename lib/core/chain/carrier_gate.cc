/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/carrier_gate.h"

#include <numeric>

namespace securevoice {

namespace {
constexpr double most_of_carrier = 1.8; // mean square of the power over its squared mean
} // namespace

void carrier_gate::push(const std::complex<float>* x, std::size_t count)
{
    double power = 0;
    double square = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const auto p = static_cast<double>(std::norm(x[n]));
        power += p;
        square += p * p;
    }
    const auto at = static_cast<std::size_t>(d_count) % window;
    d_power[at] = power / static_cast<double>(count);
    d_square[at] = square / static_cast<double>(count);
    ++d_count;

    // the newest window, and as much behind it
    const auto until = static_cast<std::size_t>(d_count - d_first) + window;
    d_passes.resize(until, false);
    if (looks_like_carrier())
        for (std::size_t n = until - std::min(until, 2 * window); n < until; ++n)
            d_passes[n] = true;
}

bool carrier_gate::looks_like_carrier() const
{
    const double mean = std::accumulate(d_power.begin(), d_power.end(), 0.0) / window;
    const double square = std::accumulate(d_square.begin(), d_square.end(), 0.0) / window;
    return mean > 0 && square < most_of_carrier * mean * mean;
}

bool carrier_gate::passes(std::int64_t subframe) const
{
    return d_passes[static_cast<std::size_t>(subframe - d_first)];
}

void carrier_gate::forget(std::int64_t before)
{
    for (; d_first < before; ++d_first)
        d_passes.pop_front();
}

} // namespace securevoice

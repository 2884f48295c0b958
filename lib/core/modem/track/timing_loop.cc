/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/timing_loop.h"

namespace securevoice {
namespace {

// random walks per block: the path's delay and the clocks' temperature
constexpr double time_walk = 0.0005 * 0.0005;
constexpr double drift_walk = 0.0001 * 0.0001;

} // namespace

double timing_loop::update(double error, double variance)
{
    const double total = d_p11 + variance;
    const double k1 = d_p11 / total, k2 = d_p12 / total;
    d_drift += k2 * error;
    d_p22 -= k2 * d_p12;
    d_p12 -= k1 * d_p12;
    d_p11 -= k1 * d_p11;
    return k1 * error;
}

void timing_loop::advance()
{
    d_p11 += 2 * d_p12 + d_p22 + time_walk;
    d_p12 += d_p22;
    d_p22 += drift_walk;
}

void timing_loop::found_anew()
{
    d_p11 = found;
    d_p12 = 0;
}

} // namespace securevoice

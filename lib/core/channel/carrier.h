/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>

namespace securevoice {

/*! Carrier offset with linear drift: an oscillator in fixed point (2^-64 turns), which
 * never loses phase. */
class carrier
{
public:
    carrier(double offset_hz, double drift_hz_per_s, double sample_rate);

    void turn(std::complex<float>* samples, std::size_t count);

private:
    std::uint64_t d_phase = 0;
    std::uint64_t d_step;
    std::uint64_t d_drift;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace securevoice {

struct channel_options {
    double sample_rate = 48000; // samples/s
    double cn0_dbhz =
        std::numeric_limits<double>::infinity(); // signal power over noise density;
                                                 // infinity: no noise
    double signal_power = 1.0; // mean power of the signal (of the burst, not of the file)
    double offset_hz = 0;      // carrier offset
    double drift_hz_per_s = 0;
    double clock_ppm = 0;  // sender's clock minus receiver's
    double doppler_hz = 0; // > 0: flat fading, Jakes spectrum with this maximum Doppler
    double rician_k_db = -std::numeric_limits<double>::infinity(); // -infinity: Rayleigh
    std::uint64_t seed = 1;
};

/*! Simulated channel: clock error, fading, carrier offset, white noise, in this order.
 * Same seed, same output, any chunking. */
class channel
{
public:
    /*! \throws std::invalid_argument */
    explicit channel(const channel_options& options);
    ~channel();
    void process(const std::complex<float>* in,
                 std::size_t count,
                 std::vector<std::complex<float>>& out);

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

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
    double sample_rate = 48000; // samples/s, 1 ... 1e9
    /*! Signal power over noise power density, dB-Hz, -100 ... 300; infinity: no noise */
    double cn0_dbhz = std::numeric_limits<double>::infinity();
    /*! Mean power of the signal (of the burst, not of the file), > 0 */
    double signal_power = 1.0;
    double offset_hz = 0;      // carrier offset, at most half the sample rate
    double drift_hz_per_s = 0; // change of the carrier offset
    double clock_ppm = 0;      // sender's clock minus receiver's, at most 10000
    /*! > 0: flat fading with this maximum Doppler, at most 1/8 of the sample rate */
    double doppler_hz = 0;
    /*! Line of sight over the scattered power, dB, up to 100; -infinity: Rayleigh */
    double rician_k_db = -std::numeric_limits<double>::infinity();
    std::uint64_t seed = 1; // of noise and fading
};

/*!
 * Simulated channel: clock error, fading, carrier offset, white noise, in this order.
 * Same options and input, same octets out, on every machine and with any chunking.
 *
 * - Clock error: a sender's clock that is faster by P ppm leaves n / (1 + P 1e-6) samples
 * of n. Only the sampling is scaled; the carrier error that the same oscillator would
 * make is `offset_hz`.
 * - Fading: sum of sinusoids (fading.h), unit mean power, line of sight included.
 * - Noise: circular, mean power per complex sample `signal_power * sample_rate /
 * 10^(cn0_dbhz / 10)`.
 */
class channel
{
public:
    /*! \throws std::invalid_argument naming the option that is out of range */
    explicit channel(const channel_options& options);
    ~channel();

    /*! Appends what comes out. With a clock error the last samples wait for their
     * right-hand neighbours. */
    void process(const std::complex<float>* in,
                 std::size_t count,
                 std::vector<std::complex<float>>& out);

    /*! The input is over: appends the samples that waited. */
    void finish(std::vector<std::complex<float>>& out);

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/session.h"
#include "core/keys/named_key.h"
#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <vector>

namespace securevoice::apps {

using iq_samples = std::vector<std::complex<float>>;

/*! Draws that are the same on every machine. */
class draws
{
public:
    draws(std::uint64_t seed, std::uint64_t point, std::uint64_t call)
    {
        std::seed_seq all{ seed, seed >> 32, point, call };
        d_random.seed(all);
    }
    std::uint64_t bits() { return d_random(); }
    double between(double low, double high);

private:
    std::mt19937_64 d_random;
};

/*! Carrier offsets that a receiver has to bear: those of the plain modems are smaller. */
constexpr double largest_offset_hz(profile p) { return is_plain(p) ? 500 : 6000; }

/*! Between sender and receiver of one call. */
struct simulated_path {
    double sample_rate = 48000;
    double cn0_dbhz = 0;
    std::optional<double> offset_hz; // empty: drawn from +-max_offset_hz
    std::optional<double> clock_ppm; // empty: drawn from +-50
    double doppler_hz = 0;           // > 0: fading
    /*! Line of sight over scattered power, dB; -infinity: Rayleigh */
    double rician_k_db = -std::numeric_limits<double>::infinity();
    double drift_hz_per_s = 0;
    double max_offset_hz = 6000;
};

/*! A key of its own for every call: nothing is kept of it. */
key_ptr random_key();

voice_field random_voice(draws& random, codec c);

/*! A whole call, sealed as one kind and modulated: IQ of mean power 1, with a random phase. */
iq_samples send_call(const mode& m,
                     double sample_rate,
                     const key_ptr& key,
                     const std::vector<voice_field>& voices,
                     draws& random,
                     kind as = kind::secure);

/*! \throws std::invalid_argument for an option of the channel that is out of range */
iq_samples
through_path(const simulated_path& path, const iq_samples& sent, draws& random);

} // namespace securevoice::apps

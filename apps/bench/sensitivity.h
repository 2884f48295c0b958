/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace securevoice::apps {

/*! What is measured: the whole path, sealer to call receiver, acquisition included. */
struct sensitivity_setup {
    securevoice::mode mode;
    std::vector<double> cn0_dbhz;
    double seconds = 60;      // of voice at each C/N0
    double call_seconds = 15; // of one call
    std::uint64_t seed = 1; // of voice bits, noise, fading and errors of the oscillators
    double sample_rate = 48000;
    std::optional<double>
        offset_hz; // empty: drawn from +-6000 (a plain modem: +-500) for each call
    std::optional<double> clock_ppm; // empty: drawn from +-50 for each call
    double doppler_hz = 0;           // > 0: fading
    /*! Line of sight over scattered power, dB; -infinity: Rayleigh */
    double rician_k_db = -std::numeric_limits<double>::infinity();
    double drift_hz_per_s = 0;
    securevoice::kind kind = securevoice::kind::secure; // of all blocks
    std::size_t jobs = 1;
};

/*! Blocks of voice at one C/N0. */
struct sensitivity_point {
    double cn0_dbhz = 0;
    std::size_t calls = 0;
    std::size_t sent = 0;
    std::size_t played = 0;       // with the voice bits that were sent
    std::size_t wrong = 0;        // played with others: must never be
    std::size_t lost = 0;         // not played
    std::size_t calls_missed = 0; // of which nothing was played
};

/*! An interval in which the true rate lies. */
struct interval {
    double low;
    double high;
};

/*! 95 % interval of a rate (Wilson 1927), for independent events: in fading, where losses come in bursts, it is too narrow. */
interval wilson(std::size_t events, std::size_t trials);

/*!
 * Runs all calls on \p setup.jobs threads. The calls' draws do not depend on the number of threads; the salts and keys are random
 * each time.
 * \param progress told the share of the work that is done; called by one thread at a time
 * \throws std::invalid_argument
 */
std::vector<sensitivity_point>
measure_sensitivity(const sensitivity_setup& setup,
                    const std::function<void(double)>& progress);

} // namespace securevoice::apps

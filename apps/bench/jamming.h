/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/mode.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*!
 * What is measured: calls under a jammer who knows when each block begins. He sends white Gaussian noise, by default 20 dB above the signal in the bandwidth
 * of the symbol rate, for a share of the time, from the start frame on.
 */
struct jamming_setup {
    securevoice::mode mode;
    double cn0_dbhz = 50;
    double over_signal_db = 20;
    std::vector<double> duty{ 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5 };
    double seconds = 20;     // of voice for each jammer and duty cycle
    double call_seconds = 5; // voice of each call
    std::uint64_t seed = 1;
    double sample_rate = 48000;
    std::size_t jobs = 1;
};

/*! Which part of the time a jammer takes. */
struct jammer {
    std::string name;
    /*! \param duty share of the time, 0 ... 1
     * \param block  of the transmission; 0 is the start frame
     * \param symbol time in the block, symbols, 0 ... 384 */
    std::function<bool(double duty, std::size_t block, double symbol)> active;
};

/*! One pulse in each block, at several places, the sync word among them; pulses spread over the block; the pilots; whole blocks, singly
 * and in runs. */
const std::vector<jammer>& jammers();

struct jamming_point {
    double duty = 0;
    std::size_t jammer = 0; // its index in jammers()
    std::size_t sent = 0;   // voice blocks
    std::size_t played = 0; // with the voice bits that were sent
    std::size_t wrong = 0;  // played with others: must never be
    double loss() const
    {
        return 1 - static_cast<double>(played) / static_cast<double>(sent);
    }
};

/*!
 * All jammers at all duty cycles, by ascending duty cycle.
 * \param progress told the share of the work that is done; called by one thread at a time
 * \throws std::invalid_argument
 */
std::vector<jamming_point> measure_jamming(const jamming_setup& setup,
                                           const std::function<void(double)>& progress);

/*! The jammer that takes most at this duty cycle. */
const jamming_point& worst_jammer(const std::vector<jamming_point>& points, double duty);

} // namespace securevoice::apps

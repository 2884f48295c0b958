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
#include <vector>

namespace securevoice::apps {

/*!
 * Calls from microphone to loudspeaker on a simulated clock: every piece of speech, and what the transmitter made of it, is handed on
 * when its time has come and no sooner. Computing takes no time.
 */
struct latency_setup {
    std::vector<mode> modes;
    std::size_t calls = 5;
    double call_seconds = 5;
    double piece_ms = 10; // handed over at a time, of speech and of IQ: whole samples
    double cn0_dbhz = 60;
    double sample_rate = 48000;
    std::uint64_t seed = 1;
    std::size_t jobs = 1;
};

/*! All delays in ms. */
struct latency_point {
    securevoice::mode mode;
    std::size_t calls = 0;
    std::size_t sent = 0;  // blocks
    std::size_t heard = 0; // of these, with the voice bits that were sent
    double chain_mean =
        0; // first sample of a block into the microphone's buffer to first
           // sample out of the loudspeaker, the vocoder's own delay left out
    double chain_most = 0;
    double vocoder = 0;   // what Codec2 adds: speech through encoder and decoder alone
    double total = 0;     // microphone against loudspeaker, measured by themselves: mean
    std::size_t gaps = 0; // times that the loudspeaker or the transmitter had nothing to
                          // play in the middle of a call
};

/*! In the order of \p setup.modes. \throws std::invalid_argument */
std::vector<latency_point> measure_latency(const latency_setup& setup,
                                           const std::function<void(double)>& progress);

} // namespace securevoice::apps

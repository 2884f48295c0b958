/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/mode.h"

#include <cstdint>

namespace securevoice::apps {

struct cpu_setup {
    securevoice::mode mode;
    double cn0_dbhz = 45;
    double seconds = 30; // of signal, each measurement
    double sample_rate = 48000;
    std::uint64_t seed = 1;
};

/*! CPU time of this process, whatever else the machine does. */
struct cpu_load {
    double seal_us = 0;     // one secure block: cipher, tag, and opened again to check
    double verify_us = 0;   // one keyed verification that fails, as of a wrong candidate
    double open_us = 0;     // one that succeeds, with decryption
    double transmitter = 0; // CPU s for 1 s of signal; the vocoder included
    double receiver_call = 0;  // the same, with a call; the vocoder included
    double receiver_noise = 0; // and on noise
    double blocks_lost = 0;    // share, of the call that was received
    /*! Share of the receiver's CPU time that goes into opening one block a slot. */
    double share_of_security() const;
};

/*! \throws std::invalid_argument */
cpu_load measure_cpu(const cpu_setup& setup);

} // namespace securevoice::apps

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

/*!
 * CPU s of a receiver for 1 s of signal, by stage. The first three run alone on the same samples; tracking is what the demodulator takes
 * beyond them, decoding what the receiver takes beyond the demodulator.
 */
struct receiver_load {
    double front_end = 0; // filters to receive_rate, limit on impulses
    double search_filter = 0, search_linear = 0, search_constant = 0;
    double tracking = 0; // confirmation, late entry, tracking, soft bits
    double decoding = 0; // polar code, opening, vocoder
    double all = 0;      // measured as a whole
};

/*! CPU time of this process, whatever else the machine does. */
struct cpu_load {
    double seal_us = 0;     // one secure block: cipher, tag, and opened again to check
    double verify_us = 0;   // one keyed verification that fails, as of a wrong candidate
    double open_us = 0;     // one that succeeds, with decryption
    double transmitter = 0; // CPU s for 1 s of signal; the vocoder included
    receiver_load call;     // the vocoder included
    receiver_load noise;
    double blocks_lost = 0; // share, of the call that was received
    /*! Share of the receiver's CPU time that goes into opening one block a slot. */
    double share_of_security() const;
};

/*! \throws std::invalid_argument */
cpu_load measure_cpu(const cpu_setup& setup);

} // namespace securevoice::apps

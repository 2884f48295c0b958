/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/session.h"
#include "core/fec/polar.h"
#include "core/protocol/frames.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace securevoice {

/*! What a receiver says it hears. Made from verified blocks only. */
enum class heard_state : std::uint8_t {
    idle,             // nothing
    pending,          // a signal, nothing verified yet
    secure,           // verified secure voice
    clear,            // checked clear voice
    ended,            // END received
    cut_off,          // gone without END
    encrypted_no_key, // a good header, none of our keys
    unreadable        // a signal without a good header
};
const char* state_name(heard_state s);
const char* kind_name(kind k);

struct receiver_status {
    heard_state state = heard_state::idle;
    securevoice::kind kind = kind::none; // of the newest block played
    std::string key_name;                // of the session that verified; empty otherwise
    std::string codec;                   // empty while not known
    std::uint64_t heard = 0;   // blocks played
    std::uint64_t refused = 0; // decoded well but neither tag nor check fits, or a policy muted them
    std::uint64_t lost = 0;    // expected in a call that is heard, not decoded
    float cn0_dbhz = 0;        // of the newest frame; 0: none yet
    float offset_hz = 0;
    double time = 0; // s since the first sample
};

struct opener_options {
    std::vector<key_ptr> keys; // may be empty: then only clear is heard
    bool secure_only = false;  // clear blocks are refused
    std::size_t list = 32;     // largest list of the decoder
    /*! s since 1970; empty: the system's clock */
    std::function<std::int64_t()> clock;
};

/*!
 * Soft frames to heard blocks: error correction with the tag as its check, late entry, kinds. One instance follows
 * all trackers of one demodulator.
 */
class opener
{
public:
    using sink = std::function<void(const heard_block&)>;

    explicit opener(opener_options options);
    ~opener();

    void open(const soft_frame& frame, const sink& emit);

    const receiver_status& status() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

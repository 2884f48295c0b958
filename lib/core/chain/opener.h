/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/heard_transmission.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace securevoice {

/*! "idle", "pending", "secure", "clear", "ended", "cut off", "encrypted, no key",
 * "unreadable" */
const char* state_name(heard_state s);
/*! "secure", "clear", "none" */
const char* kind_name(kind k);

struct receiver_status {
    heard_state state = heard_state::idle;
    securevoice::kind kind = kind::none; // of the newest block played
    std::string key_name;                // of the session that verified; empty otherwise
    std::string codec;                   // empty while not known
    std::uint64_t heard = 0;             // blocks played
    std::uint64_t refused =
        0;                  // decoded well, but no tag or check fits or a rule mutes them
    std::uint64_t lost = 0; // expected in a call that is heard, not decoded
    float cn0_dbhz = 0;     // of the newest frame; 0: none yet
    float offset_hz = 0;
    double time = 0; // s since the first sample, of the newest frame
};

struct opener_options {
    std::vector<key_ptr> keys; // may be empty: then only clear is heard
    bool secure_only = false;  // clear blocks are refused
    std::size_t list = 32;     // largest list of the decoder
};

/*!
 * Soft frames to heard blocks: error correction with the tag as its check, late entry,
 * kinds. One instance follows all trackers of one demodulator and lets one call at a time
 * be heard.
 */
class opener
{
public:
    using sink = std::function<void(const heard_block&)>;

    /*! \throws std::invalid_argument if two keys are the same */
    explicit opener(opener_options options);
    ~opener();

    void open(const soft_frame& frame, const sink& emit);

    receiver_status status() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

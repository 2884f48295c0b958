/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_state.h"
#include "core/protocol/frames.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace securevoice {

class heard_signal;
struct heard_call;
class heard_transmission;
class voice_floor;

/*! "secure", "clear", "fm", "none" */
const char* kind_name(kind k);

struct receiver_status {
    heard_state state = heard_state::idle;
    securevoice::kind kind = kind::none; // of the newest block played
    std::string key_name;                // of the session that verified; empty otherwise
    bool old_key = false; // a key that is for receiving only, until its date
    std::string codec;    // empty while not known
    std::string reason;   // of `replay refused` and `delayed`: one sentence, else empty
    std::uint64_t heard = 0; // blocks played
    std::uint64_t refused =
        0; // decoded well, but no tag or check fits or a rule mutes them
    std::uint64_t replayed =
        0;                  // with a good tag or keyed octet, but not new or not from now
    std::uint64_t lost = 0; // expected in a call that is heard, not decoded
    std::uint64_t fm_heard = 0;   // 80 ms each, of FM that was played
    std::uint64_t fm_refused = 0; // and of FM that was not
    bool interference = false; // or attack: for 5 s most slots of a call of ours decoded
                               // well without a tag that fits
    bool recording = false;    // no rule of time and no memory holds
    // Of the call that is shown, at its newest verified block; none for clear of unknown
    // senders:
    std::optional<double> sent; // when it was sent by its sender's clock, s since 1970
    std::optional<double> age; // s between then and now, below 0 where the sender's clock
                               // is ahead; none in a recording
    std::optional<double>
        usual_age; // of the calls before under its key: a call that is held back comes
                   // later than those, whatever its sender's clock says
    std::string
        // of this computer's clock or the sender's: one sentence; empty: none
        clock_problem;
    std::string memory_problem; // of the replay memory: one sentence; empty: none
    float cn0_dbhz = 0;         // of the newest frame; 0: none yet
    float offset_hz = 0;
    double time = 0; // s since the first sample, of the newest frame
};

/*! Nothing is said of any call; counters stay. */
void forget_call(receiver_status& s);

/*!
 * What is said of a signal: of the call it brings that is heard or was heard last, else
 * of one that is past `pending`.
 * \param now by the host's clock, s since 1970: which keys are for receiving only
 */
void describe(const heard_signal& signal,
              const std::vector<heard_transmission>& brought,
              const voice_floor& floor,
              double now,
              receiver_status& s);

/*! Adds what a call counts, and what a signal that brings it counts. */
void count(const heard_call& call, receiver_status& s);
void count(const heard_transmission& brought, receiver_status& s);

/*! Says so where the call that is shown has a sender whose clock is ahead, unless this
 * computer's clock is wrong itself. */
void compare_clocks(receiver_status& s);

/*! The state and, with `secure`, the key: "secure, alpha", "secure, OLD key alpha". */
std::string state_text(const receiver_status& s);

} // namespace securevoice

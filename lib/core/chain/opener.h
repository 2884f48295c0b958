/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/heard_analog.h"
#include "core/chain/heard_transmission.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace securevoice {

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
    // Of the call that is shown, at its newest verified block; none for clear of unknown senders:
    std::optional<double> sent; // when it was sent by its sender's clock, s since 1970
    std::optional<double> age; // s between then and now, below 0 where the sender's clock
                               // is ahead; none in a recording
    std::optional<double>
        usual_age; // of the calls before under its key: a call that is held back comes
                   // later than those, whatever its sender's clock says
    std::string
        clock_problem; // of this computer's clock or the sender's: one sentence; empty: none
    std::string memory_problem; // of the replay memory: one sentence; empty: none
    float cn0_dbhz = 0;         // of the newest frame; 0: none yet
    float offset_hz = 0;
    double time = 0; // s since the first sample, of the newest frame
};

/*! The state and, with `secure`, the key: "secure, alpha", "secure, OLD key alpha". */
std::string state_text(const receiver_status& s);

struct opener_options {
    std::vector<key_ptr> keys; // may be empty: then only clear is heard
    bool secure_only = false;  // clear blocks, and FM, are refused
    bool unannounced_fm =
        false; // FM is played, too, that comes unannounced where a secure call is expected
    std::size_t list = 32; // largest list of the decoder
    replay_options replay; // without a memory: for recordings
};

/*!
 * Soft frames to heard blocks: error correction with the tag as its check, late entry,
 * kinds, replay rules. One instance follows all trackers of one demodulator and lets one call
 * at a time be heard.
 */
class opener
{
public:
    using sink = std::function<void(const heard_block&)>;

    static constexpr std::size_t max_keys = 16; // each costs a verification per header

    /*! \throws std::invalid_argument if two keys are the same or there are too many */
    explicit opener(opener_options options);
    ~opener();

    /*! A frame whose time is not a number within 1e9 s is passed over. */
    void open(const soft_frame& frame, const sink& emit);
    /*! Ends all calls and wipes their keys now; the next frame begins anew. */
    void hang_up(const sink& emit);
    /*! Wipes all keys now, in whatever call: nothing secure is heard from here on. */
    void zeroize(const sink& emit);

    receiver_status status() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

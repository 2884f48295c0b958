/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/receiver_status.h"
#include "core/chain/replay_guard.h"
#include "core/keys/named_key.h"
#include "core/protocol/frames.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace securevoice {

struct call_receiver_options {
    std::vector<key_ptr> keys; // may be empty: then only clear is heard
    bool secure_only = false;  // clear blocks, and FM, are refused
    bool unannounced_fm =
        // FM is played, too, that comes unannounced where a secure call is expected
        false;
    std::size_t list = 32; // largest list of the decoder
    replay_options replay; // without a memory: for recordings
};

/*!
 * Soft frames to heard blocks: error correction with the tag as its check, late entry,
 * kinds, replay rules. One instance follows all trackers of one demodulator and lets one
 * call at a time be heard.
 */
class call_receiver
{
public:
    using sink = std::function<void(const heard_block&)>;

    static constexpr std::size_t max_keys = 16; // each costs a verification per header

    /*! \throws std::invalid_argument if two keys are the same or there are too many */
    explicit call_receiver(call_receiver_options options);
    ~call_receiver();

    /*! A frame whose time is not a number within 1e9 s is passed over. */
    void receive(const soft_frame& frame, const sink& emit);
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

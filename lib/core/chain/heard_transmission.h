/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_state.h"
#include "core/chain/heard_calls.h"
#include "core/chain/held_slots.h"
#include "core/chain/replay_guard.h"
#include "core/chain/slot_decoder.h"
#include "core/keys/named_key.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace securevoice {

/*!
 * A call as one signal brings it, and what of it may be heard. Holds the rules that need
 * neither error correction nor memory: relock, when clear is unmuted and whose it is,
 * numbers that only grow, END, cut off. Each slot of the signal is told to it by exactly
 * one of opened(), refused(), missing(). What does not depend on the signal is the
 * call's: its keys, and what became of its numbers.
 */
class heard_transmission
{
public:
    using sink = std::function<void(const heard_block&)>;

    /*! How the transmission was found. */
    struct beginning {
        bool started = false;          // its start was heard: block 0 is expected
        bool from_start_frame = false; // the header came in it, not in pieces: its
                                       // tag counts as a verification
    };
    /*! What opened() did. */
    struct outcome {
        bool played = false; // something went out
        bool closed = false; // END was said by one who may say it: the salt is used up
        bool fm_follows = false; // said in the name of one who holds the key, and played
    };

    /*! \param call outlives this */
    heard_transmission(heard_call& call, beginning how, bool secure_only);

    heard_call& call() const { return *d_call; }
    const header& head() const { return d_call->head(); }
    const public_session& unkeyed() const { return d_call->unkeyed; }
    const receiving_session* session() const
    {
        return d_call->session ? &*d_call->session : nullptr;
    }
    const key_ptr& key() const { return d_call->key; }
    /*! A secure block was verified, or clear from the group heard: a header alone shows
     * nothing. */
    bool trusted() const
    {
        return d_verified || d_state.now() == heard_state::clear_group;
    }

    /*!
     * A slot that a tag or check fitted.
     * \param fresh what the replay rules say of it; for clear of its keyed octet
     * \param floor false: another call is being heard, stay silent
     */
    outcome opened(const soft_frame& frame,
                   const opened_slot& slot,
                   freshness fresh,
                   bool floor,
                   const sink& emit);
    /*! A slot that decoded well (its piece is ours) while neither tag nor check fits. */
    void refused(const soft_frame& frame, const sink& emit);
    /*! A slot in which nothing of this transmission was found. */
    void missing(const soft_frame& frame, const sink& emit);
    /*! The signal is gone. */
    void close(const sink& emit);
    /*! When its newest verified block was sent, and how old it was. */
    void timed(const call_timing& timing) { d_timing = timing; }
    const std::optional<call_timing>& timing() const { return d_timing; }
    /*! An earlier block, not to be played, was verified: the relock rule is satisfied. It
     * counts as lost where it was expected. */
    void unlock(std::uint32_t number);

    heard_state state() const { return d_state.now(); }
    bool live() const { return d_state.live(); }
    /*! It was heard, and is over or pauses: what its tracker hears now may be another
     * one. */
    bool pauses() const;
    bool closed() const { return d_closed; }
    securevoice::kind kind() const { return d_kind; }
    /*! Of the newest block that the replay rules refused. */
    freshness why_refused() const { return d_why; }
    /*! Blocks that were played as this signal brought them. */
    std::uint64_t played_count() const { return d_played; }
    std::uint64_t refused_count() const { return d_refused; }
    std::uint64_t replayed_count() const { return d_replayed; }

private:
    void take(const soft_frame& frame,
              const opened_slot& slot,
              freshness fresh,
              bool floor,
              const sink& emit);
    void
    opened_secure(const heard_block& block, std::uint8_t signalling, const sink& emit);
    void opened_clear(const heard_block& block,
                      const opened_slot& slot,
                      bool ours,
                      const sink& emit);
    void play(const heard_block& block, heard_event as, const sink& emit);
    void end(securevoice::kind k, bool ours, const sink& emit);
    void count(const heard_block& played);
    void reached(std::int64_t number);
    void hold(const heard_block& block, unsigned patience, const sink& emit);
    sink if_live(const sink& emit) const;
    void look_again(const soft_frame& frame, bool secure, const sink& emit);
    void mute(const soft_frame& frame, const sink& emit);
    void pass_slot(heard_block::action what, const soft_frame& frame, const sink& emit);
    void finish(heard_event why, const sink& emit);
    bool secure_is_alive() const;
    bool from_group() const;
    heard_block make_block(heard_block::action what, const soft_frame& frame) const;

    heard_call* d_call;
    bool d_secure_only;

    call_state d_state;
    securevoice::kind d_kind = kind::none;
    freshness d_why = freshness::fresh;
    std::optional<call_timing> d_timing;
    bool d_verified = false;      // a secure block was
    bool d_clear_follows = false; // said the newest secure block
    bool d_closed = false;
    bool d_fm_follows = false;
    unsigned d_unverified;       // slots since the newest verified tag
    unsigned d_silent = 0;       // slots since the newest block played
    unsigned d_clear_checks = 0; // the last slots, a bit each: did the public check fit?
    unsigned d_keyed = 0;   // the last clear blocks, a bit each: did the keyed octet fit?
    unsigned d_strange = 0; // good blocks in a row without key and without public check
    held_slots d_held;      // what waits for a second verification
    std::int64_t d_last = -1;       // newest number accepted from the sender
    std::int64_t d_last_clear = -1; // newest number of clear voice of anybody
    std::uint64_t d_played = 0;
    std::uint64_t d_refused = 0;
    std::uint64_t d_replayed = 0;
};

} // namespace securevoice

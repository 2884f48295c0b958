/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/slot_decoder.h"

#include <functional>
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

/*!
 * What is known of one transmission (one header) and what of it may be heard. Holds the
 * rules that need no error correction: relock, when clear is unmuted, numbers that only
 * grow, END, cut off. Each slot is told to it by exactly one of opened(), refused(),
 * missing().
 */
class heard_transmission
{
public:
    using sink = std::function<void(const heard_block&)>;

    /*!
     * \param session none: a transmission under a key that we do not have
     * \param started the start of the transmission was heard: block 0 is expected
     * \param announced the header came in the start frame, not in pieces: its tag counts as a verification
     */
    heard_transmission(const header& h,
                       std::optional<receiving_session> session,
                       std::string key_name,
                       bool started,
                       bool announced,
                       bool secure_only);

    const header& head() const { return d_public.head(); }
    const public_session& open() const { return d_public; }
    const receiving_session* session() const { return d_session ? &*d_session : nullptr; }
    /*! Empty until a secure block was verified: a header alone shows nothing. */
    std::string key_name() const { return d_verified ? d_key_name : ""; }

    /*! A slot that a tag or check fitted. \param floor false: another call is being
     * heard, stay silent */
    void opened(const soft_frame& frame,
                const opened_slot& slot,
                bool floor,
                const sink& emit);
    /*! A slot that decoded well (its piece is ours) while neither tag nor check fits. */
    void refused(const soft_frame& frame, const sink& emit);
    /*! A slot in which nothing of this transmission was found. */
    void missing(const soft_frame& frame, const sink& emit);
    /*! The signal is gone. */
    void close(const sink& emit);
    /*! An earlier block, not to be played, was verified: the relock rule is satisfied. */
    void unlock(std::uint32_t number);

    heard_state state() const { return d_state; }
    bool live() const
    {
        return d_state == heard_state::secure || d_state == heard_state::clear;
    }
    securevoice::kind kind() const { return d_kind; }
    std::uint64_t heard() const { return d_heard; }
    std::uint64_t refused_count() const { return d_refused; }
    std::uint64_t lost() const;

private:
    void play(const heard_block& block, std::uint8_t signalling, const sink& emit);
    void hold(const heard_block& block, unsigned limit, const sink& emit);
    void drop_held(const sink& emit);
    void mute(const soft_frame& frame, const sink& emit);
    void pass_slot(heard_block::action what, const soft_frame& frame, const sink& emit);
    void stop(heard_state why, const sink& emit);
    heard_block make_block(heard_block::action what, const soft_frame& frame) const;

    public_session d_public;
    std::optional<receiving_session> d_session;
    std::string d_key_name;
    bool d_secure_only;

    heard_state d_state = heard_state::pending;
    securevoice::kind d_kind = kind::none;
    bool d_verified = false; // a secure block was
    bool d_closed = false;   // END was said by one who may say it
    unsigned d_unverified;   // slots since the newest verified tag
    unsigned d_silent = 0;   // slots since the newest block played
    unsigned d_clear_checks =
        0;                  // the last four slots, a bit each: did the public check fit?
    unsigned d_strange = 0; // good blocks in a row without key and without public check
    std::vector<heard_block>
        d_held; // waiting for a second verification, with the slots after it
    unsigned d_held_left = 0; // slots it may still wait
    std::int64_t d_first;     // number of the first block expected; -1: none yet
    std::int64_t d_last = -1; // newest number accepted
    std::uint64_t d_heard = 0;
    std::uint64_t d_refused = 0;
    std::uint64_t d_refused_inside = 0; // of these, with numbers up to d_last
    std::uint64_t d_refused_after = 0;
};

} // namespace securevoice

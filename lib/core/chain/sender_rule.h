/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/constants.h"
#include "core/protocol/frames.h"

#include <cstdint>

namespace securevoice {

/*!
 * Which kind the next block is sent as, and what it says of those behind it: a state
 * machine that knows commands, marks of blocks and what is on the air, but no speech, key
 * or clock. Each command and block is told to it once, in their order.
 *
 * `secure` acts at once. `clear` and `fm` act on blocks whose mark says that they were
 * captured after the command; until then what was sent before goes on. Clear never
 * follows a secure block that did not announce it. Transmissions begin as `first` says;
 * after a `secure` all of them do so secure.
 */
class sender_rule
{
public:
    struct options {
        kind first = kind::secure; // of each transmission
        bool allow_clear = false;
        bool allow_fm = false;
    };
    /*! What a block says of itself, as in spoken_block. */
    struct marks {
        std::uint64_t commanded = 0;
        kind commanded_kind = kind::none;
        bool analog = false; // it holds its samples
        bool last = false;   // of its transmission
    };
    enum class on_air : std::uint8_t {
        nothing,
        digital,
        last_number, // digital, and this block's number is the last for speech
        fm
    };
    /*! What is done with the 80 ms of a block. */
    struct decision {
        kind sends = kind::secure; // none: the start frame takes its time, behind FM
        bool start = false;        // a start frame is due
        bool closes = false; // it ends its digital transmission, and two more say so
        bool to_fm = false;  // it ends it, for FM follows at once
        bool clear_follows = false;
        bool fm_follows = false;
        bool unmarked = false; // as in sender_status
        bool unasked = false;
    };

    static constexpr std::int64_t armed_seconds = 10; // an unused `clear` lapses
    static constexpr std::uint32_t unmarked_blocks =
        138; // 11 s: the Voice Encoder lets a command wait for 10.2 s

    explicit sender_rule(const options& o) : d_options(o) { back_to_first(); }

    /*!
     * \param given, skew as told to sealer::command()
     * \param now s, by any clock that goes on
     * \throws std::invalid_argument if it is not allowed, or no kind: it changes nothing
     * then
     */
    void command(kind k, std::uint64_t given, std::uint64_t skew, std::int64_t now);
    /*! `secure` was commanded and cannot be had: what waits is taken back. */
    void revoke(std::uint64_t given);
    /*! The transmission is over: a `clear` or `fm` ends with it. */
    void back_to_first() { d_wanted = d_current = d_options.first; }
    /*! The keys are gone: nothing is sent unless clear or FM is commanded anew. */
    void zeroize();

    /*! A transmission begins. \return whether it does with a start frame; else with FM */
    bool begin(const marks& start, std::int64_t now);
    /*! A block of speech. */
    decision decide(const marks& block, on_air air);

    kind wanted() const { return d_wanted; }
    /*! When the newest `clear` or `fm` that was obeyed was given. */
    std::uint64_t given() const { return d_given; }

private:
    bool permitted(const marks& block) const;
    bool is_from_before(const marks& block) const;
    kind choose(const marks& block) const;
    void compare_commands(const marks& block, decision& d);

    options d_options;
    kind d_wanted = kind::secure;
    kind d_current =
        kind::secure;          // until a command acts: a repeated one needs no new mark
    std::uint64_t d_given = 0; // when the newest `clear` or `fm` obeyed was given
    std::uint64_t d_skew = 0;  // of that command
    std::uint64_t d_known_of = 0; // the same, of all commands, the refused ones included
    std::uint64_t d_revoked = 0;  // when the newest `secure` was given, refused or not
    std::uint32_t d_unmarked = 0; // blocks in a row without the mark that is waited for
    std::int64_t d_armed_at = 0;  // time of the newest `clear` or `fm` obeyed, s
    // The newest block of this session is secure and does not say that clear follows.
    bool d_unannounced = false;
};

} // namespace securevoice

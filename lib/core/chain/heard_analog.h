/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_state.h"

#include <cstdint>

namespace securevoice {

/*!
 * What of FM may be heard (docs/protocol.md, 6.9). FM has nothing that could be verified.
 * A listener to secure calls expects no FM unless such a call announced it: a block that
 * is played and says 'FM follows' permits the one carrier that begins then; it ends with
 * that carrier, or by the next verified secure block.
 */
class heard_analog
{
public:
    /*! s after the newest verified secure block in which FM has to be announced */
    static constexpr double expects_secure = 60;
    /*! s without modulation, then a carrier is nobody's: a receiver's own direct current
     * looks like one */
    static constexpr double longest_pause = 3;
    /*! s from the newest block that announced FM to the first 80 ms of its carrier: a
     * block that is lost between them, and a squelch that opens late */
    static constexpr double announced_for = 1;

    /*! \param secure_only nothing is heard \param unannounced FM that nobody announced is
     * heard, too */
    heard_analog(bool secure_only, bool unannounced)
        : d_secure_only(secure_only), d_play_unannounced(unannounced)
    {
    }

    /*! A secure block was verified: digital voice is there. */
    void secure(double time);
    /*! A block of the call that is heard said that FM follows: its END, or one before
     * it. */
    void announced(double time);
    /*! FM that begins now was announced by the call that is heard: it need not wait for
     * the floor. */
    bool awaited(double time) const
    {
        return d_permission == permission::given &&
               time - d_announced_at <= announced_for;
    }
    /*! Digital clear voice is heard. */
    void digital() { lost(); }
    /*! 80 ms of FM. \param free no other call is being heard \param spoken it is
     * modulated \return whether it may be heard */
    bool hear(double time, bool free, bool spoken);
    /*! The carrier is gone. */
    void lost();

    /*! idle, fm or fm_unannounced */
    heard_state state() const { return d_state.now(); }
    bool there() const { return state() != heard_state::idle; }
    std::uint64_t played() const { return d_played; }   // frames
    std::uint64_t refused() const { return d_refused; } // frames

private:
    enum class permission : std::uint8_t {
        none,
        given, // for a carrier that is still to come
        used   // by the carrier that is there
    };
    void rest();

    bool d_secure_only;
    bool d_play_unannounced;
    call_state d_state;
    permission d_permission = permission::none;
    double d_announced_at = -1e9;
    bool d_carrier = false; // it goes on
    bool d_expected = true; // since it began
    double d_secure_at = -1e9;
    double d_spoken_at = -1e9; // newest modulation
    std::uint64_t d_played = 0;
    std::uint64_t d_refused = 0;
};

} // namespace securevoice

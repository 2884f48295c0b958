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
 * What of FM may be heard (docs/protocol.md, 6.9). FM has nothing that could be verified. A listener to secure calls expects no FM unless such a call announced it: the
 * permission comes from the END of a call that says 'FM follows', and the next verified secure block withdraws it.
 */
class heard_analog
{
public:
    /*! s after the newest verified secure block in which FM has to be announced */
    static constexpr double expects_secure = 60;
    /*! s without modulation, then a carrier is nobody's: a receiver's own direct current looks like one */
    static constexpr double longest_pause = 3;

    /*! \param secure_only nothing is heard \param unannounced FM that nobody announced is heard, too */
    heard_analog(bool secure_only, bool unannounced)
        : d_secure_only(secure_only), d_play_unannounced(unannounced)
    {
    }

    /*! A secure block was verified: digital voice is there. */
    void secure(double time);
    /*! The END of the call that is heard said that FM follows. */
    void announced(double time)
    {
        d_permitted = true;
        d_spoken_at = time; // he will speak
    }
    /*! Digital clear voice is heard. */
    void digital() { lost(); }
    /*! 80 ms of FM. \param free no other call is being heard \param spoken it is modulated \return whether it may be heard */
    bool hear(double time, bool free, bool spoken);
    /*! The carrier is gone. */
    void lost();

    /*! idle, fm or fm_unannounced */
    heard_state state() const { return d_state.now(); }
    bool there() const { return state() != heard_state::idle; }
    std::uint64_t heard() const { return d_heard; }     // frames
    std::uint64_t refused() const { return d_refused; } // frames

private:
    bool d_secure_only;
    bool d_play_unannounced;
    call_state d_state;
    bool d_permitted = false;
    bool d_carrier = false; // it goes on
    bool d_expected = true; // since it began
    double d_secure_at = -1e9;
    double d_spoken_at = -1e9; // newest modulation
    std::uint64_t d_heard = 0;
    std::uint64_t d_refused = 0;
};

} // namespace securevoice

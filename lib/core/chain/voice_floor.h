/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/header.h"

#include <cstdint>
#include <functional>

namespace securevoice {

/*!
 * Who is heard: one call at a time, or FM (docs/protocol.md, 6.6 rule 9 and 6.9 rule 5).
 * Knows what was let out, and when; what may be let out at all is decided before it is
 * asked.
 */
class voice_floor
{
public:
    using sink = std::function<void(const heard_block&)>;

    static constexpr double floor_seconds = 0.5; // of silence, then another call is heard
    static constexpr double call_seconds = 1;    // of silence, then a call is over
    static constexpr double jitter = 0.01; // s, of a block's time, from signal to signal

    /*! Whether a block with a good tag or check is heard if it is played now. Changes
     * nothing. */
    bool may_speak(const header& call, kind k, std::uint32_t signal, double time) const;
    /*! FM has its turn. */
    bool is_free_for_fm(double time) const;
    /*! Silence went out in the place of this call's block: speech must not become longer
     * than it was, nor fall behind for the rest of the call. */
    bool has_passed(const header& call, double time) const;

    /*! None: nobody is heard. */
    kind holder() const { return d_kind; }
    bool is_call(const header& call) const;
    bool is_signal(std::uint32_t signal) const;
    bool holds(const header& call, std::uint32_t signal) const;
    bool fm_was_newest() const { return d_fm_was_newest; } // of all that was played

    /*! A block of a call is going to be played. Emits what goes before it: the end of who
     * was heard. */
    void take(const heard_block& block,
              const header& call,
              std::uint32_t signal,
              const sink& emit);
    /*! The same for FM. */
    void take_for_fm(double time, const sink& emit);
    /*! A slot of the call that is heard went out. */
    void went_out(const heard_block& block);
    /*! Emits the end of who is heard. */
    void leave(const sink& emit);

private:
    static constexpr double long_ago = -1e9; // s
    void hold(kind k, const header& call, std::uint32_t signal, double time);
    void end(const sink& emit) const;

    kind d_kind = kind::none;
    header d_call;
    std::uint32_t d_signal = 0;
    double d_time = 0;             // s, of the newest block that was taken
    double d_played_at = long_ago; // of the newest one that was played, anybody's
    bool d_fm_was_newest = false;
    header d_concealed; // the call for whose block silence went out last
    double d_concealed_at = long_ago;
};

} // namespace securevoice

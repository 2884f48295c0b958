/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/heard_analog.h"
#include "core/chain/heard_transmission.h"
#include "core/chain/interference_alarm.h"
#include "core/chain/replay_guard.h"
#include "core/chain/voice_floor.h"
#include "core/protocol/frames.h"

#include <functional>

namespace securevoice {

struct receiver_status;

/*!
 * What of the opened slots, and of FM, goes out: whether a block is new, whose turn it
 * is, and what that means for the others. It is told of each slot by the signal's
 * heard_transmission; what that says goes out while it holds the floor.
 */
class playout
{
public:
    using sink = std::function<void(const heard_block&)>;

    /*! What opened() means for the call, which others may bring, too. */
    struct result {
        bool heard = false; // by one who has the key, or by anybody where nobody has
        bool over = false;
    };

    playout(bool secure_only, bool unannounced_fm, const replay_options& replay)
        : d_guard(replay), d_analog(secure_only, unannounced_fm), d_replay(replay)
    {
    }

    /*! A slot that a tag or check of this transmission fitted. */
    result opened(heard_transmission& t,
                  const soft_frame& frame,
                  const opened_slot& slot,
                  const sink& emit);
    /*! An earlier slot of it, looked at again: not to be played any more. */
    void
    opened_late(heard_transmission& t, const soft_frame& frame, const opened_slot& slot);
    void refused(heard_transmission& t, const soft_frame& frame, const sink& emit);
    void missed(heard_transmission& t, const soft_frame& frame, const sink& emit);
    /*! The signal is gone. */
    void close(heard_transmission& t, std::uint32_t track, const sink& emit);
    /*! 80 ms of FM. */
    void analog(const soft_frame& frame, const sink& emit);
    void carrier_lost(const sink& emit);
    /*! A slot decoded well; nobody has verified it. */
    void strange(double time) { d_alarm.strange(time); }
    /*! Ends whoever is heard. */
    void hang_up(const sink& emit);
    /*! Forgets what was accepted under keys that are wiped; the memory on disk stays. */
    void forget() { d_guard = replay_guard(d_replay); }

    const voice_floor& floor() const { return d_floor; }
    double now() const { return d_guard.now(); } // host time, s since 1970
    /*! FM, the alarm, clocks and memory; FM that is there takes the place of a call. */
    void describe(receiver_status& s) const;

private:
    freshness
    freshness_of(heard_transmission& t, const soft_frame& frame, const opened_slot& slot);
    template <typename Event>
    void let_out(heard_transmission& t,
                 std::uint32_t track,
                 const Event& happens,
                 const sink& emit);

    replay_guard d_guard;
    interference_alarm d_alarm;
    heard_analog d_analog;
    voice_floor d_floor;
    replay_options d_replay;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/playout.h"

#include "core/chain/receiver_status.h"
#include "core/crypto/secret_memory.h"

#include <deque>

namespace securevoice {

freshness playout::freshness_of(heard_transmission& t,
                                const soft_frame& frame,
                                const opened_slot& slot)
{
    if (!t.session() || (slot.kind == kind::clear && !slot.ours))
        return freshness::fresh;
    t.timed(d_guard.timing(*t.session(), t.key()->key, frame.number));
    return d_guard.judge(*t.session(), t.key()->key, frame.number, frame.time);
}

playout::result playout::opened(heard_transmission& t,
                                const soft_frame& frame,
                                const opened_slot& slot,
                                const sink& emit)
{
    const auto fresh = freshness_of(t, frame, slot);
    const bool secure = slot.kind == kind::secure;
    const auto accept = [&] {
        d_guard.accept(*t.session(), t.key()->key, frame.number, frame.time);
        d_alarm.verified(frame.time);
    };
    const bool usable = t.session() && fresh == freshness::fresh;
    if (usable && secure) {
        accept(); // before it can be heard
        d_analog.secure(frame.time);
        if (!(slot.text[0] & signal_end) && d_floor.has_passed(t.head(), frame.time)) {
            missed(t, frame, emit);
            t.unlock(frame.number);
            return {};
        }
    }
    const bool turn = d_floor.may_speak(t.head(), slot.kind, frame.track, frame.time);
    heard_transmission::outcome done;
    let_out(
        t,
        frame.track,
        [&](const auto& out) { done = t.opened(frame, slot, fresh, turn, out); },
        emit);
    if (usable && slot.ours && t.state() == heard_state::clear_group)
        accept();
    if (done.fm_follows)
        d_analog.announced(frame.time);
    if (t.session() && done.closed) {
        if (secure) // a clear END is worth too little for that
            d_guard.close(*t.session(), t.key()->key);
        d_alarm.end();
    }
    return { done.played && (t.trusted() || !t.session()), t.closed() };
}

void playout::opened_late(heard_transmission& t,
                          const soft_frame& frame,
                          const opened_slot& slot)
{
    const auto fresh = freshness_of(t, frame, slot);
    // new to this receiver, if not to this signal
    if (fresh == freshness::fresh || fresh == freshness::second_look)
        t.unlock(frame.number);
}

void playout::refused(heard_transmission& t, const soft_frame& frame, const sink& emit)
{
    let_out(
        t, frame.track, [&](const auto& out) { t.refused(frame, out); }, emit);
}

void playout::missed(heard_transmission& t, const soft_frame& frame, const sink& emit)
{
    let_out(
        t, frame.track, [&](const auto& out) { t.missing(frame, out); }, emit);
}

void playout::close(heard_transmission& t, std::uint32_t track, const sink& emit)
{
    let_out(
        t, track, [&](const auto& out) { t.close(out); }, emit);
}

/*! Something happens to a transmission; what it says then goes out while it holds the
 * floor. */
template <typename Event>
void playout::let_out(heard_transmission& t,
                      std::uint32_t track,
                      const Event& happens,
                      const sink& emit)
{
    std::deque<heard_block> said;
    happens([&said](const heard_block& block) { said.push_back(block); });
    for (auto& block : said) {
        if (block.what == heard_block::action::play) {
            if (d_floor.holder() == kind::fm)
                d_analog.digital();
            d_floor.take(block, t.head(), track, emit);
        }
        if (d_floor.holds(t.head(), track)) {
            emit(block);
            d_floor.went_out(block);
        }
        wipe_memory(block.voice.data(), block.voice.size());
    }
}

void playout::analog(const soft_frame& frame, const sink& emit)
{
    // Where the END was lost, the call that announced FM still holds the floor.
    const bool free = d_floor.is_free_for_fm(frame.time) || d_analog.awaited(frame.time);
    if (!d_analog.hear(frame.time, free, frame.spoken != 0)) {
        if (!d_analog.there())
            carrier_lost(emit);
        return;
    }
    d_floor.take_for_fm(frame.time, emit);
    heard_block block;
    block.kind = kind::fm;
    block.time = frame.time;
    block.speech = frame.speech;
    emit(block);
}

void playout::carrier_lost(const sink& emit)
{
    d_analog.lost();
    if (d_floor.holder() == kind::fm)
        d_floor.leave(emit);
}

void playout::hang_up(const sink& emit)
{
    d_floor.leave(emit);
    d_analog.lost();
}

void playout::describe(receiver_status& s) const
{
    if (d_analog.there()) {
        const auto newest = s.kind;
        forget_call(s);
        s.kind = newest;
        s.state = d_analog.state();
    }
    if (d_floor.fm_was_newest())
        s.kind = kind::fm;
    s.fm_heard = d_analog.played();
    s.fm_refused = d_analog.refused();
    s.interference = d_alarm.raised();
    s.recording = !d_guard.live();
    s.clock_problem = d_guard.clock_problem();
    compare_clocks(s);
    s.memory_problem = d_guard.problem();
}

} // namespace securevoice

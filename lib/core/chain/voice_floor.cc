/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/voice_floor.h"

#include <algorithm>
#include <limits>

namespace securevoice {

namespace {

constexpr double longest_gap =
    0.25; // s: from the last 80 ms of FM to the digital voice behind it
constexpr double at_once = -std::numeric_limits<double>::infinity();
constexpr double never = std::numeric_limits<double>::infinity();

/*! Who asks, seen from the call that is heard. */
enum class asks : std::uint8_t { same_signal, other_signal, other_call };

struct row {
    asks who;
    kind brings;
    kind holder; // of who has the floor
    double silence;
};

// s of silence after which a block is heard. Clear voice by another signal under the
// header that is heard may be anybody's;
// and while a secure call lives, clear voice of another one stays muted.
constexpr row table[] = {
    { asks::same_signal, kind::secure, kind::secure, at_once },
    { asks::same_signal, kind::secure, kind::clear, at_once },
    { asks::same_signal, kind::clear, kind::secure, at_once },
    { asks::same_signal, kind::clear, kind::clear, at_once },
    { asks::other_signal, kind::secure, kind::secure, at_once },
    { asks::other_signal, kind::secure, kind::clear, at_once },
    { asks::other_signal, kind::clear, kind::secure, voice_floor::call_seconds },
    { asks::other_signal, kind::clear, kind::clear, voice_floor::floor_seconds },
    { asks::other_call, kind::secure, kind::secure, voice_floor::floor_seconds },
    { asks::other_call, kind::secure, kind::clear, at_once },
    { asks::other_call, kind::clear, kind::secure, never },
    { asks::other_call, kind::clear, kind::clear, voice_floor::floor_seconds },
};

} // namespace

bool voice_floor::may_speak(const header& call,
                            kind k,
                            std::uint32_t signal,
                            double time) const
{
    // Nothing is heard twice: another signal may bring what was played. Of secure blocks
    // the numbers tell.
    const bool newer = time > d_played_at + jitter;
    if (!newer && (k == kind::clear || d_fm_was_newest))
        return false;
    if (d_kind == kind::none || d_kind == kind::fm)
        return true;
    const auto who = holds(call, signal) ? asks::same_signal
                     : call == d_call    ? asks::other_signal
                                         : asks::other_call;
    const auto* const fits =
        std::find_if(std::begin(table), std::end(table), [&](const row& r) {
            return r.who == who && r.brings == k && r.holder == d_kind;
        });
    return fits != std::end(table) && time - d_time > fits->silence;
}

bool voice_floor::is_free_for_fm(double time) const
{
    return d_kind == kind::none || d_kind == kind::fm || time - d_time > floor_seconds;
}

bool voice_floor::has_passed(const header& call, double time) const
{
    return call == d_concealed && time < d_concealed_at + jitter;
}

bool voice_floor::is_call(const header& call) const
{
    return d_kind != kind::none && call == d_call;
}

bool voice_floor::is_signal(std::uint32_t signal) const
{
    return d_kind != kind::none && signal == d_signal;
}

bool voice_floor::holds(const header& call, std::uint32_t signal) const
{
    return is_call(call) && is_signal(signal);
}

void voice_floor::take(const heard_block& block,
                       const header& call,
                       std::uint32_t signal,
                       const sink& emit)
{
    if (d_kind == kind::fm) {
        // The start frame of what follows FM took its time.
        heard_block gap;
        gap.what = heard_block::action::mute;
        gap.time = d_time + block_seconds;
        for (; gap.time < std::min(block.time, d_time + longest_gap) - block_seconds / 2;
             gap.time += block_seconds)
            emit(gap);
    }
    if (d_kind != kind::none && call != d_call)
        end(emit);
    d_fm_was_newest = false;
    // A block that waited for its header is from then, and those behind it are still to
    // come.
    hold(block.kind, call, signal, block.time);
}

void voice_floor::take_for_fm(double time, const sink& emit)
{
    if (d_kind != kind::none && d_kind != kind::fm)
        end(emit);
    d_fm_was_newest = true;
    hold(kind::fm, {}, 0, time);
}

void voice_floor::hold(kind k, const header& call, std::uint32_t signal, double time)
{
    d_kind = k;
    d_call = call;
    d_signal = signal;
    d_time = time;
    d_played_at = std::max(d_played_at, time);
}

void voice_floor::went_out(const heard_block& block)
{
    if (block.what == heard_block::action::conceal) {
        d_concealed = d_call;
        d_concealed_at = block.time;
    }
    if (block.what == heard_block::action::finish)
        d_kind = kind::none;
}

void voice_floor::leave(const sink& emit)
{
    if (d_kind == kind::none)
        return;
    end(emit);
    d_kind = kind::none;
}

void voice_floor::end(const sink& emit) const
{
    heard_block finish;
    finish.what = heard_block::action::finish;
    finish.kind = d_kind;
    emit(finish);
}

} // namespace securevoice

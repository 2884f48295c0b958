/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/heard_transmission.h"

#include <algorithm>
#include <utility>

namespace securevoice {

namespace {

// docs/protocol.md, 6.6
constexpr unsigned relock_after = 4; // slots without a verified block
constexpr unsigned relock_within = 8;
constexpr unsigned clear_window = 4;   // slots, of which two must pass the public check
constexpr unsigned cut_off_after = 12; // slots: 1 s
constexpr unsigned no_key_after = 8;   // good blocks without a check

bool silent_voice(const voice_field& voice)
{
    return std::all_of(voice.begin(), voice.end(), [](std::uint8_t v) { return v == 0; });
}

bool two_of_four(unsigned checks)
{
    const unsigned window = checks & 0xF;
    return (window & (window - 1)) != 0;
}

} // namespace

heard_transmission::heard_transmission(const header& h,
                                       std::optional<receiving_session> session,
                                       std::string key_name,
                                       bool started,
                                       bool announced,
                                       bool secure_only)
    : d_public(h),
      d_session(std::move(session)),
      d_key_name(std::move(key_name)),
      d_secure_only(secure_only),
      // The keyed header tag of a start frame stands for the first of two verifications.
      d_unverified(announced ? 0 : relock_after),
      d_first(started ? 0 : -1)
{
}

std::uint64_t heard_transmission::lost() const
{
    const auto expected = d_first < 0 || d_last < d_first
                              ? 0
                              : static_cast<std::uint64_t>(d_last - d_first + 1);
    const auto known = d_heard + d_refused_inside;
    return expected > known ? expected - known : 0;
}

heard_block heard_transmission::make_block(heard_block::action what,
                                           const soft_frame& frame) const
{
    heard_block block;
    block.what = what;
    block.kind = d_kind;
    block.codec = static_cast<std::uint8_t>(mode_from_code(head().mode_code()).codec);
    block.number = frame.number;
    block.time = frame.time;
    return block;
}

void heard_transmission::opened(const soft_frame& frame,
                                const opened_slot& slot,
                                bool floor,
                                const sink& emit)
{
    const bool secure = slot.kind == kind::secure;
    const bool repeated = static_cast<std::int64_t>(frame.number) <= d_last;
    const bool end = slot.text[0] & signal_end;
    if (d_state == heard_state::ended && (d_closed || end)) {
        if (repeated || !end)
            ++d_refused;
        return;
    }
    d_strange = 0;
    if (repeated || !floor || (d_secure_only && !secure)) {
        mute(frame, emit);
        return;
    }

    auto block = make_block(heard_block::action::play, frame);
    block.kind = slot.kind;
    std::copy(slot.text.begin() + 1, slot.text.end(), block.voice.begin());
    // The two blocks after the last one repeat END and carry no voice.
    if (end && silent_voice(block.voice))
        block.what = heard_block::action::mute;

    const bool held_fits = !d_held.empty() && d_held.front().kind == slot.kind;
    if (!d_held.empty() && !held_fits)
        drop_held(emit);
    if (secure) {
        d_verified = true;
        d_clear_checks = 0;
        if (held_fits || d_unverified < relock_after)
            play(block, slot.text[0], emit);
        else
            hold(block, relock_within - 1, emit);
        d_unverified = 0;
    } else {
        d_clear_checks = d_clear_checks << 1 | 1;
        ++d_unverified;
        if (two_of_four(d_clear_checks))
            play(block, slot.text[0], emit);
        else
            hold(block, clear_window - 1, emit);
    }
}

void heard_transmission::play(const heard_block& block,
                              std::uint8_t signalling,
                              const sink& emit)
{
    const bool end = signalling & signal_end;
    const bool voice = block.what == heard_block::action::play;
    if (d_first < 0)
        d_first = d_held.empty() ? block.number : d_held.front().number;
    for (const auto& held : d_held) {
        if (held.what == heard_block::action::play)
            ++d_heard;
        emit(held);
    }
    d_held.clear();
    d_refused_inside += std::exchange(d_refused_after, 0);
    d_last = static_cast<std::int64_t>(block.number) - (voice ? 0 : 1);
    d_silent = 0;
    d_kind = block.kind;
    d_state = block.kind == kind::secure ? heard_state::secure : heard_state::clear;
    if (voice) {
        ++d_heard;
        emit(block);
    }
    if (end) {
        // Anybody can make a clear block: its END is the last word only where nothing secure was heard.
        d_closed = block.kind == kind::secure || !d_verified;
        stop(heard_state::ended, emit);
    }
}

void heard_transmission::hold(const heard_block& block, unsigned limit, const sink& emit)
{
    drop_held(emit);
    d_held.push_back(block);
    d_held_left = limit;
    // Its number is used up, whether it will be played or not.
    d_last = std::max<std::int64_t>(d_last, block.number);
}

/*! Gives up what was held: its slots pass in silence. */
void heard_transmission::drop_held(const sink& emit)
{
    if (live())
        for (auto& held : d_held) {
            held.what = heard_block::action::mute;
            emit(held);
        }
    d_held.clear();
}

void heard_transmission::mute(const soft_frame& frame, const sink& emit)
{
    ++d_refused;
    if (static_cast<std::int64_t>(frame.number) > d_last)
        ++d_refused_after;
    if (d_state != heard_state::ended)
        pass_slot(heard_block::action::mute, frame, emit);
}

void heard_transmission::refused(const soft_frame& frame, const sink& emit)
{
    mute(frame, emit);
    if (d_state == heard_state::ended)
        return;
    if (!d_session && ++d_strange >= no_key_after) {
        if (live())
            stop(heard_state::encrypted_no_key, emit);
        d_state = heard_state::encrypted_no_key;
    }
}

void heard_transmission::missing(const soft_frame& frame, const sink& emit)
{
    if (d_state != heard_state::ended)
        pass_slot(heard_block::action::conceal, frame, emit);
}

void heard_transmission::pass_slot(heard_block::action what,
                                   const soft_frame& frame,
                                   const sink& emit)
{
    ++d_unverified;
    d_clear_checks <<= 1;
    if (live() && ++d_silent > cut_off_after) {
        stop(heard_state::cut_off, emit);
        return;
    }
    if (!d_held.empty()) {
        if (d_held_left-- > 0)
            d_held.push_back(make_block(what, frame));
        else
            drop_held(emit);
    }
    if (d_held.empty() && live())
        emit(make_block(what, frame));
}

void heard_transmission::close(const sink& emit)
{
    if (live())
        stop(heard_state::cut_off, emit);
}

void heard_transmission::stop(heard_state why, const sink& emit)
{
    d_held.clear();
    d_state = why;
    heard_block block;
    block.what = heard_block::action::finish;
    block.kind = d_kind;
    emit(block);
}

void heard_transmission::unlock(std::uint32_t number)
{
    d_unverified = 0;
    d_last = std::max<std::int64_t>(d_last, number);
}

} // namespace securevoice

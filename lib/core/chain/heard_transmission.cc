/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/heard_transmission.h"

#include <algorithm>
#include <bitset>
#include <utility>

namespace securevoice {

namespace {

// docs/protocol.md, 6.6
constexpr unsigned relock_after = 4;   // slots without a verified block
constexpr unsigned relock_within = 8;  // slots in which a second block must verify
constexpr unsigned clear_window = 4;   // slots, of which two must pass the public check
constexpr unsigned group_octets = 3;   // of the last four keyed octets must fit
constexpr unsigned cut_off_after = 12; // slots: 1 s
constexpr unsigned no_key_after = 8;   // good blocks without a check

bool silent_voice(const voice_field& voice)
{
    return std::all_of(voice.begin(), voice.end(), [](std::uint8_t v) { return v == 0; });
}

std::size_t of_last_four(unsigned bits) { return std::bitset<4>(bits & 0xF).count(); }

} // namespace

heard_transmission::heard_transmission(heard_call& call, beginning how, bool secure_only)
    : d_call(&call),
      d_secure_only(secure_only),
      // The keyed header tag of a start frame stands for the first of two verifications.
      d_unverified(how.from_start_frame ? 0 : relock_after)
{
    if (how.started)
        call.numbers.expect_from(0);
    d_state.on(heard_event::signal);
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

bool heard_transmission::secure_is_alive() const
{
    return d_verified && d_unverified <= cut_off_after;
}

bool heard_transmission::pauses() const
{
    return d_played > 0 && (!live() || d_silent >= relock_after);
}

bool heard_transmission::from_group() const
{
    return of_last_four(d_keyed) >= group_octets;
}

heard_transmission::outcome heard_transmission::opened(const soft_frame& frame,
                                                       const opened_slot& slot,
                                                       freshness fresh,
                                                       bool floor,
                                                       const sink& emit)
{
    const auto played_before = d_played;
    const bool was_closed = d_closed;
    d_fm_follows = false;
    take(frame, slot, fresh, floor, emit);
    return { d_played > played_before, d_closed && !was_closed, d_fm_follows };
}

void heard_transmission::take(const soft_frame& frame,
                              const opened_slot& slot,
                              freshness fresh,
                              bool floor,
                              const sink& emit)
{
    const bool secure = slot.kind == kind::secure;
    const auto number = static_cast<std::int64_t>(frame.number);
    const bool repeated = number <= d_last || (!secure && number <= d_last_clear);
    const bool end = slot.text[0] & signal_end;
    // One signal does not bring a block twice: another one brought it before.
    if (fresh == freshness::second_look && !repeated && (secure || slot.ours)) {
        look_again(frame, secure, emit);
        return;
    }
    if (state() == heard_state::ended && (d_closed || end)) {
        if (repeated || !end)
            ++d_refused;
        return;
    }
    d_strange = 0;
    if (fresh != freshness::fresh && fresh != freshness::second_look &&
        (secure || slot.ours)) {
        ++d_replayed;
        d_why = fresh;
        d_state.on(is_delay(fresh) ? heard_event::delayed : heard_event::replayed);
    }
    if (repeated || !floor || (secure ? fresh != freshness::fresh : d_secure_only)) {
        mute(frame, emit);
        return;
    }

    auto block = make_block(heard_block::action::play, frame);
    block.kind = slot.kind;
    std::copy(slot.text.begin() + 1, slot.text.end(), block.voice.begin());
    // The two blocks after the last one repeat END and carry no voice.
    if (end && silent_voice(block.voice))
        block.what = heard_block::action::mute;
    if (secure)
        opened_secure(block, slot.text[0], emit);
    else
        opened_clear(block, slot, slot.ours && fresh == freshness::fresh, emit);
}

void heard_transmission::opened_secure(const heard_block& block,
                                       std::uint8_t signalling,
                                       const sink& emit)
{
    const bool second = d_held.holds(kind::secure);
    if (!second)
        d_held.give_up(kind::clear, if_live(emit));
    const bool locked = second || d_unverified < relock_after;
    d_verified = true;
    d_clear_checks = 0; // permission to play clear is withdrawn
    d_keyed = 0;
    d_unverified = 0;
    d_clear_follows = signalling & signal_clear_follows;
    if (!locked) {
        hold(block, relock_within - 1, emit);
        return;
    }
    play(block, heard_event::secure, emit);
    d_fm_follows = signalling & signal_fm_follows;
    if (signalling & signal_end)
        end(kind::secure, true, emit);
}

void heard_transmission::opened_clear(const heard_block& block,
                                      const opened_slot& slot,
                                      bool ours,
                                      const sink& emit)
{
    d_clear_checks = d_clear_checks << 1 | 1;
    d_keyed = d_keyed << 1 | (ours ? 1 : 0);
    ++d_unverified;
    const bool checked = of_last_four(d_clear_checks) >= 2;
    // Clear that nobody announced stays muted while the secure call lives.
    if (checked && (from_group() || d_clear_follows || !secure_is_alive())) {
        play(block,
             from_group() ? heard_event::clear_group : heard_event::clear_unknown,
             emit);
        d_fm_follows = ours && from_group() && slot.text[0] & signal_fm_follows;
        if (slot.text[0] & signal_end)
            end(kind::clear, ours, emit);
        return;
    }
    if (checked)
        d_state.on(heard_event::clear_unknown);
    if (live() && ++d_silent > cut_off_after)
        finish(heard_event::silence, emit);
    hold(block, clear_window - 1, emit);
}

void heard_transmission::play(const heard_block& block, heard_event as, const sink& emit)
{
    const bool voice = block.what == heard_block::action::play;
    const auto newest = static_cast<std::int64_t>(block.number) - (voice ? 0 : 1);
    bool begun = live(); // what the other kind held before it is no part of it
    for (const auto& held : d_held.release(block.kind)) {
        begun = begun || held.kind == block.kind;
        if (!begun)
            continue;
        d_call->numbers.expect_from(held.number);
        if (held.what == heard_block::action::play)
            count(held);
        emit(held);
    }
    d_call->numbers.expect_from(block.number);
    // Numbers of clear voice are believed where its sender is: others could make them
    // run.
    if (as == heard_event::clear_unknown && session())
        d_last_clear = newest;
    else
        reached(newest);
    d_silent = 0;
    d_kind = block.kind;
    d_state.on(as);
    if (voice) {
        count(block);
        emit(block);
    }
}

void heard_transmission::end(securevoice::kind k, bool ours, const sink& emit)
{
    // Anybody can make a clear block: where there is a key, its END is the last word only
    // of voice from the group.
    d_closed = k == kind::secure || !session() || (ours && from_group() && !d_verified);
    finish(heard_event::end, emit);
}

void heard_transmission::hold(const heard_block& block,
                              unsigned patience,
                              const sink& emit)
{
    d_held.hold(block, static_cast<int>(patience), if_live(emit));
    // Its number is used up, whether it will be played or not.
    if (block.kind == kind::secure || !session())
        reached(block.number);
    else
        d_last_clear = std::max<std::int64_t>(d_last_clear, block.number);
}

/*! Slots pass in silence while a call is heard, and not at all before it. */
heard_transmission::sink heard_transmission::if_live(const sink& emit) const
{
    return [this, &emit](const heard_block& block) {
        if (live())
            emit(block);
    };
}

void heard_transmission::count(const heard_block& played)
{
    ++d_played;
    d_call->numbers.played(played.number);
}

/*! Its sender has. */
void heard_transmission::reached(std::int64_t number)
{
    d_last = std::max(d_last, number);
    if (number >= 0)
        d_call->numbers.reached(static_cast<std::uint32_t>(number));
}

void heard_transmission::look_again(const soft_frame& frame,
                                    bool secure,
                                    const sink& emit)
{
    d_call->numbers.muted(frame.number);
    if (state() != heard_state::ended)
        pass_slot(heard_block::action::mute, frame, emit);
    if (secure)
        d_unverified = 0;
}

void heard_transmission::mute(const soft_frame& frame, const sink& emit)
{
    ++d_refused;
    d_call->numbers.muted(frame.number);
    if (state() != heard_state::ended)
        pass_slot(heard_block::action::mute, frame, emit);
}

void heard_transmission::refused(const soft_frame& frame, const sink& emit)
{
    mute(frame, emit);
    if (state() == heard_state::ended || session() || ++d_strange < no_key_after)
        return;
    const bool was_live = live();
    d_state.on(heard_event::foreign);
    if (was_live)
        finish(heard_event::foreign, emit);
}

void heard_transmission::missing(const soft_frame& frame, const sink& emit)
{
    if (state() != heard_state::ended)
        pass_slot(heard_block::action::conceal, frame, emit);
}

void heard_transmission::pass_slot(heard_block::action what,
                                   const soft_frame& frame,
                                   const sink& emit)
{
    ++d_unverified;
    d_clear_checks <<= 1;
    if (live() && ++d_silent > cut_off_after) {
        finish(heard_event::silence, emit);
        return;
    }
    const auto slot = make_block(what, frame);
    if (!d_held.pass(slot, if_live(emit)) && live())
        emit(slot);
}

void heard_transmission::close(const sink& emit)
{
    const bool was_live = live();
    d_state.on(heard_event::silence);
    if (was_live)
        finish(heard_event::silence, emit);
}

void heard_transmission::finish(heard_event why, const sink& emit)
{
    d_held.clear();
    d_state.on(why);
    heard_block block;
    block.what = heard_block::action::finish;
    block.kind = d_kind;
    emit(block);
}

void heard_transmission::unlock(std::uint32_t number)
{
    d_unverified = 0;
    reached(number);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/speech_encoder.h"

#include "core/crypto/secret_memory.h"

#include <algorithm>

namespace securevoice {

speech_encoder::speech_encoder(codec c, std::optional<talk_limit> limit)
    : d_codec(c), d_limit(limit), d_vocoder(c)
{
    d_pending.reserve(samples_per_block); // it never moves and leaves a copy
}

speech_encoder::~speech_encoder() { forget(); }

void speech_encoder::press(std::uint64_t from)
{
    if (!d_moves.empty())
        from = std::max(from, d_moves.back().from);
    for (const auto& command : d_waiting)
        from = std::max(from, command.from);
    d_moves.push_back({ from, ++d_order, true });
    if (from <= d_next)
        move_key({}); // a press emits nothing, and nothing else is due
}

void speech_encoder::release(std::uint64_t from, const sink& emit)
{
    if (!d_moves.empty())
        from = std::max(from, d_moves.back().from);
    d_moves.push_back({ from, ++d_order, false });
    move_key(emit);
}

void speech_encoder::release(const sink& emit)
{
    d_moves.clear();
    d_held = false;
    end(++d_order, emit);
}

void speech_encoder::release_waiting(const sink& emit)
{
    const auto newest = std::find_if(
        d_moves.rbegin(), d_moves.rend(), [](const auto& move) { return !move.press; });
    std::for_each(
        d_moves.begin(), newest.base(), [this](auto& move) { move.from = d_next; });
    move_key(emit);
}

bool speech_encoder::releasing() const
{
    return std::any_of(
        d_moves.begin(), d_moves.end(), [](const auto& move) { return !move.press; });
}

void speech_encoder::command(kind k, std::uint64_t given, std::uint64_t from)
{
    if (k == kind::secure) {
        d_waiting.clear();
        d_commanded = d_commanded_of_block = 0; // the block in work, too
        d_analog = d_analog_of_block = d_always_analog = false;
        return;
    }
    if (!d_pressed && d_moves.empty())
        d_waiting.clear(); // a transmission begins with the newest one
    if (!d_moves.empty())
        from = std::max(from, d_moves.back().from);
    d_waiting.push_back({ from, ++d_order, given, k });
}

void speech_encoder::push(const std::int16_t* samples,
                          std::size_t count,
                          const sink& emit)
{
    const stack_wiped_at_end wipe;
    while (count > 0) {
        move_key(emit);
        auto part = count;
        if (!d_moves.empty())
            part = static_cast<std::size_t>(
                std::min<std::uint64_t>(part, d_moves.front().from - d_next));
        speak(samples, part, emit);
        samples += part;
        count -= part;
    }
    move_key(emit);
}

void speech_encoder::speak(const std::int16_t* samples,
                           std::size_t count,
                           const sink& emit)
{
    if (!d_pressed || !d_begun)
        d_digest = fold_audio(d_digest, samples, count);
    if (d_pressed && !d_begun)
        begin(emit);
    while (d_pressed && count > 0) {
        if (d_pending.empty())
            begin_block();
        const auto part = std::min(count, samples_per_block - d_pending.size());
        d_pending.insert(d_pending.end(), samples, samples + part);
        samples += part;
        count -= part;
        d_next += part;
        if (d_pending.size() < samples_per_block)
            continue;
        if (d_limit && d_blocks + 1 >= d_limit->blocks) {
            d_held = true;
            d_waiting.clear();
            end(d_order, emit);
        } else {
            emit_block(0, emit);
        }
    }
    d_next += count; // nobody is to hear it
}

/*! Push-to-talk moves where its sample is next. */
void speech_encoder::move_key(const sink& emit)
{
    while (!d_moves.empty() && d_moves.front().from <= d_next) {
        const auto move = d_moves.front();
        d_moves.pop_front();
        if (move.press) {
            d_pressed = !d_held;
        } else {
            d_held = false;
            end(move.order, emit);
        }
    }
}

/*! \param order commands given before that go with the transmission */
void speech_encoder::end(std::uint64_t order, const sink& emit)
{
    d_pressed = false;
    if (!std::exchange(d_begun, false))
        return;
    const stack_wiped_at_end wipe;
    if (d_pending.empty())
        begin_block();
    d_pending.resize(samples_per_block, 0);
    emit_block(d_held ? spoken_block::end | spoken_block::timed_out : spoken_block::end,
               emit);
    d_analog = d_always_analog;
    d_commanded = 0;
    d_waiting.erase(
        std::remove_if(d_waiting.begin(),
                       d_waiting.end(),
                       [order](const auto& command) { return command.order < order; }),
        d_waiting.end());
}

void speech_encoder::obey_commands()
{
    while (!d_waiting.empty() && d_waiting.front().from <= d_next) {
        const auto& command = d_waiting.front();
        d_commanded = command.given;
        d_commanded_kind = command.kind;
        d_analog = command.kind == kind::fm;
        d_reset = true;
        d_waiting.erase(d_waiting.begin());
    }
}

void speech_encoder::begin_block()
{
    obey_commands();
    d_commanded_of_block = d_commanded;
    d_commanded_kind_of_block = d_commanded_kind;
    d_fresh = std::exchange(d_reset, false);
    d_analog_of_block = d_analog;
}

void speech_encoder::begin(const sink& emit)
{
    d_begun = true;
    d_blocks = 0;
    obey_commands();
    d_reset = true; // no speech of an earlier transmission colours this one
    spoken_block start;
    start.flags = spoken_block::start;
    start.codec = static_cast<std::uint8_t>(d_codec);
    start.commanded = d_commanded;
    start.commanded_kind = d_commanded_kind;
    std::copy(d_digest.begin(), d_digest.end(), start.voice.begin());
    emit(start);
}

void speech_encoder::emit_block(std::uint8_t flags, const sink& emit)
{
    spoken_block block;
    const wiped_at_end wipe(block);
    block.flags = static_cast<std::uint8_t>(flags | spoken_block::voice_present);
    if (d_fresh) {
        d_vocoder.reset();
        block.flags |= spoken_block::fresh_codec;
        d_fresh = false;
    }
    if (d_limit && ++d_blocks + talk_limit::warned_blocks > d_limit->blocks)
        block.flags |= spoken_block::ends_soon;
    block.codec = static_cast<std::uint8_t>(d_codec);
    block.commanded = d_commanded_of_block;
    block.commanded_kind = d_commanded_kind_of_block;
    if (d_analog_of_block) {
        block.flags |= spoken_block::analog;
        std::copy(d_pending.begin(), d_pending.end(), block.speech.begin());
    }
    auto voice = d_vocoder.encode(d_pending.data());
    const wiped_at_end wipe_voice(voice);
    block.voice = voice;
    wipe_pending();
    emit(block);
}

void speech_encoder::abort(const sink& emit)
{
    forget();
    d_pressed = d_held = false;
    d_moves.clear();
    d_waiting.clear();
    d_commanded = 0;
    d_analog = d_always_analog = false;
    spoken_block block;
    block.flags = spoken_block::abort;
    block.codec = static_cast<std::uint8_t>(d_codec);
    emit(block);
}

void speech_encoder::forget()
{
    const stack_wiped_at_end wipe;
    wipe_pending();
    d_vocoder.wipe();
    d_begun = false;
}

void speech_encoder::wipe_pending()
{
    wipe_memory(d_pending.data(), d_pending.size() * sizeof(std::int16_t));
    d_pending.clear();
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/talker.h"

#include "core/crypto/secret_memory.h"

#include <algorithm>

namespace securevoice {

talker::talker(codec c) : d_codec(c), d_vocoder(c)
{
    d_pending.reserve(samples_per_block); // it never moves and leaves a copy
}

talker::~talker() { forget(); }

void talker::press() { d_pressed = true; }

void talker::clear_command()
{
    ++d_commands;
    d_reset = true;
    d_analog = false;
}

void talker::fm_command()
{
    clear_command();
    d_analog = true;
}

void talker::push(const std::int16_t* samples, std::size_t count, const sink& emit)
{
    if (count == 0)
        return;
    const stack_wiped_at_end wipe;
    if (!d_pressed) {
        d_digest = fold_audio(d_digest, samples, count);
        return;
    }
    if (!d_begun) {
        d_digest = fold_audio(d_digest, samples, count);
        begin(emit);
    }
    while (count > 0) {
        if (d_pending.empty()) {
            d_commands_of_block = d_commands;
            d_fresh = std::exchange(d_reset, false);
            d_analog_of_block = d_analog;
        }
        const auto part = std::min(count, samples_per_block - d_pending.size());
        d_pending.insert(d_pending.end(), samples, samples + part);
        samples += part;
        count -= part;
        if (d_pending.size() == samples_per_block)
            emit_block(false, emit);
    }
}

void talker::release(const sink& emit)
{
    d_pressed = false;
    if (!std::exchange(d_begun, false))
        return;
    const stack_wiped_at_end wipe;
    if (d_pending.empty()) {
        d_commands_of_block = d_commands;
        d_fresh = std::exchange(d_reset, false);
        d_analog_of_block = d_analog;
    }
    d_pending.resize(samples_per_block, 0);
    emit_block(true, emit);
    d_analog = d_always_analog;
}

void talker::begin(const sink& emit)
{
    d_begun = true;
    d_reset = true; // no speech of an earlier transmission colours this one
    spoken_block start;
    start.flags = spoken_block::start;
    start.codec = static_cast<std::uint8_t>(d_codec);
    start.clear_commands = d_commands;
    std::copy(d_digest.begin(), d_digest.end(), start.voice.begin());
    emit(start);
}

void talker::emit_block(bool last, const sink& emit)
{
    spoken_block block;
    const wiped_at_end wipe(block);
    block.flags = spoken_block::voice_present;
    if (last)
        block.flags |= spoken_block::end;
    if (d_fresh) {
        d_vocoder.reset();
        block.flags |= spoken_block::fresh_codec;
        d_fresh = false;
    }
    block.codec = static_cast<std::uint8_t>(d_codec);
    block.clear_commands = d_commands_of_block;
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

void talker::abort(const sink& emit)
{
    forget();
    d_pressed = false;
    spoken_block block;
    block.flags = spoken_block::abort;
    block.codec = static_cast<std::uint8_t>(d_codec);
    block.clear_commands = d_commands;
    emit(block);
}

void talker::forget()
{
    const stack_wiped_at_end wipe;
    wipe_pending();
    d_vocoder.wipe();
    d_begun = false;
}

void talker::wipe_pending()
{
    wipe_memory(d_pending.data(), d_pending.size() * sizeof(std::int16_t));
    d_pending.clear();
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/speech_decoder.h"

#include "core/crypto/secret_memory.h"

#include <algorithm>

namespace securevoice {

namespace {
constexpr unsigned max_concealed = 2; // blocks: 160 ms
}

speech_decoder::speech_decoder(speech_decoder_options options)
    : d_options(options), d_tone(clear_tone::listener_seconds)
{
}

speech_decoder::~speech_decoder() { forget(); }

void speech_decoder::decode(const heard_block& block, std::vector<std::int16_t>& out)
{
    if (block.what == heard_block::action::finish) {
        forget();
        return;
    }
    const auto at = out.size();
    out.resize(at + samples_per_block, 0);
    if (block.what == heard_block::action::mute) {
        forget();
        return;
    }
    play(block, out.data() + at);
    // Whatever is not known to be secure is warned of, a gap within it too.
    if (d_options.clear_tones && d_last && d_last->kind != kind::secure)
        d_tone.mix(out.data() + at, samples_per_block);
    else
        d_tone.restart();
}

void speech_decoder::play(const heard_block& block, std::int16_t* out)
{
    const bool good = block.what == heard_block::action::play;
    if (!good && (!d_last || d_concealed >= max_concealed))
        return; // silence
    if (block.kind == kind::fm || (!good && d_last->kind == kind::fm)) {
        if (good) {
            forget_voice();
            std::copy(block.speech.begin(), block.speech.end(), out);
            d_last = block;
        }
        return; // nothing of FM is repeated
    }
    d_concealed = good ? 0 : d_concealed + 1;

    const stack_wiped_at_end wipe;
    const heard_block& source = good ? block : *d_last;
    auto& vocoder = d_vocoders.at(source.codec);
    if (!vocoder)
        vocoder.emplace(static_cast<codec>(source.codec));
    if (good && (block.fresh_codec || !d_last || d_last->kind != block.kind ||
                 d_last->codec != block.codec))
        vocoder->reset();
    vocoder->decode(source.voice, out);
    if (good)
        d_last = block;
    if (d_concealed == max_concealed) // not needed any more
        wipe_memory(d_last->voice.data(), d_last->voice.size());
}

void speech_decoder::forget()
{
    forget_voice();
    d_tone.restart();
}

void speech_decoder::forget_voice()
{
    if (d_last)
        wipe_memory(&*d_last, sizeof *d_last);
    d_last.reset();
    d_concealed = 0;
}

} // namespace securevoice

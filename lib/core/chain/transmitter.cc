/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/transmitter.h"

#include <utility>

namespace securevoice {

transmitter::transmitter(transmitter_options options)
    : d_speech_encoder(options.seal.mode.codec, options.limit),
      d_sealer(std::move(options.seal)),
      d_exciter(options.sample_rate, options.fm)
{
    if (d_sealer.wanted() == kind::fm)
        d_speech_encoder.begin_in_fm();
}

void transmitter::command(kind k)
{
    const auto given =
        d_sealer.command(k); // throws before the speech encoder hears of a refused one
    d_speech_encoder.command(k, given, d_speech_encoder.next_sample());
}

void transmitter::press() { d_speech_encoder.press(); }

void transmitter::push(const std::int16_t* speech,
                       std::size_t count,
                       std::vector<cfloat>& iq)
{
    d_speech_encoder.push(
        speech, count, [&](const spoken_block& block) { send(block, iq); });
}

void transmitter::release(std::vector<cfloat>& iq)
{
    d_speech_encoder.release([&](const spoken_block& block) { send(block, iq); });
}

void transmitter::zeroize(std::vector<cfloat>& iq)
{
    d_sealer.zeroize();
    d_speech_encoder.abort([&](const spoken_block& block) { send(block, iq); });
}

void transmitter::send(const spoken_block& block, std::vector<cfloat>& iq)
{
    std::optional<kind> sent;
    try {
        sent =
            d_sealer.seal(block, [&](const coded_frame& frame) { modulate(frame, iq); });
    } catch (...) {
        d_exciter.abort(iq);
        throw;
    }
    if (on_block && sent)
        on_block(*sent, block.voice);
}

void transmitter::modulate(const coded_frame& frame, std::vector<cfloat>& iq)
{
    d_exciter.modulate(frame, iq);
    d_tone.clear();
    d_sidetone.take(frame, d_tone);
    if (on_sidetone && !d_tone.empty())
        on_sidetone(d_tone.data(), d_tone.size());
}

} // namespace securevoice

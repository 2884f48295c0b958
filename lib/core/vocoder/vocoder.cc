/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/vocoder/vocoder.h"

#include <codec2/codec2.h>

#include <string.h>
#include <array>
#include <new>
#include <utility>

namespace securevoice {

namespace {

codec2_ptr create(codec c)
{
    codec2_ptr codec2(codec2_create(layout(c).library_mode));
    if (!codec2)
        throw std::bad_alloc(); // layout() has seen that the library knows the rate
    return codec2;
}

} // namespace

void codec2_deleter::operator()(CODEC2* p) const { codec2_destroy(p); }

vocoder_encoder::vocoder_encoder(codec c) : d_codec(c), d_codec2(create(c)) {}

voice_field vocoder_encoder::encode(const std::int16_t* samples)
{
    const auto& l = layout(d_codec);
    std::array<std::uint8_t, max_voice_bits / 8> frames{};
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        // The library's prototype lacks the const: it only reads the speech.
        codec2_encode(d_codec2.get(),
                      frames.data() + f * l.octets_per_frame,
                      const_cast<std::int16_t*>(samples) + f * l.samples_per_frame);
    const auto voice = pack_frames(d_codec, frames.data());
    explicit_bzero(frames.data(), frames.size());
    return voice;
}

vocoder_encoder::~vocoder_encoder() { wipe(); }

void vocoder_encoder::reset()
{
    wipe();
    d_codec2 = create(d_codec);
}

void vocoder_encoder::wipe()
{
    // A block is longer than the window of the analysis and the filters before it.
    const std::array<std::int16_t, samples_per_block> silence{};
    encode(silence.data());
}

vocoder_decoder::vocoder_decoder(codec c) : d_codec(c), d_codec2(create(c)) {}

void vocoder_decoder::decode(const voice_field& voice, std::int16_t* samples)
{
    d_used = true;
    const auto& l = layout(d_codec);
    auto frames = unpack_frames(d_codec, voice);
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        codec2_decode(d_codec2.get(),
                      samples + f * l.samples_per_frame,
                      frames.data() + f * l.octets_per_frame);
    explicit_bzero(frames.data(), frames.size());
}

vocoder_decoder::~vocoder_decoder() { wipe(); }

void vocoder_decoder::reset()
{
    wipe();
    d_codec2 = create(d_codec);
}

void vocoder_decoder::wipe()
{
    // What remembers nothing must not draw from the library's generator either.
    if (!std::exchange(d_used, false))
        return;
    const auto& l = layout(d_codec);
    const std::array<std::uint8_t, max_voice_bits / 8> frame{};
    std::array<std::int16_t, samples_per_block> unheard;
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        codec2_decode(d_codec2.get(), unheard.data(), frame.data());
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <cstdint>
#include <memory>
#include <vector>

struct CODEC2;

namespace securevoice {

/*! What libcodec2 says of a rate; asked of the library, checked against section 2. */
struct codec_layout {
    int library_mode;
    std::size_t bits_per_frame;
    std::size_t octets_per_frame; // as c2enc writes it
    std::size_t samples_per_frame;
    std::size_t frames_per_block;
};

/*! \throws std::runtime_error if the installed libcodec2 has another layout than section
 * 2 */
const codec_layout& layout(codec c);

/*! Frames as c2enc writes them (octets_per_frame each, one block) to a voice field, and
 * back. */
voice_field pack_frames(codec c, const std::uint8_t* frames);
std::vector<std::uint8_t> unpack_frames(codec c, const voice_field& voice);

struct codec2_deleter {
    void operator()(CODEC2* p) const;
};
using codec2_ptr = std::unique_ptr<CODEC2, codec2_deleter>;

/*! Speech to voice fields: 640 samples (16 bit, 8 kHz) at a time. The frames are those of
 * `c2enc`, bit by bit. */
class vocoder_encoder
{
public:
    explicit vocoder_encoder(codec c);
    ~vocoder_encoder();
    voice_field encode(const std::int16_t* samples);
    /*! Forget all speech heard so far. */
    void reset();
    /*! Overwrites libcodec2's memory of speech by that of silence: it offers no other
     * way. */
    void wipe();

private:
    codec d_codec;
    codec2_ptr d_codec2;
};

/*!
 * Voice fields to speech: 640 samples at a time. The samples are those of `c2dec`, bit by
 * bit, for the first decoder of a process: libcodec2 draws the phases of unvoiced speech
 * from one generator per process (codec2_rand), which later decoders, and decoders after
 * reset(), find further on.
 */
class vocoder_decoder
{
public:
    explicit vocoder_decoder(codec c);
    ~vocoder_decoder();
    void decode(const voice_field& voice, std::int16_t* samples);
    void reset();
    /*! As vocoder_encoder::wipe(). */
    void wipe();

private:
    codec d_codec;
    codec2_ptr d_codec2;
    bool d_used = false; // since it was created or wiped
};

} // namespace securevoice

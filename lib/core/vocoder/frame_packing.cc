/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/bits.h"
#include "core/vocoder/vocoder.h"

namespace securevoice {

voice_field pack_frames(codec c, const std::uint8_t* frames)
{
    const auto& l = layout(c);
    voice_field voice{};
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        for (std::size_t n = 0; n < l.bits_per_frame; ++n)
            put_bit(voice.data(),
                    f * l.bits_per_frame + n,
                    bit_at(frames + f * l.octets_per_frame, n));
    return voice;
}

std::vector<std::uint8_t> unpack_frames(codec c, const voice_field& voice)
{
    const auto& l = layout(c);
    std::vector<std::uint8_t> frames(l.frames_per_block * l.octets_per_frame);
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        for (std::size_t n = 0; n < l.bits_per_frame; ++n)
            put_bit(frames.data() + f * l.octets_per_frame,
                    n,
                    bit_at(voice.data(), f * l.bits_per_frame + n));
    return frames;
}

} // namespace securevoice

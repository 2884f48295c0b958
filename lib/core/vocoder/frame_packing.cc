/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/vocoder/vocoder.h"

namespace securevoice {

namespace {

bool bit(const std::uint8_t* octets, std::size_t n)
{
    return (octets[n / 8] >> (7 - n % 8) & 1) != 0;
}

void set_bit(std::uint8_t* octets, std::size_t n)
{
    octets[n / 8] = static_cast<std::uint8_t>(octets[n / 8] | 0x80 >> n % 8);
}

} // namespace

voice_field pack_frames(codec c, const std::uint8_t* frames)
{
    const auto& l = layout(c);
    voice_field voice{};
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        for (std::size_t n = 0; n < l.bits_per_frame; ++n)
            if (bit(frames + f * l.octets_per_frame, n))
                set_bit(voice.data(), f * l.bits_per_frame + n);
    return voice;
}

std::vector<std::uint8_t> unpack_frames(codec c, const voice_field& voice)
{
    const auto& l = layout(c);
    std::vector<std::uint8_t> frames(l.frames_per_block * l.octets_per_frame);
    for (std::size_t f = 0; f < l.frames_per_block; ++f)
        for (std::size_t n = 0; n < l.bits_per_frame; ++n)
            if (bit(voice.data(), f * l.bits_per_frame + n))
                set_bit(frames.data() + f * l.octets_per_frame, n);
    return frames;
}

} // namespace securevoice

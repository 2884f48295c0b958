/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/vocoder/vocoder.h"

#include <codec2/codec2.h>

#include <array>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr std::array<int, codec_count> library_modes{ CODEC2_MODE_3200, CODEC2_MODE_2400,
                                                      CODEC2_MODE_1600, CODEC2_MODE_1400,
                                                      CODEC2_MODE_1300, CODEC2_MODE_1200,
                                                      CODEC2_MODE_700C };

codec_layout ask_library(codec c)
{
    const auto library_mode = library_modes[static_cast<std::size_t>(c)];
    const codec2_ptr codec2(codec2_create(library_mode));
    if (!codec2)
        throw std::runtime_error("the installed libcodec2 has no rate " +
                                 std::string(codec_name(c)) +
                                 ": install one that is built with it");
    codec_layout l{};
    l.library_mode = library_mode;
    l.bits_per_frame = static_cast<std::size_t>(codec2_bits_per_frame(codec2.get()));
    l.octets_per_frame = static_cast<std::size_t>(codec2_bytes_per_frame(codec2.get()));
    l.samples_per_frame =
        static_cast<std::size_t>(codec2_samples_per_frame(codec2.get()));
    l.frames_per_block = samples_per_block / l.samples_per_frame;
    if (l.frames_per_block * l.samples_per_frame != samples_per_block ||
        l.frames_per_block * l.bits_per_frame != voice_bits(c) ||
        l.octets_per_frame != (l.bits_per_frame + 7) / 8)
        throw std::runtime_error("the installed libcodec2 has another frame layout at "
                                 "rate " +
                                 std::string(codec_name(c)) +
                                 " than the air interface: install libcodec2 1.0 or "
                                 "newer");
    return l;
}

} // namespace

const codec_layout& layout(codec c)
{
    voice_bits(c); // refuses a code that names no rate
    static const auto layouts = [] {
        std::array<codec_layout, codec_count> all{};
        for (std::size_t i = 0; i < codec_count; ++i)
            all[i] = ask_library(static_cast<codec>(i));
        return all;
    }();
    return layouts[static_cast<std::size_t>(c)];
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <array>
#include <cstdint>

namespace securevoice {

using piece_octets = std::array<std::uint8_t, piece_bits / 8>;
using text_field =
    std::array<std::uint8_t, max_text_octets>; // signalling octet, voice; zero padded

/*! Signalling octet (6.4). */
enum signalling : std::uint8_t {
    signal_end = 0x80,
    signal_clear_follows = 0x40,
    signal_fm_follows = 0x20
};

/*! The fields of a block as they are on the air (docs/protocol.md, 6). */
struct air_block {
    piece_octets piece{};
    text_field
        body{}; // encrypted (secure) or whitened (clear); bits beyond 8 + V are zero
    std::array<std::uint8_t, tag_octets> tag{};
};

/*! Info bits of the error correction: the piece apart, then signalling | voice | tag. One
 * bit (0/1) per element. */
struct block_bits {
    std::array<std::uint8_t, piece_bits> piece{};
    std::array<std::uint8_t, signalling_bits + max_voice_bits + tag_bits> others{};
};

block_bits to_bits(codec c, const air_block& block);

/*! \param piece piece_bits bits \param others 8 + V + 32 bits */
air_block from_bits(codec c, const std::uint8_t* piece, const std::uint8_t* others);

} // namespace securevoice

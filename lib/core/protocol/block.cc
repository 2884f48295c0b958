/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/block.h"

#include "core/protocol/bits.h"

namespace securevoice {

block_bits to_bits(codec c, const air_block& block)
{
    const auto text = signalling_bits + voice_bits(c);
    block_bits bits;
    unpack_bits(block.piece.data(), piece_bits, bits.piece.data());
    unpack_bits(block.body.data(), text, bits.others.data());
    unpack_bits(block.tag.data(), tag_bits, bits.others.data() + text);
    return bits;
}

air_block from_bits(codec c, const std::uint8_t* piece, const std::uint8_t* others)
{
    const auto text = signalling_bits + voice_bits(c);
    air_block block;
    pack_bits(piece, piece_bits, block.piece.data());
    pack_bits(others, text, block.body.data());
    pack_bits(others + text, tag_bits, block.tag.data());
    return block;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/block.h"

namespace securevoice {

namespace {

template <typename Octets>
void spread(const Octets& octets, std::size_t bits, std::uint8_t* out)
{
    for (std::size_t n = 0; n < bits; ++n)
        out[n] = static_cast<std::uint8_t>(octets[n / 8] >> (7 - n % 8) & 1);
}

template <typename Octets>
void gather(const std::uint8_t* in, std::size_t bits, Octets& octets)
{
    for (std::size_t n = 0; n < bits; ++n)
        octets[n / 8] =
            static_cast<std::uint8_t>(octets[n / 8] | (in[n] & 1) << (7 - n % 8));
}

} // namespace

block_bits to_bits(codec c, const air_block& block)
{
    const auto text = signalling_bits + voice_bits(c);
    block_bits bits;
    spread(block.piece, piece_bits, bits.piece.data());
    spread(block.body, text, bits.others.data());
    spread(block.tag, tag_bits, bits.others.data() + text);
    return bits;
}

air_block from_bits(codec c, const std::uint8_t* piece, const std::uint8_t* others)
{
    const auto text = signalling_bits + voice_bits(c);
    air_block block;
    gather(piece, piece_bits, block.piece);
    gather(others, text, block.body);
    gather(others + text, tag_bits, block.tag);
    return block;
}

} // namespace securevoice

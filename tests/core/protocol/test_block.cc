/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE block
#include "core/protocol/block.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace securevoice;

namespace {

air_block random_block(codec c, std::mt19937& random)
{
    air_block block;
    for (auto& octet : block.piece)
        octet = static_cast<std::uint8_t>(random());
    for (auto& octet : block.tag)
        octet = static_cast<std::uint8_t>(random());
    const auto bits = signalling_bits + voice_bits(c);
    for (std::size_t n = 0; n < bits; ++n)
        if (random() & 1)
            block.body[n / 8] =
                static_cast<std::uint8_t>(block.body[n / 8] | 0x80 >> n % 8);
    return block;
}

} // namespace

BOOST_AUTO_TEST_CASE(bits_go_first_the_most_significant)
{
    air_block block;
    block.piece = { 0x80, 0, 0, 0x01 };
    block.body[0] = 0x40; // signalling
    block.body[1] = 0x80; // first voice bit
    block.tag = { 0x80, 0, 0, 0x02 };
    const auto bits = to_bits(codec::c700c, block);
    const auto text = signalling_bits + voice_bits(codec::c700c);
    for (std::size_t n = 0; n < piece_bits; ++n)
        BOOST_TEST(bits.piece[n] == (n == 0 || n == 31));
    for (std::size_t n = 0; n < text + tag_bits; ++n)
        BOOST_TEST(bits.others[n] == (n == 1 || n == 8 || n == text || n == text + 30));
}

BOOST_AUTO_TEST_CASE(bits_and_back_for_every_codec)
{
    std::mt19937 random(1);
    for (unsigned n = 0; n < codec_count; ++n)
        for (int round = 0; round < 20; ++round) {
            const auto c = static_cast<codec>(n);
            const auto block = random_block(c, random);
            const auto bits = to_bits(c, block);
            const auto back = from_bits(c, bits.piece.data(), bits.others.data());
            BOOST_TEST(back.piece == block.piece);
            BOOST_TEST(back.body == block.body);
            BOOST_TEST(back.tag == block.tag);
            // Exactly the info bits of the mode are used.
            for (auto k = info_bits(c) - piece_bits; k < bits.others.size(); ++k)
                BOOST_TEST(bits.others[k] == 0);
        }
}

BOOST_AUTO_TEST_CASE(every_bit_on_the_air_has_a_place_of_its_own)
{
    for (unsigned n = 0; n < codec_count; ++n) {
        const auto c = static_cast<codec>(n);
        const auto others = info_bits(c) - piece_bits;
        for (std::size_t k = 0; k < piece_bits + others; ++k) {
            block_bits bits;
            (k < piece_bits ? bits.piece[k] : bits.others[k - piece_bits]) = 1;
            const auto again =
                to_bits(c, from_bits(c, bits.piece.data(), bits.others.data()));
            BOOST_TEST(again.piece == bits.piece);
            BOOST_TEST(again.others == bits.others);
        }
    }
}

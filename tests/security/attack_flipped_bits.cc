/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE flipped_bits
#include "attack.h"
#include "core/crypto/detail/block_crypto.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

/*!
 * The bit is flipped before the error correction is put on, so the frame is a code word
 * without a single error and the best candidate is the altered block. The block that was
 * sealed is another code word nearby; where it is near enough to be in the decoder's list
 * it verifies, and then the flip was a transmission error like any other: what plays is
 * bit for bit what was spoken. This happens to most piece bits (docs/decisions/0001: the
 * piece rides on the least reliable positions, and once the header is known they are
 * frozen to the known piece, which the tag covers) and, with these codes, to one or two
 * other bits.
 */
BOOST_AUTO_TEST_CASE(no_flipped_bit_of_a_secure_block_is_played_at_any_rate)
{
    const auto key = key_of("alpha", 1);
    for (const auto c : all_codecs) {
        std::mt19937 rng(1);
        const auto bits = info_bits(c);
        const call sent(key,
                        { c, profile::narrow },
                        static_cast<std::uint8_t>(c),
                        std::vector<kind>(2 * bits + 1, kind::secure),
                        rng);
        const auto holder = receiving_session::accept(sent.head(), key->key);
        const public_session everybody(sent.head());
        ear e(key);
        e.hear(sent.start());
        std::size_t corrected = 0, good = 0;
        for (std::size_t n = 0; n < sent.kinds.size(); ++n) {
            const auto number = static_cast<std::uint32_t>(n);
            if (n % 2 == 0) { // a good one between two bad ones
                good += e.hear(sent.block(n)).size();
                continue;
            }
            const auto bit = n / 2;
            auto flipped = to_bits(c, sent.blocks[n]);
            (bit < piece_bits ? flipped.piece[bit] : flipped.others[bit - piece_bits]) ^=
                1;
            const auto altered =
                from_bits(c, flipped.piece.data(), flipped.others.data());
            text_field text{};
            BOOST_TEST(!holder->open(number, altered, text));
            BOOST_TEST(!everybody.open(number, altered, text));
            const auto played = e.hear(frame_of(sent.m, number, flipped));
            if (bit >= piece_bits)
                corrected += played.size();
        }
        BOOST_TEST_CONTEXT(codec_name(c))
        {
            BOOST_TEST(good == bits + 1);
            BOOST_TEST(strangers(e.played(), sent) == 0u);
            BOOST_TEST(corrected <= 4u);
            BOOST_TEST(e.status().heard == e.played().size());
            BOOST_TEST(e.status().refused + e.status().lost ==
                       2 * bits + 1 - e.played().size());
        }
    }
}

/*! What a sender would make that puts a piece in its block which is not the header's: the
 * tag covers it. */
BOOST_AUTO_TEST_CASE(
    a_block_sealed_over_another_piece_never_verifies_whichever_piece_is_sent)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(2);
    for (const auto c : { codec::c3200, codec::c1300, codec::c700c }) {
        const call sent(key,
                        { c, profile::narrow },
                        0x10,
                        std::vector<kind>(4 * piece_bits, kind::secure),
                        rng);
        const auto ctx = context_of(sent.head());
        const voice_keys keys(
            key->key, ctx, sent.head().masked_time() ^ header_keys(key->key, ctx).mask());
        ear e(key);
        e.hear(sent.start());
        std::set<std::uint32_t> forged;
        for (std::uint32_t n = 0; n < sent.kinds.size(); ++n) {
            if (n % 2 == 0) {
                e.hear(sent.block(n));
                continue;
            }
            forged.insert(n);
            const auto bit = n / 2 % piece_bits;
            const auto piece = sent.blocks[n].piece;
            auto block = sent.blocks[n];
            block.piece[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
            detail::seal_secure(keys, n, c, sent.texts[n], block);
            if (n / 2 >= piece_bits)
                block.piece = piece;
            BOOST_TEST(e.hear(frame_of(sent.m, n, block)).empty());
        }
        BOOST_TEST(strangers(e.played(), sent) == 0u);
        for (const auto n : e.numbers())
            BOOST_TEST(forged.count(n) == 0u);
        BOOST_TEST(e.played().size() == 2 * piece_bits);

        // The same keys over the right piece do play: it is the piece that was refused
        // above.
        auto block = sent.blocks[0];
        detail::seal_secure(keys, 0, c, sent.texts[0], block);
        ear fresh(key);
        fresh.hear(sent.start());
        BOOST_TEST(fresh.hear(frame_of(sent.m, 0, block)).size() == 1u);
    }
}

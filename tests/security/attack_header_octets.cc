/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE header_octets
#include "attack.h"
#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

const mode some_mode{ codec::c1600, profile::narrow };

/*! Sealed under the keys that a header leads to, whether a receiver would take the header
 * or not. */
air_block sealed_under(const header& head,
                       const key_ptr& key,
                       std::uint32_t number,
                       const text_field& text)
{
    const auto ctx = context_of(head);
    const voice_keys keys(
        key->key, ctx, head.masked_time() ^ header_keys(key->key, ctx).mask());
    air_block block;
    block.piece = header_piece(head, number);
    detail::seal_secure(
        keys, number, mode_from_code(head.mode_code()).codec, text, block);
    return block;
}

} // namespace

/*!
 * All 22 octets, all 255 other values. Salt, mode and time lead to other keys. The
 * header's own tag and check do not: there the candidates differ in their piece alone,
 * which the block's tag covers, and in most blocks the pieces differ.
 */
BOOST_AUTO_TEST_CASE(
    of_two_candidates_that_differ_in_one_header_octet_at_most_one_verifies)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(1);
    const call sent(key, some_mode, 1, std::vector<kind>(12, kind::secure), rng);
    const auto holder = receiving_session::accept(sent.head(), key->key);
    BOOST_REQUIRE(holder);
    unsigned compared = 0, public_checks = 0, accepted = 0, pieces_that_differ = 0;
    for (std::size_t octet = 0; octet < header_octets; ++octet)
        for (unsigned change = 1; change < 256; ++change) {
            auto other = sent.head();
            other.octets[octet] ^= static_cast<std::uint8_t>(change);
            if (!is_mode(other.mode_code()))
                continue;
            ++compared;
            const bool fits = header_check_fits(other);
            public_checks += fits;
            // The attacker makes the public check fit; the keyed tag stays as it is, or
            // is itself what was changed.
            auto checked = other;
            checked.set_check(public_header_check(other));
            const auto session = receiving_session::accept(checked, key->key);
            accepted += session && checked != sent.head();

            for (const std::uint32_t number : { 0u, 5u, 11u }) {
                const auto theirs = sealed_under(other, key, number, sent.texts[number]);
                // The candidates: this body and tag with the piece of either header.
                auto filled = theirs;
                filled.piece = sent.blocks[number].piece;
                auto moved = sent.blocks[number];
                moved.piece = theirs.piece;
                const bool differ = filled.piece != theirs.piece;
                pieces_that_differ += differ;
                text_field text{};
                const bool opens_theirs = holder->open(number, theirs, text);
                if (differ) {
                    BOOST_TEST(!holder->open(number, filled, text));
                    BOOST_TEST(!holder->open(number, moved, text));
                }
                BOOST_TEST(opens_theirs == (octet >= 16));
                if (session && checked != sent.head())
                    BOOST_TEST(!session->open(number, sent.blocks[number], text));
            }
        }
    BOOST_TEST(compared == header_octets * 255 - 2 * 16); // codec 7 does not exist
    // A 16-bit check lets one altered header in 65536 through; the last two octets are
    // the check itself.
    BOOST_TEST(public_checks <= 2u);
    // None of 20 * 255 has its keyed tag, which is 32 bits.
    BOOST_TEST(accepted == 0u);
    // A piece is two words of the Reed-Solomon code; one octet lies in one header word,
    // which pieces 0 to 4 hold as it is.
    BOOST_TEST(pieces_that_differ > 2 * compared);
}

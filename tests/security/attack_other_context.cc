/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE other_context
#include "attack.h"
#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"

#include <boost/test/unit_test.hpp>

using namespace attack;
using securevoice::test::all_modes;

namespace {

/*! The header of a call with another mode put in, its public check made to fit again. */
header in_mode(header head, mode m)
{
    head.set_time(m, head.masked_time());
    head.set_check(public_header_check(head));
    return head;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_header_with_the_same_salt_and_another_codec_or_profile_fits_no_key)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(1);
    for (const auto m : all_modes())
        for (const auto other : all_modes()) {
            const call sent(key, m, 1, std::vector<kind>(12, kind::secure), rng);
            const auto altered = in_mode(sent.head(), other);
            BOOST_TEST(header_check_fits(altered));
            BOOST_TEST(receiving_session::accept(altered, key->key).has_value() ==
                       (other == m));
        }
}

/*! The keys of either transmission do not open the other's blocks, though salt, time and
 * key are the same. */
BOOST_AUTO_TEST_CASE(blocks_of_the_same_salt_and_another_mode_or_version_do_not_open)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(2);
    for (const auto m : all_modes()) {
        const call sent(key, m, 1, { kind::secure }, rng);
        const auto holder = receiving_session::accept(sent.head(), key->key);
        const auto ctx = context_of(sent.head());
        const auto start = sent.head().masked_time() ^ header_keys(key->key, ctx).mask();
        unsigned wrong = 0;
        for (unsigned version = 0; version < 256; ++version)
            for (const auto other : all_modes()) {
                auto theirs = ctx;
                theirs[salt_octets] = static_cast<std::uint8_t>(version);
                theirs[salt_octets + 1] = static_cast<std::uint8_t>(other.codec);
                theirs[salt_octets + 2] = static_cast<std::uint8_t>(other.profile);
                air_block block;
                block.piece = header_piece(sent.head(), 0);
                detail::seal_secure(voice_keys(key->key, theirs, start),
                                    0,
                                    m.codec,
                                    sent.texts[0],
                                    block);
                text_field text{};
                const bool own = version == 1 && other == m;
                wrong += holder->open(0, block, text) != own;
            }
        BOOST_TEST(wrong == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_header_of_another_version_fits_no_key)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(3);
    for (const auto m : all_modes()) {
        const call sent(key, m, 1, {}, rng);
        unsigned wrong = 0;
        for (unsigned version = 0; version < 256; ++version) {
            auto ctx = context_of(sent.head());
            ctx[salt_octets] = static_cast<std::uint8_t>(version);
            // A sender of that version masks its time and tags its header under keys of
            // its own context.
            auto head = sent.head();
            head.set_time(m, head.masked_time() ^ header_keys(key->key, ctx).mask());
            head.set_tag(header_keys(key->key, ctx).tag(head));
            head.set_check(public_header_check(head));
            wrong +=
                receiving_session::accept(head, key->key).has_value() != (version == 1);
        }
        BOOST_TEST(wrong == 0u);
    }
}

/*! The whole receiver: the altered start frame goes before the true blocks, with pilots
 * of either mode. */
BOOST_AUTO_TEST_CASE(nothing_plays_under_an_altered_start_frame)
{
    const auto key = key_of("alpha", 1);
    for (const auto m :
         { mode{ codec::c3200, profile::narrow }, mode{ codec::c1300, profile::narrow } })
        for (const auto other : all_modes()) {
            if (other == m)
                continue;
            for (const auto pilots : { m, other }) {
                std::mt19937 rng(4);
                const call sent(key, m, 2, std::vector<kind>(5, kind::secure), rng);
                ear e(key);
                e.hear(start_of(in_mode(sent.head(), other)));
                for (std::size_t n = 0; n < 5; ++n) {
                    auto frame = bit_air::soft(sent.block(n));
                    frame.mode = pilots.code();
                    e.hear(frame);
                }
                BOOST_TEST(e.played().empty());
                BOOST_TEST(!e.ever(heard_state::secure));
                BOOST_TEST(e.status().key_name == "");
                ear control(key); // under the true start frame
                control.hear(sent.start());
                for (std::size_t n = 0; n < 5; ++n)
                    control.hear(sent.block(n));
                BOOST_TEST(control.played().size() == 5u);
            }
        }
}

/*!
 * The pieces give the true header. The altered one agrees with it in at most 10 of its
 * words, so at most five blocks have a piece that fits both; six others are enough.
 */
BOOST_AUTO_TEST_CASE(the_call_is_heard_from_its_pieces_all_the_same)
{
    const auto key = key_of("alpha", 1);
    const mode m{ codec::c1300, profile::narrow };
    for (const auto other : all_modes()) {
        if (other == m)
            continue;
        std::mt19937 rng(5);
        const call sent(key, m, 2, std::vector<kind>(30, kind::secure), rng);
        ear e(key);
        e.hear(start_of(in_mode(sent.head(), other)));
        for (std::size_t n = 0; n < 30; ++n) {
            e.hear(sent.block(n));
            if (n >= 10)
                BOOST_TEST(e.numbers().count(static_cast<std::uint32_t>(n)) == 1u);
        }
        BOOST_TEST(strangers(e.played(), sent) == 0u);
        BOOST_TEST((e.status().state == heard_state::secure));
    }
}

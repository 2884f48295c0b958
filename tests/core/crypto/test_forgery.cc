/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE forgery
#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"
#include "helpers.h"
#include "session_for_tests.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;
using test::all_modes;
using test::key_from;
using test::random_text;
using test::some_time;

namespace {

// A transmission of one secure block (0) and one clear block (1), with its receivers.
struct call {
    secret_key key = key_from(1);
    securevoice::mode mode;
    sending_session sender;
    text_field text;
    air_block secure;
    air_block clear;
    receiving_session holder;
    public_session everybody;

    explicit call(securevoice::mode m, std::mt19937& random, salt_value salt = { 9 })
        : mode(m),
          sender(session_for_tests::with_salt(&key, m, some_time, salt)),
          text(random_text(m.codec, random)),
          secure(sender.seal(kind::secure, text)),
          clear(sender.seal(kind::clear, text)),
          holder(*receiving_session::accept(sender.head(), key)),
          everybody(sender.head())
    {
    }

    bool opens_secure(std::uint32_t number, const air_block& block) const
    {
        text_field out{};
        const bool opened = holder.open(number, block, out);
        BOOST_TEST(
            (opened || out == text_field{})); // what is refused leaves nothing behind
        return opened;
    }
    bool opens_clear(std::uint32_t number, const air_block& block) const
    {
        text_field out{};
        const bool opened = everybody.open(number, block, out);
        BOOST_TEST((opened || out == text_field{}));
        return opened;
    }
};

air_block with_bit_inverted(codec c, const air_block& block, std::size_t bit)
{
    auto bits = to_bits(c, block);
    (bit < piece_bits ? bits.piece[bit] : bits.others[bit - piece_bits]) ^= 1;
    return from_bits(c, bits.piece.data(), bits.others.data());
}

} // namespace

BOOST_AUTO_TEST_CASE(P6_any_inverted_bit_of_a_block_is_refused_in_every_mode)
{
    std::mt19937 random(1);
    for (const auto m : all_modes()) {
        const call c(m, random);
        BOOST_REQUIRE(c.opens_secure(0, c.secure));
        BOOST_REQUIRE(c.opens_clear(1, c.clear));
        const auto bits = info_bits(m.codec);
        for (std::size_t bit = 0; bit < bits; ++bit) {
            const auto secure = with_bit_inverted(m.codec, c.secure, bit);
            BOOST_TEST(!c.opens_secure(0, secure));
            BOOST_TEST(!c.opens_clear(0, secure));
            const auto clear = with_bit_inverted(m.codec, c.clear, bit);
            const bool in_keyed_octet = bit >= bits - 8; // not the public's to see
            BOOST_TEST(c.opens_clear(1, clear) == in_keyed_octet);
            BOOST_TEST(!c.opens_secure(1, clear));
            if (in_keyed_octet)
                BOOST_TEST(!c.holder.clear_is_ours(1, clear));
        }
    }
}

BOOST_AUTO_TEST_CASE(bits_that_are_not_on_the_air_must_be_zero)
{
    std::mt19937 random(2);
    for (const auto m : all_modes()) {
        const call c(m, random);
        for (auto bit = signalling_bits + voice_bits(m.codec); bit < 8 * max_text_octets;
             ++bit) {
            auto secure = c.secure;
            auto clear = c.clear;
            const auto mask = static_cast<std::uint8_t>(0x80 >> bit % 8);
            secure.body[bit / 8] ^= mask;
            clear.body[bit / 8] ^= mask;
            BOOST_TEST(!c.opens_secure(0, secure));
            BOOST_TEST(!c.opens_clear(1, clear));
            BOOST_TEST(!c.holder.clear_is_ours(1, clear));
        }
    }
}

BOOST_AUTO_TEST_CASE(P19_a_block_under_another_number_is_refused)
{
    std::mt19937 random(3);
    const call c({}, random);
    for (const std::uint32_t number :
         { 1u, 2u, 255u, 256u, 32768u, 65534u, 65535u, 65536u, 0x80000000u }) {
        BOOST_TEST(!c.opens_secure(number, c.secure));
        BOOST_TEST(!c.opens_clear(number ^ 1u, c.clear));
    }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_the_last_are_refused_whatever_the_tag)
{
    std::mt19937 random(9);
    const call c({}, random);
    const auto head = c.sender.head();
    const auto ctx = context_of(head);
    const voice_keys keys(
        c.key, ctx, head.masked_time() ^ header_keys(c.key, ctx).mask());
    for (const std::uint32_t number : { 65533u, 65534u, 65535u, 65536u, 0xFFFFFFFFu }) {
        air_block block;
        block.piece = header_piece(head, number);
        detail::seal_secure(keys, number, c.mode.codec, c.text, block);
        BOOST_TEST(c.opens_secure(number, block) == (number < max_blocks));
        block = c.everybody.seal(number, c.text);
        BOOST_TEST(c.opens_clear(number, block) == (number < max_blocks));
        block.tag.back() = detail::keyed_octet(keys, number, c.mode.codec, block);
        BOOST_TEST(c.holder.clear_is_ours(number, block) == (number < max_blocks));
    }
}

BOOST_AUTO_TEST_CASE(P19_a_block_of_another_transmission_codec_or_profile_is_refused)
{
    std::mt19937 random(4);
    for (const auto m : all_modes()) {
        const call c(m, random);
        // One bit of the salt is another one.
        const call other_salt(m, random, { 8 });
        BOOST_TEST(!c.opens_secure(0, other_salt.secure));
        BOOST_TEST(!c.opens_clear(1, other_salt.clear));
        // The same salt in another mode: a sender that did this would still not open.
        for (const auto n : all_modes()) {
            if (n == m)
                continue;
            const call other(n, random);
            BOOST_TEST(!c.opens_secure(0, other.secure));
            BOOST_TEST(!c.opens_clear(1, other.clear));
        }
    }
}

BOOST_AUTO_TEST_CASE(P5_kinds_are_never_taken_for_each_other)
{
    std::mt19937 random(5);
    const call c({}, random);
    BOOST_TEST(!c.opens_clear(0, c.secure));
    BOOST_TEST(!c.opens_secure(1, c.clear));
    BOOST_TEST(!c.holder.clear_is_ours(0, c.secure));
    // A clear block that anybody makes from the public values of a secure call.
    text_field text = c.text;
    const auto forged = c.everybody.seal(0, text);
    BOOST_TEST(c.opens_clear(0, forged));
    BOOST_TEST(!c.opens_secure(0, forged));
    unsigned ours = 0;
    for (unsigned keyed = 0; keyed < 256; ++keyed) {
        auto guess = forged;
        guess.tag.back() = static_cast<std::uint8_t>(keyed);
        BOOST_TEST(!c.opens_secure(0, guess));
        ours += c.holder.clear_is_ours(0, guess);
    }
    BOOST_TEST(ours == 1u); // who has no key has to guess one of 256, anew for each block
}

BOOST_AUTO_TEST_CASE(P6_zero_and_random_tags_are_refused)
{
    std::mt19937 random(6);
    const call c({}, random);
    auto block = c.secure;
    block.tag.fill(0);
    BOOST_TEST(!c.opens_secure(0, block));
    BOOST_TEST(!c.opens_clear(0, block));
    BOOST_TEST(!c.opens_secure(0, air_block{}));
    BOOST_TEST(!c.opens_clear(0, air_block{}));
    for (int n = 0; n < 20000; ++n) {
        for (auto& octet : block.tag)
            octet = static_cast<std::uint8_t>(random());
        if (block.tag != c.secure.tag)
            BOOST_TEST(!c.opens_secure(0, block));
        BOOST_TEST(!c.opens_clear(0, block));
    }
}

BOOST_AUTO_TEST_CASE(P2_wrong_keys_get_no_session)
{
    const auto key = key_from(1);
    const auto head = sending_session(&key, {}, some_time, {}).head();
    BOOST_TEST(receiving_session::accept(head, key).has_value());
    for (std::size_t bit = 0; bit < 256; ++bit) { // nearest possible keys
        std::array<std::uint8_t, 32> octets;
        std::copy_n(key.data(), 32, octets.begin());
        octets[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        BOOST_TEST(!receiving_session::accept(head, secret_key::take(octets.data(), 32)));
    }
    const auto keyless = sending_session(nullptr, {}, some_time, {}).head();
    BOOST_TEST(!receiving_session::accept(keyless, key));
}

BOOST_AUTO_TEST_CASE(a_header_with_any_inverted_bit_is_refused)
{
    const auto key = key_from(1);
    for (const auto m : all_modes()) {
        // A salt that is known: with chance, one altered header in 65536 fits the public
        // check.
        const auto head =
            session_for_tests::with_salt(&key, m, some_time, { m.code() }).head();
        for (std::size_t bit = 0; bit < header_bits; ++bit) {
            auto altered = head;
            altered.octets[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
            BOOST_TEST(!header_check_fits(altered));
            BOOST_TEST(!receiving_session::accept(altered, key));
            // Anybody can make the public check fit again; the keyed tag still does not.
            if (!is_mode(altered.mode_code()))
                continue;
            altered.set_check(public_header_check(altered));
            BOOST_TEST(header_check_fits(altered));
            BOOST_TEST(receiving_session::accept(altered, key).has_value() ==
                       (altered == head)); // bits of the check itself were put right
        }
    }
}

BOOST_AUTO_TEST_CASE(headers_of_modes_that_do_not_exist_are_refused)
{
    header h;
    for (const std::uint8_t first : { 0x70, 0xF0 }) {
        h.octets[12] = first;
        BOOST_TEST(!header_check_fits(h));
        BOOST_TEST(!receiving_session::accept(h, key_from(1)));
        BOOST_CHECK_THROW(public_session{ h }, std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(P20_random_headers_are_no_headers)
{
    std::mt19937 random(7);
    int fitting = 0;
    for (int n = 0; n < 200000; ++n) {
        header h;
        for (auto& octet : h.octets)
            octet = static_cast<std::uint8_t>(random());
        fitting += header_check_fits(h);
    }
    // 7/8 * 200000 / 65536 = 2.7 expected
    BOOST_TEST(fitting < 20);
}

BOOST_AUTO_TEST_CASE(a_start_time_cannot_be_moved)
{
    // Same key, salt and mode, another time: the block keys are others, so a block does
    // not fit.
    std::mt19937 random(8);
    const call c({}, random);
    auto later = session_for_tests::with_salt(&c.key, {}, some_time + 4, { 9 });
    BOOST_TEST((later.head().salt() == c.sender.head().salt()));
    BOOST_TEST(!c.opens_secure(0, later.seal(kind::secure, c.text)));
    // Putting the other header's time into this one breaks the header's tag.
    auto mixed = c.sender.head();
    mixed.set_time({}, later.head().masked_time());
    mixed.set_check(public_header_check(mixed));
    BOOST_TEST(header_check_fits(mixed));
    BOOST_TEST(!receiving_session::accept(mixed, c.key));
}

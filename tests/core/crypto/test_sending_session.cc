/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE sending_session
#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "helpers.h"
#include "session_for_tests.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <bitset>
#include <set>

using namespace securevoice;
using test::key_from;
using test::random_text;
using test::some_time;

namespace {

std::size_t differing_bits(codec c, const text_field& a, const text_field& b)
{
    std::size_t count = 0;
    for (std::size_t n = 0; n < text_octets(c); ++n)
        count += std::bitset<8>(static_cast<unsigned long>(a[n] ^ b[n])).count();
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_mode_and_kind_from_sender_to_receiver)
{
    std::mt19937 random(1);
    const auto key = key_from(1);
    for (const auto m : test::all_modes()) {
        auto sender = session_for_tests::with_salt(&key, m, some_time, { m.code() });
        BOOST_REQUIRE(header_check_fits(sender.head()));
        BOOST_TEST((mode_from_code(sender.head().mode_code()) == m));
        const auto receiver = receiving_session::accept(sender.head(), key);
        BOOST_REQUIRE(receiver.has_value());
        BOOST_TEST((receiver->head() == sender.head()));
        BOOST_TEST(receiver->start_time(some_time + 200) == some_time / 4 * 4);
        const public_session everybody(sender.head());
        for (std::uint32_t number = 0; number < 40; ++number) {
            BOOST_TEST(sender.next_number() == number);
            const auto k = random() & 1 ? kind::secure : kind::clear;
            const auto text = random_text(m.codec, random);
            const auto block = sender.seal(k, text);
            BOOST_TEST(block.piece == header_piece(sender.head(), number));
            text_field opened{};
            BOOST_TEST(receiver->open(number, block, opened) == (k == kind::secure));
            BOOST_TEST(opened == (k == kind::secure ? text : text_field{}));
            opened = {};
            BOOST_TEST(everybody.open(number, block, opened) == (k == kind::clear));
            BOOST_TEST(opened == (k == kind::clear ? text : text_field{}));
            if (k == kind::clear)
                BOOST_TEST(receiver->clear_is_ours(number, block));
        }
    }
}

BOOST_AUTO_TEST_CASE(P8_a_number_is_used_once_and_the_last_one_ends_the_transmission)
{
    const auto key = key_from(1);
    sending_session sender(&key, {}, some_time, {});
    std::set<text_field> streams;
    for (std::uint32_t number = 0; number < max_blocks; ++number) {
        BOOST_REQUIRE_EQUAL(sender.next_number(), number);
        streams.insert(
            sender.seal(kind::secure, {}).body); // of zero text: the stream itself
    }
    BOOST_TEST(streams.size() == max_blocks);
    BOOST_TEST(sender.next_number() == max_blocks);
    for (const auto k : { kind::secure, kind::clear })
        BOOST_CHECK_THROW(sender.seal(k, {}), std::logic_error);
    BOOST_TEST(sender.next_number() == max_blocks);
}

BOOST_AUTO_TEST_CASE(P8_two_transmissions_of_the_same_speech_share_nothing)
{
    const auto key = key_from(1);
    sending_session one(&key, {}, some_time, {});
    sending_session two(&key, {}, some_time, {});
    BOOST_TEST((one.head() != two.head()));
    std::size_t differing = 0;
    const std::size_t blocks = 1000;
    for (std::size_t n = 0; n < blocks; ++n)
        differing += differing_bits(codec::c3200,
                                    one.seal(kind::secure, {}).body,
                                    two.seal(kind::secure, {}).body);
    // 264,000 fair coins: standard deviation 257; 6 of them
    BOOST_TEST(differing > blocks * 132 - 1542);
    BOOST_TEST(differing < blocks * 132 + 1542);
}

BOOST_AUTO_TEST_CASE(secure_and_clear_of_one_number_use_different_streams)
{
    const auto key = key_from(1);
    const salt_value salt{ 1 };
    auto one = session_for_tests::with_salt(&key, {}, some_time, salt);
    auto two = session_for_tests::with_salt(&key, {}, some_time, salt);
    BOOST_TEST((one.head() == two.head()));
    BOOST_TEST(one.seal(kind::secure, {}).body != two.seal(kind::clear, {}).body);
}

BOOST_AUTO_TEST_CASE(P1_a_station_without_key_cannot_send_secure)
{
    sending_session sender(nullptr, {}, some_time, {});
    BOOST_CHECK_THROW(sender.seal(kind::secure, {}), std::logic_error);
    BOOST_TEST(sender.next_number() == 0u);
    const auto block = sender.seal(kind::clear, {});
    text_field text;
    text.fill(1);
    BOOST_TEST(public_session(sender.head()).open(0, block, text));
    BOOST_TEST(text == text_field{});
}

BOOST_AUTO_TEST_CASE(P13_without_key_the_keyed_places_are_random)
{
    std::set<std::uint32_t> times;
    std::set<header_tag> tags;
    for (int n = 0; n < 200; ++n) {
        const auto head = sending_session(nullptr, {}, some_time, {}).head();
        BOOST_REQUIRE(header_check_fits(head));
        times.insert(head.masked_time());
        tags.insert(head.tag());
    }
    BOOST_TEST(times.size() > 195u);
    BOOST_TEST(tags.size() > 195u);
    sending_session sender(nullptr, {}, some_time, {});
    std::set<unsigned> keyed;
    for (int n = 0; n < 2000; ++n)
        keyed.insert(sender.seal(kind::clear, {}).tag.back());
    BOOST_TEST(keyed.size() > 240u);
}

// An octet that stood there twice would tell a station without key from one that has it.
BOOST_AUTO_TEST_CASE(P13_each_random_octet_stands_in_one_place)
{
    std::uint8_t given = 0;
    const auto count_up = [&given](std::uint8_t* octets, std::size_t count) {
        for (std::size_t n = 0; n < count; ++n)
            octets[n] = ++given;
    };
    auto sender = session_for_tests::with_salt(nullptr, {}, some_time, {}, count_up);
    BOOST_TEST(sender.head().masked_time() == 0x01020304u);
    BOOST_TEST((sender.head().tag() == header_tag{ 5, 6, 7, 8 }));
    BOOST_TEST(sender.seal(kind::clear, {}).tag.back() == 9);
}

BOOST_AUTO_TEST_CASE(P13_the_time_on_the_air_is_masked_anew_in_each_transmission)
{
    const auto key = key_from(1);
    std::set<std::uint32_t> times;
    for (int n = 0; n < 200; ++n)
        times.insert(sending_session(&key, {}, some_time, {}).head().masked_time());
    BOOST_TEST(times.size() > 195u);
}

BOOST_AUTO_TEST_CASE(after_a_wipe_nothing_is_sealed_or_opened)
{
    const auto key = key_from(1);
    sending_session sender(&key, {}, some_time, {});
    const auto block = sender.seal(kind::secure, {});
    auto receiver = receiving_session::accept(sender.head(), key);
    text_field text{};
    BOOST_TEST(receiver->open(0, block, text));
    sender.wipe();
    for (const auto k : { kind::secure, kind::clear })
        BOOST_CHECK_THROW(sender.seal(k, {}), std::logic_error);
    BOOST_TEST(sender.next_number() == 1u);
    receiver->wipe();
    BOOST_CHECK_THROW(receiver->open(0, block, text), std::logic_error);
    BOOST_CHECK_THROW(receiver->clear_is_ours(0, block), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_text_that_the_codec_cannot_carry_ends_the_transmission)
{
    const auto key = key_from(1);
    // 1300 uses 112 bits: all of octet 13; 700C uses 64 bits: octet 8 is not sent.
    for (const auto k : { kind::secure, kind::clear })
        for (const auto c : { codec::c1300, codec::c700c }) {
            sending_session sender(&key, { c, profile::narrow }, some_time, {});
            text_field text{};
            text[text_octets(c)] = 1;
            BOOST_CHECK_THROW(sender.seal(k, text), std::logic_error);
            BOOST_CHECK_THROW(sender.seal(k, {}), std::logic_error);
        }
}

BOOST_AUTO_TEST_CASE(wrong_kinds_and_modes_are_refused)
{
    const auto key = key_from(1);
    sending_session sender(&key, {}, some_time, {});
    BOOST_CHECK_THROW(sender.seal(kind::none, {}), std::invalid_argument);
    BOOST_TEST(sender.next_number() == 0u);
    for (const mode bad : { mode{ static_cast<codec>(7), profile::narrow },
                            mode{ static_cast<codec>(8), profile::narrow },
                            mode{ codec::c3200, static_cast<profile>(7) } })
        BOOST_CHECK_THROW(sending_session(&key, bad, some_time, {}),
                          std::invalid_argument);
}

// What seal() asks of its own block before it hands it out.
BOOST_AUTO_TEST_CASE(P1_the_senders_own_check_sees_every_fault)
{
    std::mt19937 random(2);
    const auto key = key_from(1);
    auto sender = session_for_tests::with_salt(&key, {}, some_time, {});
    const auto head = sender.head();
    const public_session everybody(head);
    const auto ctx = context_of(head);
    const voice_keys keys(key, ctx, head.masked_time() ^ header_keys(key, ctx).mask());
    const auto wanted = [&](const voice_keys* k,
                            std::uint32_t number,
                            kind as,
                            const text_field& text,
                            const air_block& block) {
        return detail::block_is_as_wanted(k, everybody, number, as, text, block);
    };

    const auto text = random_text(codec::c3200, random);
    const auto secure = sender.seal(kind::secure, text);
    const auto clear = sender.seal(kind::clear, text);
    BOOST_TEST(wanted(&keys, 0, kind::secure, text, secure));
    BOOST_TEST(wanted(&keys, 1, kind::clear, text, clear));
    BOOST_TEST(wanted(nullptr, 1, kind::clear, text, clear));

    BOOST_TEST(!wanted(&keys, 1, kind::secure, text, secure)); // number
    BOOST_TEST(!wanted(&keys, 0, kind::clear, text, secure));  // kind
    BOOST_TEST(!wanted(&keys, 1, kind::secure, text, clear));
    BOOST_TEST(!wanted(nullptr, 0, kind::secure, text, secure)); // key
    auto other_text = text;
    other_text[5] ^= 4;
    BOOST_TEST(!wanted(&keys, 0, kind::secure, other_text, secure));
    BOOST_TEST(!wanted(&keys, 1, kind::clear, other_text, clear));
    auto altered = clear;
    altered.tag.back() ^= 1; // the keyed octet
    BOOST_TEST(!wanted(&keys, 1, kind::clear, text, altered));
}

BOOST_AUTO_TEST_CASE(P8_a_forked_process_cannot_go_on_with_the_numbers)
{
    const auto key = key_from(1);
    sending_session sender(&key, {}, some_time, {});
    sender.seal(kind::secure, {});
    const auto child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        try {
            sender.seal(kind::secure, {});
        } catch (const std::logic_error&) {
            _exit(0);
        }
        _exit(1);
    }
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    BOOST_CHECK_NO_THROW(sender.seal(kind::secure, {}));
}

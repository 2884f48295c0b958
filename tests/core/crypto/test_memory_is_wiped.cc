/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE memory_is_wiped
#include "../memory_search.h"
#include "core/crypto/derived_keys.h"
#include "core/crypto/session.h"
#include "helpers.h"

#include <boost/test/unit_test.hpp>

// P18: after the keys are gone, no page of the process that can be written holds one.

using namespace securevoice;
using memory_search::inverted;
using memory_search::occurrences;
using memory_search::remember;

namespace {

struct secrets {
    inverted key;
    inverted enc;
    inverted mac;
};

secrets secrets_of(const secret_key& key, const header& h)
{
    const auto ctx = context_of(h);
    const auto start = h.masked_time() ^ header_keys(key, ctx).mask();
    const voice_keys stage2(key, ctx, start);
    return { remember(key.data(), secret_key::size),
             remember(stage2.enc(), 32),
             remember(stage2.mac(), 32) };
}

} // namespace

BOOST_AUTO_TEST_CASE(P18_the_search_finds_what_is_there)
{
    const auto key = secret_key::random();
    const auto wanted = remember(key.data(), secret_key::size);
    BOOST_TEST(occurrences(wanted) == 1u); // where it has to be, and nowhere else
    const std::vector<std::uint8_t> copy(key.data(), key.data() + secret_key::size);
    BOOST_TEST(occurrences(wanted) == 2u);
    BOOST_TEST(copy.size() == 32u);
}

BOOST_AUTO_TEST_CASE(P18_nothing_is_left_of_a_call)
{
    secrets kept;
    {
        auto key = secret_key::random();
        sending_session sender(&key, {}, test::some_time, {});
        auto receiver = receiving_session::accept(sender.head(), key);
        BOOST_REQUIRE(receiver.has_value());
        kept = secrets_of(key, sender.head());
        for (std::uint32_t n = 0; n < 10; ++n) {
            text_field text{};
            const auto secure = sender.seal(kind::secure, text);
            BOOST_REQUIRE(receiver->open(2 * n, secure, text));
            const auto clear = sender.seal(kind::clear, text);
            BOOST_REQUIRE(receiver->clear_is_ours(2 * n + 1, clear));
        }
        BOOST_TEST(occurrences(kept.key) == 1u);
        BOOST_TEST(occurrences(kept.enc) == 2u); // the sender's and the receiver's
        BOOST_TEST(occurrences(kept.mac) == 2u);
        sender.wipe();
        BOOST_TEST(occurrences(kept.enc) == 1u);
        receiver->wipe();
        key.wipe();
        BOOST_TEST(occurrences(kept.enc) == 0u);
        BOOST_TEST(occurrences(kept.mac) == 0u);
        BOOST_TEST(occurrences(kept.key) == 0u);
    }
}

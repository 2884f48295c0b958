/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE key_file_is_wiped
#include "../memory_search.h"
#include "../temporary_folder.h"
#include "core/keys/key_file.h"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <algorithm>

// P18: what a key file and its passphrase left in memory is gone with them.
// tests/core/crypto/test_memory_is_wiped.cc shows that the search finds what is there.

using namespace securevoice;
using memory_search::inverted;
using memory_search::occurrences;
using memory_search::remember;

BOOST_AUTO_TEST_CASE(P18_nothing_is_left_of_a_key_file)
{
    const test::temporary_folder folder;
    inverted octets;
    inverted digits;
    {
        const keyring ring(folder.path());
        auto made = ring.create("k");
        octets = remember(made->key.data(), secret_key::size);
        for (const auto inverse : octets)
            for (const auto shift : { 4, 0 })
                digits.push_back(static_cast<std::uint8_t>(
                    ~static_cast<unsigned>("0123456789abcdef"[~inverse >> shift & 15])));
        made.reset();
        const auto loaded = ring.load("k");
        BOOST_TEST(occurrences(octets) == 1u);
    }
    BOOST_TEST(occurrences(octets) == 0u);
    // Any 16 of the 64 digits.
    for (std::size_t n = 0; n + 16 <= digits.size(); n += 16)
        BOOST_TEST(occurrences(inverted(digits.begin() + static_cast<std::ptrdiff_t>(n),
                                        digits.begin() + static_cast<std::ptrdiff_t>(n) +
                                            16)) == 0u);
}

BOOST_AUTO_TEST_CASE(P18_nothing_is_left_of_a_sealed_key_and_its_passphrase)
{
    const test::temporary_folder folder;
    const keyring ring(folder.path());
    inverted octets;
    inverted typed;
    // A passphrase that stands nowhere in the program; printable, as if typed.
    const auto type = [&typed] {
        passphrase p;
        for (const auto inverse : typed)
            p.append(static_cast<std::uint8_t>(~inverse));
        return p;
    };
    {
        const auto random = secret_key::random();
        for (std::size_t n = 0; n < 24; ++n)
            typed.push_back(static_cast<std::uint8_t>(~('a' + random.data()[n] % 26)));
    }
    {
        const auto secret = type();
        auto made = ring.create("k", { &secret, least_cost });
        octets = remember(made->key.data(), secret_key::size);
        BOOST_TEST(occurrences(typed) == 1u);
        made.reset();
        const auto loaded =
            ring.load("k", key_use::send, [&type](const std::string&, passphrase_for) {
                return type();
            });
        BOOST_TEST(occurrences(octets) == 1u);
        BOOST_TEST(occurrences(typed) == 1u);
        ring.replace({ "k", secret_key::random(), {} }, {});
    }
    BOOST_TEST(occurrences(octets) == 0u);
    BOOST_TEST(occurrences(typed) == 0u);
    // From a pipe too, right or wrong.
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    {
        const auto secret = type();
        ring.replace({ "k", secret_key::random(), {} }, { &secret, least_cost });
        secret_memory line(typed.size() + 1); // in locked memory, wiped
        std::copy_n(secret.data(), secret.size(), line.data());
        line.data()[secret.size()] = '\n';
        BOOST_REQUIRE(write(ends[1], line.data(), line.size()) ==
                      static_cast<ssize_t>(line.size()));
        BOOST_REQUIRE(write(ends[1], "x", 1) == 1);
        BOOST_REQUIRE(write(ends[1], line.data(), line.size()) ==
                      static_cast<ssize_t>(line.size()));
    }
    const auto ask = passphrase_from_descriptor(ends[0]);
    BOOST_CHECK_NO_THROW(ring.load("k", key_use::send, ask));
    BOOST_CHECK_THROW(ring.load("k", key_use::send, ask), key_error);
    BOOST_TEST(occurrences(typed) == 0u);
    close(ends[0]);
    close(ends[1]);
}

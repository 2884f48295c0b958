/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE memory_is_wiped
#include "core/crypto/derived_keys.h"
#include "core/crypto/key_file.h"
#include "helpers.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

// P18: after the keys are gone, no page of the process that can be written holds one.

using namespace securevoice;

namespace {

// A secret's octets inverted: so that what we look for is not in memory because we look for it.
using inverted = std::vector<std::uint8_t>;

inverted remember(const std::uint8_t* octets, std::size_t count)
{
    inverted out(count);
    for (std::size_t n = 0; n < count; ++n)
        out[n] = static_cast<std::uint8_t>(~octets[n]);
    return out;
}

// Number of places in this process's writable memory that hold the octets.
unsigned occurrences(const inverted& wanted)
{
    // Pages are read through a file, inverted at once, so that the copy is no finding of its own.
    static std::array<std::uint8_t, 65536> window;
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    BOOST_REQUIRE(memory >= 0);
    std::ifstream maps("/proc/self/maps");
    unsigned found = 0;
    const auto own = reinterpret_cast<std::uintptr_t>(window.data());
    for (std::string line; std::getline(maps, line);) {
        unsigned long from = 0;
        unsigned long to = 0;
        char access[5] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, access) != 3 ||
            access[0] != 'r' || access[1] != 'w' || to - from > (1ul << 28))
            continue;         // larger ones are a sanitizer's own
        std::size_t kept = 0; // octets of the last window: a secret may lie across two
        for (auto at = from; at < to;) {
            auto count = std::min<std::size_t>(window.size() - kept, to - at);
            if (at < own + window.size() && at + count > own) { // our window
                if (at >= own) {
                    at = std::min<unsigned long>(to, own + window.size());
                    kept = 0;
                    continue;
                }
                count = own - at;
            }
            const auto got =
                pread(memory, window.data() + kept, count, static_cast<off_t>(at));
            if (got <= 0)
                break;
            for (std::size_t n = kept; n < kept + static_cast<std::size_t>(got); ++n)
                window[n] = static_cast<std::uint8_t>(~window[n]);
            const auto end = window.begin() + static_cast<std::ptrdiff_t>(kept) + got;
            for (auto place = window.begin();; ++place) {
                place = std::search(place, end, wanted.begin(), wanted.end());
                if (place == end)
                    break;
                ++found;
            }
            kept = std::min(wanted.size() - 1,
                            static_cast<std::size_t>(end - window.begin()));
            std::copy(end - static_cast<std::ptrdiff_t>(kept), end, window.begin());
            at += static_cast<unsigned long>(got);
        }
        window.fill(0);
    }
    close(memory);
    return found;
}

struct secrets {
    inverted key;
    inverted enc;
    inverted mac;
    inverted head;
};

secrets secrets_of(const secret_key& key, const header& h)
{
    const auto ctx = context_of(h);
    const auto start = h.masked_time() ^ header_keys(key, ctx).mask();
    const voice_keys stage2(key, ctx, start);
    return { remember(key.data(), secret_key::size),
             remember(stage2.enc(), 32),
             remember(stage2.mac(), 32),
             {} };
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
            const auto block = sender.seal(kind::secure, text);
            BOOST_REQUIRE(receiver->open(n, block, text));
            BOOST_REQUIRE(
                receiver->clear_is_ours(n + 10, sender.seal(kind::clear, text)) == false);
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

BOOST_AUTO_TEST_CASE(P18_nothing_is_left_of_a_key_file)
{
    char folder[] = "/tmp/securevoice-wiped-XXXXXX";
    BOOST_REQUIRE(mkdtemp(folder));
    inverted octets;
    inverted digits;
    {
        const keyring ring(folder);
        auto made = ring.create("k");
        octets = remember(made->key.data(), secret_key::size);
        {
            auto hex = test::to_hex(made->key.data(), secret_key::size);
            digits =
                remember(reinterpret_cast<const std::uint8_t*>(hex.data()), hex.size());
            std::fill(hex.begin(), hex.end(), '0');
        }
        made.reset();
        const auto loaded = ring.load("k");
        BOOST_TEST(occurrences(octets) == 1u);
        unlink(ring.path_of("k").c_str());
        rmdir(folder);
    }
    BOOST_TEST(occurrences(octets) == 0u);
    // Any 16 of the 64 digits.
    for (std::size_t n = 0; n + 16 <= digits.size(); n += 16)
        BOOST_TEST(occurrences(inverted(digits.begin() + static_cast<std::ptrdiff_t>(n),
                                        digits.begin() + static_cast<std::ptrdiff_t>(n) +
                                            16)) == 0u);
}

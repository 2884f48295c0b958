/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE secret_key
#include "core/crypto/detail/start.h"
#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"
#include "helpers.h"

#include <boost/test/unit_test.hpp>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <type_traits>
#include <algorithm>
#include <set>

using namespace securevoice;

static_assert(!std::is_copy_constructible_v<secret_key> &&
                  !std::is_copy_assignable_v<secret_key>,
              "a key is not copied");
static_assert(!std::is_copy_constructible_v<secret_memory>, "secrets are not copied");

namespace {

template <typename T, typename = void>
struct can_be_printed : std::false_type {
};
template <typename T>
struct can_be_printed<
    T,
    std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {
};
static_assert(!can_be_printed<secret_key>::value, "a key is not printed");

} // namespace

BOOST_AUTO_TEST_CASE(take_keeps_the_octets_and_wipes_the_source)
{
    std::array<std::uint8_t, 32> octets;
    for (std::size_t n = 0; n < 32; ++n)
        octets[n] = static_cast<std::uint8_t>(n + 1);
    const auto kept = octets;
    const auto key = secret_key::take(octets.data(), octets.size());
    BOOST_TEST(std::equal(kept.begin(), kept.end(), key.data()));
    BOOST_TEST(octets == (std::array<std::uint8_t, 32>{}));
}

BOOST_AUTO_TEST_CASE(P9_short_long_and_zero_keys_are_refused_and_wiped)
{
    for (const std::size_t count : { 0u, 1u, 16u, 31u, 33u, 64u }) {
        std::vector<std::uint8_t> octets(count, 0x5A);
        BOOST_CHECK_THROW(secret_key::take(octets.data(), octets.size()),
                          std::invalid_argument);
        BOOST_TEST(std::count(octets.begin(), octets.end(), 0x5A) == 0);
    }
    std::array<std::uint8_t, 32> zeros{};
    BOOST_CHECK_THROW(secret_key::take(zeros.data(), zeros.size()),
                      std::invalid_argument);
    BOOST_CHECK_THROW(secret_key::take(nullptr, 32), std::invalid_argument);
    // One bit that is set is enough, wherever it stands.
    for (std::size_t n = 0; n < 32; ++n) {
        std::array<std::uint8_t, 32> octets{};
        octets[n] = 0x80;
        BOOST_CHECK_NO_THROW(secret_key::take(octets.data(), octets.size()));
    }
}

BOOST_AUTO_TEST_CASE(random_keys_differ)
{
    std::set<std::string> seen;
    for (int n = 0; n < 100; ++n) {
        const auto key = secret_key::random();
        seen.insert(test::to_hex(key.data(), secret_key::size));
    }
    BOOST_TEST(seen.size() == 100u);
}

BOOST_AUTO_TEST_CASE(same_compares_octets)
{
    const auto a = test::key_from(1);
    BOOST_TEST(a.same(test::key_from(1)));
    for (std::size_t bit = 0; bit < 256; ++bit) {
        std::array<std::uint8_t, 32> octets;
        std::copy_n(a.data(), 32, octets.begin());
        octets[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        BOOST_TEST(!a.same(secret_key::take(octets.data(), 32)));
    }
}

BOOST_AUTO_TEST_CASE(a_wiped_or_moved_key_cannot_be_used)
{
    auto key = test::key_from(1);
    BOOST_TEST(!key.wiped());
    auto moved = std::move(key);
    BOOST_TEST(key.wiped());
    BOOST_CHECK_THROW(key.data(), std::logic_error);
    BOOST_TEST(moved.same(test::key_from(1)));
    moved.wipe();
    BOOST_TEST(moved.wiped());
    BOOST_TEST(!moved.locked());
    BOOST_CHECK_THROW(moved.data(), std::logic_error);
    BOOST_CHECK_THROW(moved.fingerprint(), std::logic_error);
    BOOST_CHECK_THROW(test::key_from(1).same(moved), std::logic_error);
    moved = test::key_from(2);
    BOOST_TEST(moved.same(test::key_from(2)));
}

BOOST_AUTO_TEST_CASE(fingerprint_has_eight_base32_letters)
{
    std::set<std::string> seen;
    for (std::uint8_t seed = 0; seed < 50; ++seed) {
        const auto letters = test::key_from(seed).fingerprint();
        BOOST_TEST(letters.size() == 8u);
        BOOST_TEST(letters.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") ==
                   std::string::npos);
        seen.insert(letters);
    }
    BOOST_TEST(seen.size() == 50u);
}

BOOST_AUTO_TEST_CASE(it_tells_whether_its_memory_is_locked)
{
    std::uint8_t octet = 0;
    const bool allowed = mlock(&octet, sizeof(octet)) == 0;
    BOOST_TEST(test::key_from(1).locked() == allowed);
    // In a process that may lock nothing it works too, and says so.
    const auto child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit none{ 0, 0 };
        const bool limited =
            setrlimit(RLIMIT_MEMLOCK, &none) == 0 &&
            (geteuid() != 0 || setuid(65534) == 0); // root is not limited
        // Sanitizers make mlock do nothing, successfully.
        const bool still_allowed = mlock(&octet, sizeof(octet)) == 0;
        _exit(limited && test::key_from(1).locked() == still_allowed ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

BOOST_AUTO_TEST_CASE(P2_nothing_starts_when_libsodium_does_not)
{
    BOOST_CHECK_THROW(detail::start_crypto_by([] { return -1; }), std::runtime_error);
    BOOST_CHECK_NO_THROW(detail::start_crypto_by([] { return 0; }));
    BOOST_CHECK_NO_THROW(detail::start_crypto_by([] { return 1; })); // was started before
    BOOST_CHECK_NO_THROW(start_crypto());
}

BOOST_AUTO_TEST_CASE(memory_that_cannot_be_had_is_an_error)
{
    BOOST_CHECK_THROW(secret_memory(std::size_t{ 1 } << 60), std::runtime_error);
}

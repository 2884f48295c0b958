/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE salt
#include "helpers.h"
#include "session_for_tests.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

using namespace securevoice;

namespace {

// A random source that has failed in the worst way: it gives the same octets always.
void stuck(std::uint8_t* octets, std::size_t count)
{
    std::fill_n(octets, count, std::uint8_t{ 1 });
}

} // namespace

BOOST_AUTO_TEST_CASE(P8_100000_transmissions_have_different_salts)
{
    const auto key = test::key_from(1);
    std::set<salt_value> seen;
    for (int n = 0; n < 100000; ++n)
        seen.insert(sending_session(&key, {}, test::some_time, {}).head().salt());
    BOOST_TEST(seen.size() == 100000u);
}

BOOST_AUTO_TEST_CASE(P8_even_a_stuck_random_source_repeats_no_salt)
{
    const auto key = test::key_from(1);
    std::set<salt_value> seen;
    for (int n = 0; n < 1000; ++n)
        seen.insert(session_for_tests::with_random(&key, {}, test::some_time, {}, stuck)
                        .head()
                        .salt());
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(P8_every_input_changes_the_salt)
{
    const auto key = test::key_from(1);
    const auto other_key = test::key_from(2);
    salt_inputs inputs;
    std::set<salt_value> seen{ make_salt(&key, inputs),
                               make_salt(&other_key, inputs),
                               make_salt(nullptr, inputs) };
    const auto with = [&](auto change) {
        salt_inputs changed;
        change(changed);
        seen.insert(make_salt(&key, changed));
    };
    with([](salt_inputs& i) { i.random.back() = 1; });
    with([](salt_inputs& i) { i.wall_clock = 1; });
    with([](salt_inputs& i) { i.monotonic_clock = 1; });
    with([](salt_inputs& i) { i.counter = 1; });
    with([](salt_inputs& i) { i.process = 1; });
    with([](salt_inputs& i) { i.first_audio.back() = 1; });
    BOOST_TEST(seen.size() == 9u);
}

BOOST_AUTO_TEST_CASE(inputs_are_gathered)
{
    audio_digest audio;
    audio.fill(3);
    const auto first = gather_salt_inputs(stuck, audio);
    const auto second = gather_salt_inputs(stuck, audio);
    BOOST_TEST(first.random.front() == 1);
    BOOST_TEST(first.random.back() == 1);
    BOOST_TEST(first.first_audio == audio);
    BOOST_TEST(first.wall_clock > 1577836800u * 1000000000u); // after 2020
    BOOST_TEST(second.monotonic_clock >= first.monotonic_clock);
    BOOST_TEST(second.counter == first.counter + 1);
    BOOST_TEST(first.process == static_cast<std::uint64_t>(getpid()));
}

BOOST_AUTO_TEST_CASE(P8_a_fork_with_all_else_alike_gets_other_salt_inputs)
{
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    const auto child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        const auto inputs = gather_salt_inputs(stuck, {});
        const bool written = write(ends[1], &inputs.process, sizeof(inputs.process)) ==
                             sizeof(inputs.process);
        _exit(written ? 0 : 1);
    }
    std::uint64_t process_of_child = 0;
    BOOST_REQUIRE(read(ends[0], &process_of_child, sizeof(process_of_child)) ==
                  sizeof(process_of_child));
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST(process_of_child == static_cast<std::uint64_t>(child));
    BOOST_TEST(process_of_child != gather_salt_inputs(stuck, {}).process);
    close(ends[0]);
    close(ends[1]);
}

BOOST_AUTO_TEST_CASE(P2_a_failing_random_source_stops_the_transmission)
{
    const auto key = test::key_from(1);
    const auto fails = [](std::uint8_t*, std::size_t) {
        throw std::runtime_error("the random source is gone");
    };
    const auto zeros = [](std::uint8_t* octets, std::size_t count) {
        std::fill_n(octets, count, std::uint8_t{ 0 });
    };
    for (const random_source& bad : { random_source(fails), random_source(zeros) })
        for (const auto* k : { &key, static_cast<const secret_key*>(nullptr) })
            BOOST_CHECK_THROW(
                session_for_tests::with_random(k, {}, test::some_time, {}, bad),
                std::runtime_error);
}

BOOST_AUTO_TEST_CASE(P2_a_random_source_that_fails_later_ends_the_transmission)
{
    bool works = true;
    const random_source random = [&works](std::uint8_t* octets, std::size_t count) {
        if (!works)
            throw std::runtime_error("the random source is gone");
        stuck(octets, count);
    };
    auto sender =
        session_for_tests::with_random(nullptr, {}, test::some_time, {}, random);
    sender.seal(kind::clear, {});
    works = false;
    BOOST_CHECK_THROW(sender.seal(kind::clear, {}), std::runtime_error);
    works = true;
    BOOST_CHECK_THROW(sender.seal(kind::clear, {}), std::logic_error); // wiped
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE replay_memory
#include "replay_helpers.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <limits>
#include <vector>

using namespace securevoice;
using test::knows;
using test::salt_of;
using test::same;
using test::station;

namespace {

struct {
    int count = 0;
    int error = 0; // to fail with
    std::string path;
    std::string octets; // of the file when it was called
    bool unlocked = false;
} sync_calls;

std::uint64_t little_endian(const std::string& octets, std::size_t at, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t n = count; n-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(octets.at(at + n));
    return value;
}

template <typename Octets>
std::string text_of(const Octets& octets, std::size_t count)
{
    return { reinterpret_cast<const char*>(octets), count };
}

// Ends the child with what the action says; true if all went well.
template <typename Action>
pid_t in_child(Action action)
{
    const auto child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
        _exit(action() ? 0 : 1);
    return child;
}

bool went_well(pid_t child)
{
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

} // namespace

// In the place of the C library's, so that the tests see when the disk is asked.
extern "C" int fdatasync(int file)
{
    ++sync_calls.count;
    if (!sync_calls.path.empty()) {
        sync_calls.octets = test::octets_of_file(sync_calls.path);
        const int other = open(sync_calls.path.c_str(), O_RDONLY | O_CLOEXEC);
        sync_calls.unlocked = flock(other, LOCK_EX | LOCK_NB) == 0;
        close(other);
    }
    if (sync_calls.error != 0) {
        errno = sync_calls.error;
        return -1;
    }
    return static_cast<int>(syscall(SYS_fdatasync, file));
}

BOOST_AUTO_TEST_CASE(what_is_stored_is_found_after_a_restart)
{
    station s;
    const auto other_key = test::key_from(6);
    {
        const auto memory = s.start();
        BOOST_TEST(memory->problem() == "");
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(!memory->find(s.key, salt_of(1)));
        memory->store(s.key, salt_of(1), knows(7, -250));
        memory->store(s.key, salt_of(2), knows(4294967295, INT64_MIN, true));
        memory->store(s.key, salt_of(3), knows(0, INT64_MAX, false, true));
        BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(7, -250)));
    }
    const auto began = s.time;
    s.time += 1e7;
    const auto memory = s.start();
    BOOST_TEST(memory->problem() == "");
    BOOST_TEST(memory->complete_since() == began);
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(7, -250)));
    BOOST_TEST(same(memory->find(s.key, salt_of(2)), knows(4294967295, INT64_MIN, true)));
    BOOST_TEST(same(memory->find(s.key, salt_of(3)), knows(0, INT64_MAX, false, true)));
    BOOST_TEST(!memory->find(s.key, salt_of(4)));
    BOOST_TEST(!memory->find(other_key, salt_of(1)));
}

BOOST_AUTO_TEST_CASE(two_processes_see_and_merge_what_the_other_stores)
{
    station s;
    const auto a = s.start();
    const auto b = s.start();
    a->store(s.key, salt_of(1), knows(50, 30));
    BOOST_TEST(same(b->find(s.key, salt_of(1)), knows(50, 30)));
    b->store(s.key, salt_of(1), knows(20, 10, true));
    BOOST_TEST(same(a->find(s.key, salt_of(1)), knows(50, 10, true)));
    a->store(s.key, salt_of(1), knows(60, 40, false, true));
    b->store(s.key, salt_of(1), knows(1, 99));
    const auto c = s.start();
    for (auto* memory : { a.get(), b.get(), c.get() })
        BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(60, 10, true, true)));
    BOOST_TEST(s.octets().substr(128, 64) == std::string(64, '\0')); // one record
}

BOOST_AUTO_TEST_CASE(many_processes_lose_nothing)
{
    station s;
    constexpr std::uint32_t writers = 6, rounds = 12;
    const auto before = s.start(); // before the file is written by the others
    std::vector<pid_t> children;
    for (std::uint32_t w = 0; w < writers; ++w)
        children.push_back(in_child([&] {
            // Some use what they were forked with.
            auto own = w % 2 ? s.start() : nullptr;
            auto& memory = own ? *own : *before;
            for (std::uint32_t n = 0; n < rounds; ++n) {
                memory.store(s.key, salt_of(1000 + w * rounds + n), knows(n + 1, w));
                memory.store(s.key,
                             salt_of(1),
                             knows(w * rounds + n, -static_cast<int>(w * rounds + n)));
                if (!memory.find(s.key, salt_of(1000 + w * rounds + n)))
                    return false;
            }
            return memory.problem().empty();
        }));
    for (const auto child : children)
        BOOST_TEST(went_well(child));
    s.time += 10;
    const auto memory = s.start();
    BOOST_TEST(memory->problem() == "");
    BOOST_TEST(memory->complete_since() == s.time - 10);
    constexpr int last = writers * rounds - 1;
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(last, -last)));
    for (std::uint32_t w = 0; w < writers; ++w)
        for (std::uint32_t n = 0; n < rounds; ++n)
            BOOST_TEST(same(memory->find(s.key, salt_of(1000 + w * rounds + n)),
                            knows(n + 1, w)));
    BOOST_TEST(little_endian(s.octets(), 32, 8) == writers * rounds + 1);
}

BOOST_AUTO_TEST_CASE(a_killed_process_loses_nothing_that_was_stored)
{
    station s;
    for (int round = 0; round < 3; ++round) {
        int pipe_ends[2];
        BOOST_REQUIRE(pipe(pipe_ends) == 0);
        const auto child = in_child([&] {
            const auto memory = s.start();
            for (std::uint32_t n = 1;; ++n) {
                memory->store(
                    s.key, salt_of(static_cast<std::uint32_t>(round)), knows(n));
                if (write(pipe_ends[1], &n, sizeof(n)) != sizeof(n))
                    return false;
            }
        });
        close(pipe_ends[1]);
        std::uint32_t stored = 0, n = 0;
        while (stored < 20u + 7u * static_cast<unsigned>(round) &&
               read(pipe_ends[0], &n, sizeof(n)) == sizeof(n))
            stored = n;
        kill(child, SIGKILL);
        while (read(pipe_ends[0], &n, sizeof(n)) == sizeof(n))
            stored = n;
        close(pipe_ends[0]);
        int status = 0;
        BOOST_REQUIRE(waitpid(child, &status, 0) == child);
        BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
        const auto found =
            s.start()->find(s.key, salt_of(static_cast<std::uint32_t>(round)));
        BOOST_REQUIRE(found.has_value());
        BOOST_TEST(found->next >= stored);
    }
}

BOOST_AUTO_TEST_CASE(it_is_on_disk_when_store_returns)
{
    station s;
    const auto memory = s.start();
    sync_calls = {};
    sync_calls.path = s.file();
    for (std::uint32_t n = 1; n <= 3; ++n) {
        const auto before = sync_calls.count;
        memory->store(s.key, salt_of(1), knows(0x01020304 + n));
        BOOST_TEST(sync_calls.count == before + 1);
        BOOST_TEST(sync_calls.octets == s.octets()); // nothing is written afterwards
        BOOST_TEST(little_endian(sync_calls.octets, 64 + 32, 4) == 0x01020304 + n);
        BOOST_TEST(sync_calls.unlocked); // a slow disk holds up nobody else
    }
    // The same again: another process may have written it and not yet waited for the
    // disk.
    const auto before = sync_calls.count;
    memory->store(s.key, salt_of(1), knows(1));
    BOOST_TEST(sync_calls.count == before + 1);
    // A disk that fails is told, and remembered here.
    sync_calls.error = EIO;
    memory->store(s.key, salt_of(2), knows(9));
    BOOST_TEST(memory->problem().find("cannot be written") != std::string::npos);
    BOOST_TEST(same(memory->find(s.key, salt_of(2)), knows(9)));
    sync_calls = {};
}

BOOST_AUTO_TEST_CASE(the_file_is_as_documented)
{
    station s;
    const auto old = umask(0777); // the mode does not depend on it
    const auto deep = s.folder / "a/b/c";
    {
        replay_memory memory(deep, [&] { return s.time; });
        umask(old);
        BOOST_TEST(memory.problem() == "");
        memory.store(s.key, salt_of(1), knows(0x11223344, -2, true, false));
        memory.store(s.key, salt_of(2), knows(5, 1000, false, true));
    }
    for (const auto* folder : { "a", "a/b", "a/b/c" })
        BOOST_TEST(test::access_of(s.folder / folder) == 0700u);
    BOOST_TEST(test::access_of(deep + "/replay-memory") == 0600u);
    const auto octets = test::octets_of_file(deep + "/replay-memory");
    BOOST_TEST(octets.size() == 64u + 64u * 16384u);
    BOOST_TEST(octets.substr(0, 8) == "svreplay");
    BOOST_TEST(little_endian(octets, 8, 4) == 1u);
    BOOST_TEST(little_endian(octets, 16, 8) ==
               static_cast<std::uint64_t>(test::some_time) * 1000);
    BOOST_TEST(little_endian(octets, 32, 8) == 2u);
    BOOST_TEST(little_endian(octets, 64 + 16, 8) == 0u);
    BOOST_TEST(little_endian(octets, 64 + 24, 8) == static_cast<std::uint64_t>(-2));
    BOOST_TEST(little_endian(octets, 64 + 32, 4) == 0x11223344u);
    BOOST_TEST(little_endian(octets, 64 + 36, 1) == 1u);
    BOOST_TEST(little_endian(octets, 128 + 16, 8) == 1u);
    BOOST_TEST(little_endian(octets, 128 + 36, 1) == 2u);
    BOOST_TEST(octets.substr(192).find_first_not_of('\0') == std::string::npos);
    // The id, by libsodium alone.
    const auto salt = salt_of(1);
    std::array<std::uint8_t, 32> digest;
    std::array<std::uint8_t, 16> domain{}, personal{};
    std::memcpy(domain.data(), "replay-record", 13);
    std::memcpy(personal.data(), "gr-securevoice/1", 16);
    crypto_generichash_blake2b_salt_personal(digest.data(),
                                             digest.size(),
                                             salt.data(),
                                             salt.size(),
                                             s.key.data(),
                                             secret_key::size,
                                             domain.data(),
                                             personal.data());
    BOOST_TEST(octets.substr(64, 16) == text_of(digest.data(), 16));
}

BOOST_AUTO_TEST_CASE(the_file_names_neither_keys_nor_transmissions)
{
    station s;
    test::fill(s, 20);
    const auto octets = s.octets();
    constexpr std::size_t part = 4; // 1e-5 to be there by chance
    for (std::size_t n = 0; n + part <= secret_key::size; ++n)
        BOOST_TEST(octets.find(text_of(s.key.data() + n, part)) == std::string::npos);
    for (std::uint32_t number = 0; number < 20; ++number) {
        const auto salt = salt_of(number);
        for (std::size_t n = 0; n + part <= salt.size(); ++n)
            BOOST_TEST(octets.find(text_of(salt.data() + n, part)) == std::string::npos);
    }
    // Nor when: only when the file was begun, never when a record was made.
    const auto memory = s.start();
    const auto header = s.octets().substr(0, 64);
    s.time += 1000;
    memory->store(s.key, salt_of(3), knows(99));
    BOOST_TEST(s.octets().substr(0, 64) == header);
}

BOOST_AUTO_TEST_CASE(the_first_inserted_makes_room)
{
    station s;
    auto contents = detail::replay_contents::begin(test::some_time * 1000);
    std::vector<detail::replay_id> ids;
    for (std::uint32_t n = 0; n < detail::replay_capacity - 1; ++n) {
        detail::replay_record record{ {}, knows(n) };
        std::memcpy(record.id.data(), &n, sizeof(n));
        ids.push_back(record.id);
        // The first half was inserted within 8192 s.
        contents.put(record, (test::some_time + n) * 1000);
    }
    const auto full = detail::encode_replay(contents);
    s.write({ full.begin(), full.end() });
    s.time += 1e6;
    const auto memory = s.start();
    BOOST_TEST(memory->problem() == "");
    const auto there = [&](std::size_t n) {
        const auto octets = s.octets();
        const auto parsed = detail::parse_replay(
            reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
        BOOST_TEST((parsed.condition == detail::replay_condition::good));
        return parsed.contents.find(ids[n]).has_value();
    };
    memory->store(s.key, salt_of(0), knows(1)); // the last free place
    BOOST_TEST(there(0));
    BOOST_TEST(memory->complete_since() == test::some_time);
    // A clock that is wrong changes nothing about who goes.
    s.time = 4070908800; // 2099
    memory->store(s.key, salt_of(1), knows(2));
    BOOST_TEST(!there(0));
    BOOST_TEST(there(1));
    BOOST_TEST(s.octets().size() == detail::replay_file_octets);
    // What goes now was inserted before the second half was begun.
    BOOST_TEST(memory->complete_since() == test::some_time + 8192);
    s.time = static_cast<double>(test::some_time) + 1e6;
    memory->store(s.key, salt_of(2), knows(3));
    memory->store(s.key, salt_of(1), knows(4)); // in its place
    BOOST_TEST(!there(1));
    BOOST_TEST(there(2));
    const auto again = s.start();
    BOOST_TEST(same(again->find(s.key, salt_of(0)), knows(1)));
    BOOST_TEST(same(again->find(s.key, salt_of(1)), knows(4)));
    BOOST_TEST(same(again->find(s.key, salt_of(2)), knows(3)));
    BOOST_TEST(again->complete_since() == test::some_time + 8192);
    BOOST_TEST(again->problem() == "");
}

BOOST_AUTO_TEST_CASE(the_ring_goes_round_and_round)
{
    auto contents = detail::replay_contents::begin(0);
    constexpr std::uint32_t count = 3 * detail::replay_capacity + 100;
    for (std::uint32_t n = 0; n < count; ++n) {
        detail::replay_record record{ {}, knows(n) };
        // Look-ups of all before would take long: these are told apart by their place.
        std::memcpy(record.id.data(), &n, sizeof(n));
        if (n + 64 < count && n % 8192 > 2) {
            // as put() does for a new one
            contents.records.push_back(record);
            if (contents.records.size() > detail::replay_capacity)
                contents.records.erase(contents.records.begin());
            ++contents.inserted;
        } else {
            contents.put(record, n);
        }
        // Everything that went was inserted before.
        if (n >= detail::replay_capacity && n % 8192 == 1)
            BOOST_TEST(contents.complete_since ==
                       static_cast<std::int64_t>(n - 1 - detail::replay_capacity / 2));
    }
    const auto octets = detail::encode_replay(contents);
    const auto parsed = detail::parse_replay(octets.data(), octets.size());
    BOOST_TEST((parsed.condition == detail::replay_condition::good));
    BOOST_TEST(parsed.contents.inserted == count);
    BOOST_REQUIRE(parsed.contents.records.size() == detail::replay_capacity);
    for (std::uint32_t n = 0; n < detail::replay_capacity; ++n)
        BOOST_REQUIRE(parsed.contents.records[n].what.next ==
                      count - detail::replay_capacity + n);
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_locks_nobody_out)
{
    station s;
    test::fill(s, 3);
    const auto running = s.start();
    // A clock that is being kept right goes back by a second now and then.
    s.time = test::some_time - 4;
    BOOST_TEST(s.start()->complete_since() == test::some_time);
    BOOST_TEST(s.start()->problem() == "");
    const auto all_known = [&](replay_memory& memory) {
        for (std::uint32_t n = 0; n < 3; ++n)
            BOOST_TEST(same(memory.find(s.key, salt_of(n)), knows(n + 1, n)));
    };
    for (const double back : { 6.0, 1e5 }) {
        s.time = test::some_time - back;
        const auto memory = s.start();
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(memory->problem().find("clock") != std::string::npos);
        all_known(*memory);
        all_known(*running);
        BOOST_TEST(running->complete_since() == s.time);
        BOOST_TEST(s.start()->problem() == ""); // it is in order now
    }
    // A clock that cannot be right says nothing about the memory.
    const auto since = s.time;
    for (const double impossible : { 7.9e8, 60.0, 0.0 }) {
        s.time = impossible;
        all_known(*s.start());
        all_known(*running);
    }
    s.time = test::some_time;
    BOOST_TEST(s.start()->complete_since() == since);
    BOOST_TEST(running->complete_since() == since);
    BOOST_TEST(s.start()->problem() == "");
}

BOOST_AUTO_TEST_CASE(a_memory_begun_in_2099_or_1970_goes_on_today)
{
    for (const double then : { 4070908800.0, 0.0, -1e9 }) {
        station s;
        s.time = then;
        s.start()->store(s.key, salt_of(1), knows(8));
        BOOST_TEST(s.start()->complete_since() == then);
        s.time = test::some_time;
        const auto memory = s.start();
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(memory->problem().find("clock") != std::string::npos);
        BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(8)));
    }
}

BOOST_AUTO_TEST_CASE(
    a_memory_whose_clock_is_set_right_while_it_runs_is_complete_since_then)
{
    station s;
    s.time = 60; // 1970, a computer without a clock
    const auto running = s.start();
    s.time = 90;
    running->store(s.key, salt_of(1), knows(8));
    BOOST_TEST(running->complete_since() == 60);
    s.time = test::some_time;
    BOOST_TEST(same(running->find(s.key, salt_of(1)), knows(8)));
    BOOST_TEST(running->complete_since() == s.time);
}

BOOST_AUTO_TEST_CASE(how_late_calls_under_a_key_usually_come_is_remembered)
{
    station s;
    const auto other = test::key_from(6);
    BOOST_TEST(!s.start()->usual_lateness(s.key));
    s.start()->note_lateness(s.key, 2);
    BOOST_TEST(*s.start()->usual_lateness(s.key) == 2);
    BOOST_TEST(!s.start()->usual_lateness(other));
    // An earlier call counts at once, a later one by a quarter.
    s.start()->note_lateness(s.key, -250);
    BOOST_TEST(*s.start()->usual_lateness(s.key) == -250);
    s.start()->note_lateness(s.key, -50);
    BOOST_TEST(*s.start()->usual_lateness(s.key) == -200);
    // It is no transmission: nothing finds it as one, and a damaged file costs it no more
    // than those.
    BOOST_TEST(!s.start()->find(s.key, salt_of(1)));
}

BOOST_AUTO_TEST_CASE(a_clock_that_says_nothing_sensible_is_survived)
{
    for (const double nonsense : { std::numeric_limits<double>::quiet_NaN(),
                                   std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity(),
                                   1e300 }) {
        station s;
        s.time = nonsense;
        const auto memory = s.start();
        memory->store(s.key, salt_of(1), knows(8));
        BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(8)));
        s.time = test::some_time;
        BOOST_TEST(!!s.start()->find(s.key, salt_of(1)));
        BOOST_TEST(s.start()->complete_since() <= s.time);
    }
}

BOOST_AUTO_TEST_CASE(the_folder_is_found_by_the_environment)
{
    const test::temporary_folder home;
    const auto was_made = [&](const std::string& folder) {
        const replay_memory memory;
        BOOST_TEST(memory.problem() == "");
        return std::filesystem::remove(home / (folder + "/replay-memory"));
    };
    unsetenv("SECUREVOICE_STATE");
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", home.path().c_str(), 1);
    BOOST_TEST(was_made(".local/state/gr-securevoice"));
    setenv("XDG_STATE_HOME", "relative", 1); // to be ignored
    BOOST_TEST(was_made(".local/state/gr-securevoice"));
    setenv("XDG_STATE_HOME", (home / "xdg").c_str(), 1);
    BOOST_TEST(was_made("xdg/gr-securevoice"));
    setenv("SECUREVOICE_STATE", (home / "mine").c_str(), 1);
    BOOST_TEST(was_made("mine"));
    unsetenv("SECUREVOICE_STATE");
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    replay_memory memory;
    BOOST_TEST(memory.problem().find("SECUREVOICE_STATE") != std::string::npos);
    const auto key = test::key_from(1);
    memory.store(key, salt_of(1), knows(3));
    BOOST_TEST(same(memory.find(key, salt_of(1)), knows(3)));
}

BOOST_AUTO_TEST_CASE(a_wiped_key_is_refused)
{
    station s;
    const auto memory = s.start();
    s.key.wipe();
    BOOST_CHECK_THROW(memory->find(s.key, salt_of(1)), std::logic_error);
    BOOST_CHECK_THROW(memory->store(s.key, salt_of(1), knows(1)), std::logic_error);
}

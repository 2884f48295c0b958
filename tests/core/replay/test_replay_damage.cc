/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE replay_damage
#include "replay_helpers.h"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>
#include <vector>

using namespace securevoice;
using test::knows;
using test::salt_of;
using test::same;
using test::station;

namespace {

bool says(const std::string& sentence, const std::string& what)
{
    if (sentence.find(what) == std::string::npos)
        BOOST_TEST_MESSAGE("it says: " << sentence);
    return sentence.find(what) != std::string::npos;
}

detail::parsed_replay parse(const std::string& octets)
{
    // Exactly as long: a sanitizer sees what is read beyond it.
    const std::vector<std::uint8_t> copy(octets.begin(), octets.end());
    return detail::parse_replay(copy.data(), copy.size());
}

// A memory that cannot use its file: it begins with this process and remembers by itself.
void lives_in_this_process(const station& s,
                           replay_memory& memory,
                           const std::string& why)
{
    BOOST_TEST(says(memory.problem(), why));
    BOOST_TEST(memory.complete_since() == s.time);
    memory.store(s.key, salt_of(900), knows(12, 3));
    memory.store(s.key, salt_of(900), knows(11, 2, true));
    BOOST_TEST(same(memory.find(s.key, salt_of(900)), knows(12, 2, true)));
    BOOST_TEST(memory.complete_since() == s.time);
    BOOST_TEST(says(memory.problem(), why));
}

// The same for what is in the place of the file, which stays as it is.
void refused(const station& s, const std::string& why)
{
    lives_in_this_process(s, *s.start(), why);
    // A restart, and that is forgotten: the past is refused again.
    const auto memory = s.start();
    BOOST_TEST(!memory->find(s.key, salt_of(900)));
    BOOST_TEST(memory->complete_since() == s.time);
}

class limited_file_size
{
public:
    explicit limited_file_size(rlim_t octets)
    {
        d_handler = signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &d_before);
        auto limit = d_before;
        limit.rlim_cur = octets;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~limited_file_size()
    {
        setrlimit(RLIMIT_FSIZE, &d_before);
        signal(SIGXFSZ, d_handler);
    }

private:
    rlimit d_before{};
    sighandler_t d_handler;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_length_begins_anew)
{
    constexpr std::uint32_t records = 3;
    station s;
    test::fill(s, records);
    const auto whole = s.octets();
    constexpr std::size_t used = 64 * (1 + records);
    for (std::size_t length = 0; length < used; ++length) {
        s.write(whole.substr(0, length));
        const auto memory = s.start();
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(says(memory->problem(), length == 0 ? "" : "damaged"));
        for (std::uint32_t n = 0; n < records; ++n) {
            const auto found = memory->find(s.key, salt_of(n));
            if (length >= 64 * (2 + n))
                BOOST_TEST(same(found, knows(n + 1, n)));
            else
                BOOST_TEST(!found);
        }
        BOOST_TEST(s.octets().size() == detail::replay_file_octets);
        BOOST_TEST((parse(s.octets()).condition == detail::replay_condition::good));
    }
    // The room behind may be missing: nothing is lost.
    s.write(whole.substr(0, used));
    const auto memory = s.start();
    BOOST_TEST(memory->complete_since() == test::some_time);
    memory->store(s.key, salt_of(7), knows(7));
    BOOST_TEST(same(s.start()->find(s.key, salt_of(7)), knows(7)));
    BOOST_TEST(s.start()->problem() == "");
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_begins_anew_and_costs_one_record)
{
    constexpr std::uint32_t records = 3;
    station s;
    test::fill(s, records);
    const auto whole = s.octets().substr(0, 64 * (1 + records));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto octets = whole;
            octets[at] = static_cast<char>(octets[at] ^ 1 << bit);
            const auto parsed = parse(octets);
            BOOST_TEST((parsed.condition == detail::replay_condition::damaged));
            BOOST_TEST(parsed.contents.records.size() ==
                       (at < 64 ? records : records - 1));
        }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto octets = whole;
        octets[at] = static_cast<char>(octets[at] ^ 1 << at % 8);
        s.write(octets);
        const auto memory = s.start();
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(says(memory->problem(), "damaged"));
        for (std::uint32_t n = 0; n < records; ++n) {
            const auto found = memory->find(s.key, salt_of(n));
            if (at / 64 == n + 1)
                BOOST_TEST(!found);
            else
                BOOST_TEST(same(found, knows(n + 1, n)));
        }
        BOOST_TEST(s.start()->problem() == "");
    }
}

BOOST_AUTO_TEST_CASE(lost_doubled_and_stale_records_are_noticed)
{
    station s;
    test::fill(s, 4);
    const auto whole = s.octets().substr(0, 64 * 5);
    const auto damaged = [&](const std::string& octets, std::size_t left) {
        const auto parsed = parse(octets);
        BOOST_TEST((parsed.condition == detail::replay_condition::damaged));
        BOOST_TEST(parsed.contents.records.size() == left);
    };
    for (std::size_t n = 1; n <= 4; ++n) {
        auto octets = whole;
        octets.replace(64 * n, 64, 64, '\0'); // a sector that never came to the disk
        damaged(octets, 3);
        octets = whole;
        octets.replace(64 * n, 64, whole, 64 * (n % 4 + 1), 64); // another's place
        damaged(octets, 3);
        octets = whole;
        octets.replace(64 * n, 64, whole, 0, 64); // the header
        damaged(octets, 3);
    }
    // A header from before the ring went round, and from after it.
    auto contents = parse(whole).contents;
    for (const std::uint64_t inserted :
         { std::uint64_t{ 5 }, std::uint64_t{ 16384 + 4 }, ~std::uint64_t{ 0 } }) {
        contents.inserted = inserted;
        const auto header = detail::encode_header(contents);
        auto octets = whole;
        std::copy(header.begin(), header.end(), octets.begin());
        damaged(octets, 4);
    }
    // The same when the ring is full: each place is taken, but in another round.
    auto full = detail::replay_contents::begin(0);
    full.records.resize(detail::replay_capacity);
    full.inserted = 3 * detail::replay_capacity + 7;
    auto ring = detail::encode_replay(full);
    BOOST_TEST((parse({ ring.begin(), ring.end() }).condition ==
                detail::replay_condition::good));
    for (const auto other : { full.inserted - 1,
                              full.inserted + 1,
                              full.inserted + detail::replay_capacity,
                              full.inserted - detail::replay_capacity }) {
        full.inserted = other;
        const auto header = detail::encode_header(full);
        std::copy(header.begin(), header.end(), ring.begin());
        damaged({ ring.begin(), ring.end() }, detail::replay_capacity);
    }
    // A record of which the power cut left half.
    s.write(whole);
    s.start()->store(s.key, salt_of(2), knows(0x7F7F7F7F, -1, true));
    const auto changed = s.octets().substr(0, whole.size());
    const auto from = std::mismatch(whole.begin(), whole.end(), changed.begin()).first;
    for (auto cut = static_cast<std::size_t>(from - whole.begin()) + 1; cut < 64 * 4 - 1;
         ++cut) {
        const auto torn = changed.substr(0, cut) + whole.substr(cut);
        if (torn != whole && torn != changed)
            damaged(torn, 3);
    }
}

BOOST_AUTO_TEST_CASE(any_octets_whatever_are_read_without_harm)
{
    std::mt19937 random(20260101);
    station s;
    test::fill(s, 40);
    const auto whole = s.octets().substr(0, 64 * 41);
    for (int n = 0; n < 3000; ++n) {
        std::string octets = whole.substr(0, random() % (whole.size() + 1));
        for (auto changes = random() % 20; changes > 0 && !octets.empty(); --changes)
            octets[random() % octets.size()] = static_cast<char>(random());
        const auto parsed = parse(octets);
        BOOST_TEST(parsed.contents.records.size() <= 40u);
        BOOST_TEST(
            (parsed.condition != detail::replay_condition::good || octets == whole));
    }
    for (int n = 0; n < 200; ++n) {
        std::string noise(random() % 4096, '\0');
        std::generate(
            noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
        BOOST_TEST(parse(noise).contents.records.empty());
    }
    // The header is forged so that it claims everything.
    auto claims = detail::replay_contents::begin(0);
    claims.inserted = ~std::uint64_t{ 0 };
    const auto header = detail::encode_header(claims);
    const auto parsed = parse({ header.begin(), header.end() });
    BOOST_TEST((parsed.condition == detail::replay_condition::damaged));
    s.write({ header.begin(), header.end() });
    BOOST_TEST(s.start()->complete_since() == s.time);
    s.write(std::string(5 << 20, 'x'));
    BOOST_TEST(s.start()->complete_since() == s.time);
}

BOOST_AUTO_TEST_CASE(damage_while_a_program_runs_keeps_what_it_stored)
{
    station s;
    test::fill(s, 3);
    const auto memory = s.start();
    memory->store(s.key, salt_of(50), knows(5));
    s.time += 100;
    s.write("rubbish");
    BOOST_TEST(same(memory->find(s.key, salt_of(50)), knows(5)));
    BOOST_TEST(memory->complete_since() == s.time);
    BOOST_TEST(!memory->find(s.key, salt_of(0)));
    // It is in the new file too.
    BOOST_TEST(same(s.start()->find(s.key, salt_of(50)), knows(5)));
}

BOOST_AUTO_TEST_CASE(a_deleted_file_begins_anew)
{
    station s;
    test::fill(s, 3);
    const auto memory = s.start();
    memory->store(s.key, salt_of(50), knows(5));
    const auto earlier = s.start();
    for (const bool whole_folder : { false, true }) {
        s.time += 100;
        if (whole_folder)
            std::filesystem::remove_all(s.folder.path());
        else
            std::filesystem::remove(s.file());
        BOOST_TEST(same(memory->find(s.key, salt_of(50)), knows(5)));
        BOOST_TEST(memory->complete_since() == s.time);
        BOOST_TEST(!memory->find(s.key, salt_of(0)));
        BOOST_TEST(memory->problem() == "");
        const auto restarted = s.start();
        BOOST_TEST(restarted->complete_since() == s.time);
        BOOST_TEST(same(restarted->find(s.key, salt_of(50)), knows(5)));
        earlier->find(s.key, salt_of(0));
        BOOST_TEST(earlier->complete_since() == s.time);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_our_private_file_is_refused_and_left_alone)
{
    station s;
    test::fill(s, 3);
    const auto whole = s.octets();
    for (const mode_t access : { 0644, 0640, 0604, 0660, 0620, 0610, 0601, 0666, 0777 }) {
        s.write(whole, access);
        refused(s, "open to others");
        BOOST_TEST(!s.start()->find(s.key, salt_of(0))); // who knows what was put there
        BOOST_TEST(s.octets() == whole);
        BOOST_TEST(test::access_of(s.file()) == access);
    }
    std::filesystem::rename(s.file(), s.folder / "elsewhere");
    BOOST_REQUIRE(chmod((s.folder / "elsewhere").c_str(), 0600) == 0);
    BOOST_REQUIRE(symlink((s.folder / "elsewhere").c_str(), s.file().c_str()) == 0);
    refused(s, "symbolic link");
    BOOST_TEST(!s.start()->find(s.key, salt_of(0)));
    BOOST_TEST(test::octets_of_file(s.folder / "elsewhere") == whole);
    std::filesystem::remove(s.file());
    BOOST_REQUIRE(symlink((s.folder / "nowhere").c_str(), s.file().c_str()) == 0);
    refused(s, "symbolic link");
    BOOST_TEST(!std::filesystem::exists(s.folder / "nowhere"));
    std::filesystem::remove(s.file());
    BOOST_REQUIRE(mkfifo(s.file().c_str(), 0600) == 0);
    refused(s, "no regular file");
    std::filesystem::remove(s.file());
    std::filesystem::create_directory(s.file());
    refused(s, "no regular file");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_refused)
{
    if (geteuid() != 0) {
        BOOST_TEST_MESSAGE("SKIPPED: only root can give a file to another user");
        return;
    }
    station s;
    test::fill(s, 1);
    BOOST_REQUIRE(chown(s.file().c_str(), 65534, 65534) == 0);
    refused(s, "another user");
    BOOST_REQUIRE(chown(s.file().c_str(), 0, 0) == 0);
    BOOST_REQUIRE(chown(s.folder.path().c_str(), 65534, 65534) == 0);
    refused(s, "another user");
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_can_write_or_nobody_can_make_is_refused)
{
    station s;
    test::fill(s, 1);
    for (const mode_t access : { 0770, 0707, 0720, 01777 }) {
        BOOST_REQUIRE(chmod(s.folder.path().c_str(), access) == 0);
        refused(s, "others can write");
    }
    BOOST_REQUIRE(chmod(s.folder.path().c_str(), 0755) == 0); // but they may look
    BOOST_TEST(s.start()->problem() == "");
    BOOST_REQUIRE(chmod(s.folder.path().c_str(), 0700) == 0);
    // A file in the place of the folder, or of one above it.
    for (const auto& folder : { s.file(), s.file() + "/a", s.file() + "/a/b" }) {
        replay_memory memory(folder, [&] { return s.time; });
        lives_in_this_process(s, memory, "cannot be made or opened");
    }
    replay_memory memory("/proc/no/such", [&] { return s.time; });
    lives_in_this_process(s, memory, "cannot be made or opened");
}

BOOST_AUTO_TEST_CASE(a_user_who_may_not_write_is_told_so)
{
    // Root ignores modes, so that this is tried as nobody.
    station s;
    const auto child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 &&
            (chown(s.folder.path().c_str(), 65534, 65534) != 0 || setuid(65534) != 0))
            _exit(2);
        test::fill(s, 2);
        bool good = true;
        chmod(s.file().c_str(), 0400);
        const auto memory = s.start();
        good &= says(memory->problem(), "cannot be written");
        good &= memory->complete_since() == s.time;
        good &= same(memory->find(s.key, salt_of(0)), knows(1, 0)); // it can be read
        memory->store(s.key, salt_of(9), knows(9));
        good &= same(memory->find(s.key, salt_of(9)), knows(9));
        chmod(s.file().c_str(), 0000);
        good &= says(s.start()->problem(), "cannot be opened");
        unlink(s.file().c_str());
        chmod(s.folder.path().c_str(), 0500);
        good &= says(s.start()->problem(), "cannot be made");
        const replay_memory below(s.folder / "below", [&] { return s.time; });
        good &= says(below.problem(), "cannot be made or opened");
        chmod(s.folder.path().c_str(), 0700);
        _exit(good ? 0 : 1);
    }
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2)
        BOOST_TEST_MESSAGE("SKIPPED: this root cannot become another user");
    else
        BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(a_read_only_file_is_read_and_remembered_beside)
{
    station s;
    test::fill(s, 2);
    const auto whole = s.octets();
    BOOST_REQUIRE(chmod(s.file().c_str(), 0400) == 0);
    const auto memory = s.start();
    lives_in_this_process(s, *memory, geteuid() == 0 ? "read-only" : "cannot be written");
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(2, 1)));
    memory->store(s.key, salt_of(1), knows(30, 1));
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(30, 1)));
    BOOST_TEST(s.octets() == whole);
    // Whatever is in it: it moves nothing while it cannot be mended.
    const auto began = s.time;
    s.time += 50;
    for (const auto& octets : { std::string("rubbish"), whole.substr(0, 130), whole }) {
        std::filesystem::remove(s.file());
        s.write(octets, 0400);
        memory->find(s.key, salt_of(1));
        BOOST_TEST(memory->complete_since() == began);
    }
    // Nor does it when the clock was set back to before it was begun.
    const auto later = s.time;
    const auto early = s.time = test::some_time - 1e6;
    for (int n = 0; n < 3; ++n, s.time += 50) {
        memory->find(s.key, salt_of(1));
        BOOST_TEST(memory->complete_since() == early);
    }
    s.time = later;
    // Can be written again: others may have lost records meanwhile, so the file begins
    // now.
    s.time += 50;
    BOOST_REQUIRE(chmod(s.file().c_str(), 0600) == 0);
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(30, 1)));
    BOOST_TEST(memory->problem() == "");
    BOOST_TEST(memory->complete_since() == s.time);
    const auto restarted = s.start();
    BOOST_TEST(same(restarted->find(s.key, salt_of(0)), knows(1, 0)));
    BOOST_TEST(same(restarted->find(s.key, salt_of(1)), knows(30, 1)));
    BOOST_TEST(same(restarted->find(s.key, salt_of(900)), knows(12, 2, true)));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told)
{
    station s;
    {
        // There is no room for the file.
        const limited_file_size limit(1000);
        refused(s, "cannot be written");
    }
    test::fill(s, 3);
    const auto memory = s.start();
    memory->store(s.key, salt_of(800), knows(8));
    BOOST_TEST(memory->complete_since() == test::some_time + 100 - 100);
    s.time += 10;
    {
        const limited_file_size limit(64 * 5 + 30); // within the fifth record
        memory->store(s.key, salt_of(801), knows(9));
        BOOST_TEST(says(memory->problem(), "cannot be written"));
        BOOST_TEST(memory->complete_since() == s.time - 10); // when it began
        for (std::uint32_t n = 0; n < 3; ++n)                // can still be read
            BOOST_TEST(same(memory->find(s.key, salt_of(n)), knows(n + 1, n)));
        BOOST_TEST(same(memory->find(s.key, salt_of(800)), knows(8)));
        BOOST_TEST(same(memory->find(s.key, salt_of(801)), knows(9)));
        BOOST_TEST(memory->complete_since() == s.time - 10);
    }
    s.time += 10;
    memory->store(s.key, salt_of(802), knows(10));
    BOOST_TEST(says(memory->problem(), "damaged")); // half a record had been written
    BOOST_TEST(memory->complete_since() == s.time);
    const auto restarted = s.start();
    BOOST_TEST(restarted->problem() == "");
    for (std::uint32_t n = 0; n < 3; ++n)
        BOOST_TEST(same(restarted->find(s.key, salt_of(n)), knows(n + 1, n)));
    for (std::uint32_t n = 800; n < 803; ++n)
        BOOST_TEST(same(restarted->find(s.key, salt_of(n)), knows(n - 792)));
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_kept_holds_nobody_up)
{
    station s;
    test::fill(s, 2);
    const auto memory = s.start();
    const int stuck = open(s.file().c_str(), O_RDWR | O_CLOEXEC);
    BOOST_REQUIRE(flock(stuck, LOCK_EX) == 0);
    const auto whole = s.octets();
    memory->store(s.key, salt_of(5), knows(6)); // returns
    BOOST_TEST(says(memory->problem(), "locked by another program"));
    BOOST_TEST(s.octets() == whole);
    BOOST_TEST(same(memory->find(s.key, salt_of(5)), knows(6)));
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(2, 1))); // can be read
    BOOST_TEST(memory->complete_since() == s.time);
    // Half a write of the other program is no damage.
    auto torn = whole;
    torn[70] = static_cast<char>(torn[70] ^ 1);
    s.write(torn);
    BOOST_TEST(same(memory->find(s.key, salt_of(1)), knows(2, 1)));
    BOOST_TEST(s.octets() == torn);
    s.write(whole);
    // It goes on: what was missed is added, and nothing was lost.
    close(stuck);
    s.time += 10;
    memory->find(s.key, salt_of(5));
    BOOST_TEST(memory->problem() == "");
    BOOST_TEST(memory->complete_since() == test::some_time);
    BOOST_TEST(same(s.start()->find(s.key, salt_of(5)), knows(6)));
}

BOOST_AUTO_TEST_CASE(a_file_removed_while_its_lock_is_waited_for_is_begun_again)
{
    station s;
    for (std::uint32_t n = 0; n < 5; ++n) {
        const auto memory = s.start();
        const int other = open(s.file().c_str(), O_RDWR | O_CLOEXEC);
        BOOST_REQUIRE(flock(other, LOCK_EX) == 0);
        std::thread storing([&] { memory->store(s.key, salt_of(n), knows(n + 1)); });
        // Long enough that it waits, most times; if it does not, the same must hold.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        std::filesystem::remove(s.file());
        close(other);
        storing.join();
        BOOST_TEST(same(s.start()->find(s.key, salt_of(n)), knows(n + 1)));
    }
}

BOOST_AUTO_TEST_CASE(a_file_of_another_version_is_left_alone)
{
    station s;
    test::fill(s, 2);
    auto octets = s.octets();
    // What a program of version 2 would write: a good check.
    octets[8] = 2;
    const std::vector<std::uint8_t> header(octets.begin(), octets.begin() + 56);
    std::array<std::uint8_t, crypto_shorthash_BYTES> check;
    crypto_shorthash(check.data(),
                     header.data(),
                     header.size(),
                     reinterpret_cast<const std::uint8_t*>("gr-securevoice/1"));
    std::copy(check.begin(), check.end(), octets.begin() + 56);
    s.write(octets);
    refused(s, "another version");
    BOOST_TEST(s.octets() == octets);
}

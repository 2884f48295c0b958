/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE replays
#include "station.h"

#include "core/chain/sealer.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <fstream>

using namespace attack;
namespace data = boost::unit_test::data;

namespace {

struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 8 };
    station s{ { key } };

    call make(std::size_t blocks, std::uint8_t salt = 1)
    {
        return {
            key, { codec::c1300 }, salt, std::vector<kind>(blocks, kind::secure), rng
        };
    }
};

/*! The call ends as calls do. */
void append_end(call& c)
{
    for (int n = 0; n < 3; ++n) {
        text_field text{};
        text[0] = signal_end;
        c.texts.push_back(text);
        c.kinds.push_back(kind::secure);
        c.blocks.push_back(c.sender.seal(kind::secure, text));
    }
}

} // namespace

// Attack 8.
// --------------------------------------------------------------------------------------

BOOST_DATA_TEST_CASE(a_whole_transmission_replayed_is_refused_and_counted,
                     data::make({ 1.0, 59.0, 3600.0, 7.58 * 86400, 65536 * 4.0 }) *
                         data::make({ false, true }),
                     later,
                     ended)
{
    world w;
    auto c = w.make(40);
    if (ended)
        append_end(c);
    BOOST_TEST(w.s.hear_call(c, 1, call_start + 0.1) == 40u);
    const auto before = w.s.status();
    BOOST_TEST(before.replayed == 0u);

    const auto again =
        call_start + 0.1 + block_seconds * static_cast<double>(c.blocks.size()) + later;
    BOOST_TEST(w.s.hear_call(c, 2, again) == 0u);
    const auto after = w.s.status();
    BOOST_TEST(after.heard == before.heard);
    BOOST_TEST(after.replayed >= 40u);
    BOOST_TEST((after.state == heard_state::replay_refused));
    BOOST_TEST(!after.reason.empty());
}

BOOST_AUTO_TEST_CASE(late_entry_into_a_replay_is_refused_too)
{
    world w;
    const auto c = w.make(60);
    BOOST_TEST(w.s.hear_call(c, 1, call_start) == 60u);
    BOOST_TEST(w.s.hear_blocks(c, 20, 60, 2, call_start + 10, false) == 0u);
    world control; // which did not hear it before
    BOOST_TEST(control.s.hear_blocks(c, 20, 60, 2, call_start + 10, false) > 20u);
}

BOOST_AUTO_TEST_CASE(a_replay_beside_the_live_call_changes_nothing)
{
    world w;
    const auto c = w.make(100);
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    std::size_t played = 0;
    for (std::size_t n = 0; n < 100; ++n) {
        w.s.now = call_start + 0.1 + 0.08 * static_cast<double>(n);
        played += w.s.hear(c.block(n), 1).size();
        if (n >= 10) { // its own echo, 0.8 s later
            if (n == 10)
                w.s.hear(c.start(), 2);
            BOOST_TEST(w.s.hear(c.block(n - 10), 2).size() == 0u);
        }
        BOOST_TEST((n < 1 || w.s.status().state == heard_state::secure));
    }
    BOOST_TEST(played == 100u);
}

// Attack 9.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(replay_after_a_restart_is_refused)
{
    world w;
    const auto c = w.make(40);
    w.s.hear_call(c, 1, call_start);
    w.s.restart();
    BOOST_TEST(w.s.hear_call(c, 1, call_start + 20) == 0u);
    BOOST_TEST((w.s.status().state == heard_state::replay_refused));
    // The memory is no reason to refuse what is new.
    const call fresh(
        w.key, { codec::c1300 }, 77, std::vector<kind>(40, kind::secure), w.rng);
    BOOST_TEST(w.s.hear_call(fresh, 2, call_start + 40) == 40u);
}

BOOST_DATA_TEST_CASE(replay_after_the_memory_was_lost_is_refused,
                     data::make({ "deleted",
                                  "cut",
                                  "emptied",
                                  "folder deleted",
                                  "foreign mode",
                                  "symbolic link",
                                  "one bit",
                                  "a folder in its place" }),
                     how)
{
    const std::string what = how;
    world w;
    const auto c = w.make(40);
    BOOST_TEST(w.s.hear_call(c, 1, call_start) == 40u);
    w.s.stop();
    const auto file = w.s.file();
    if (what == "deleted") {
        std::filesystem::remove(file);
    } else if (what == "cut") {
        std::filesystem::resize_file(file, std::filesystem::file_size(file) - 7);
    } else if (what == "emptied") {
        std::filesystem::resize_file(file, 0);
    } else if (what == "folder deleted") {
        std::filesystem::remove_all(w.s.state());
    } else if (what == "foreign mode") {
        std::filesystem::permissions(file, std::filesystem::perms(0644));
    } else if (what == "symbolic link") {
        std::filesystem::rename(file, w.s.folder / "elsewhere");
        std::filesystem::create_symlink(w.s.folder / "elsewhere", file);
    } else if (what == "one bit") {
        std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
        f.seekg(-5, std::ios::end);
        const auto octet = static_cast<char>(f.peek() ^ 0x10);
        f.seekp(-5, std::ios::end);
        f.put(octet);
    } else {
        std::filesystem::remove(file);
        std::filesystem::create_directory(file);
    }
    w.s.now = call_start + 20;
    w.s.restart();
    BOOST_TEST(w.s.hear_call(c, 1, call_start + 21) == 0u);
    BOOST_TEST((w.s.status().state == heard_state::replay_refused));
    BOOST_TEST(!w.s.status().reason.empty());
    if (what == "foreign mode" || what == "symbolic link" ||
        what == "a folder in its place")
        BOOST_TEST(!w.s.status().memory_problem.empty());

    // What begins after the restart is heard all the same.
    const auto real_now = call_start + 30;
    const sending_session later(
        &w.key->key, mode{ codec::c1300 }, static_cast<std::int64_t>(real_now), {});
    auto sender = session_for_tests::with_salt(&w.key->key,
                                               { codec::c1300 },
                                               static_cast<std::int64_t>(real_now),
                                               salt_value{ 0x77 });
    w.s.now = real_now;
    w.s.hear(start_of(sender.head()), 5);
    text_field text{};
    text[1] = 1;
    w.s.now += 0.1;
    BOOST_TEST(w.s.hear(frame_of({ codec::c1300 }, 0, sender.seal(kind::secure, text)), 5)
                   .size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_memory_that_cannot_be_written_refuses_after_the_next_start)
{
    world w;
    w.s.stop();
    std::filesystem::remove_all(w.s.state());
    std::ofstream(w.s.state()) << "no folder"; // also root cannot write below it
    w.s.now = call_start - 60;
    w.s.restart();
    BOOST_TEST(!w.s.status().memory_problem.empty());
    const auto c = w.make(40);
    BOOST_TEST(w.s.hear_call(c, 1, call_start) == 40u);
    BOOST_TEST(w.s.hear_call(c, 2, call_start + 10) == 0u);
    w.s.now = call_start + 20;
    w.s.restart();
    BOOST_TEST(w.s.hear_call(c, 3, call_start + 21) == 0u);
}

// Attack 10.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(own_transmission_reflected_is_refused)
{
    world w;
    sealer_options o;
    o.key = w.key;
    o.mode = { codec::c1300 };
    o.memory = w.s.memory;
    o.clock = [&] { return static_cast<std::int64_t>(w.s.now); };
    sealer mine(o);
    w.s.now = call_start;
    const auto sent = bit_air::send_call(
        mine, codec::c1300, std::vector<kind>(30, kind::secure), w.rng);
    std::size_t played = 0;
    for (const auto& f : sent.frames) {
        w.s.now += 0.08;
        played += w.s.hear(f, 1).size();
    }
    BOOST_TEST(played == 0u);
    BOOST_TEST((w.s.status().state == heard_state::replay_refused));
    BOOST_TEST(w.s.status().reason.find("this station sent it itself") !=
               std::string::npos);

    // Nor after a restart, nor by a receiver in another process with the same memory.
    w.s.restart();
    w.s.now = call_start;
    for (const auto& f : sent.frames) {
        w.s.now += 0.08;
        BOOST_TEST(w.s.hear(f, 2).empty());
    }
}

// Attack 11.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(header_and_block_0_in_advance_then_the_real_call)
{
    world w;
    const auto c = w.make(40);
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    w.s.now += 0.08;
    w.s.hear(c.block(0), 1);
    w.s.hear(c.start(), 2);
    std::multiset<std::uint32_t> numbers;
    for (std::size_t n = 0; n < 40; ++n) {
        w.s.now = call_start + 0.3 + 0.08 * static_cast<double>(n);
        for (const auto& b : w.s.hear(c.block(n), 2))
            numbers.insert(b.number);
    }
    BOOST_TEST(numbers.size() == 39u);
    BOOST_TEST(numbers.count(0) == 0u);
    BOOST_TEST(*numbers.begin() == 1u);
}

// Attack 12.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(blocks_jammed_and_delivered_30_s_later_are_delayed_and_silent)
{
    world w;
    const auto c = w.make(101);
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    BOOST_TEST(w.s.hear_blocks(c, 0, 51, 1, call_start + 0.1, true) == 51u);
    BOOST_TEST(w.s.hear_blocks(c, 51, 101, 1, call_start + 30.1, true) == 0u);
    BOOST_TEST(w.s.status().replayed == 50u);
    w.s.lose(1);
    BOOST_TEST(w.s.hear_blocks(c, 51, 101, 2, call_start + 30.1, false) == 0u);
    BOOST_TEST((w.s.status().state == heard_state::delayed));
    BOOST_TEST(w.s.status().reason.find("later") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_real_fade_of_3_s_goes_on)
{
    world w;
    const auto c = w.make(150);
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    BOOST_TEST(w.s.hear_blocks(c, 0, 51, 1, call_start + 0.1, true) == 51u);
    w.s.lose(1);
    // Six blocks give the header again.
    BOOST_TEST(w.s.hear_blocks(c, 89, 150, 2, call_start + 0.1, false) >= 55u);
    BOOST_TEST((w.s.status().state == heard_state::secure));
    BOOST_TEST(w.s.status().replayed == 0u);
}

// Attack 13.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(late_entry_at_minute_7_of_8_with_a_window_of_5_plays)
{
    world w;
    const auto c = w.make(6000);
    BOOST_TEST(w.s.hear_blocks(c, 5250, 5350, 1, call_start + 0.1, false) >= 94u);
}

BOOST_AUTO_TEST_CASE(
    own_clock_set_back_or_a_sender_in_2099_is_refused_and_locks_nobody_out)
{
    world w;
    const auto c = w.make(40);
    auto of_2099 = session_for_tests::with_salt(
        &w.key->key, { codec::c1300 }, 4070908800, salt_value{ 0x99 });
    std::vector<coded_frame> frames{ start_of(of_2099.head()) };
    for (std::uint32_t n = 0; n < 20; ++n) {
        text_field text{};
        text[1] = 1;
        frames.push_back(frame_of({ codec::c1300 }, n, of_2099.seal(kind::secure, text)));
    }
    w.s.now = call_start - 30;
    for (const auto& f : frames) {
        w.s.now += 0.08;
        BOOST_TEST(w.s.hear(f, 1).empty());
    }
    BOOST_TEST((w.s.status().state == heard_state::replay_refused ||
                w.s.status().state == heard_state::delayed));
    w.s.lose(1);

    w.s.now = 1000; // own clock at 1970
    w.s.restart();
    w.s.hear(c.start(), 1);
    for (std::size_t n = 0; n < 10; ++n)
        BOOST_TEST(w.s.hear(c.block(n), 1).empty());

    w.s.now = call_start - 1; // and set right again
    w.s.restart();
    BOOST_TEST(w.s.hear_call(c, 3, call_start + 0.1) == 40u);
}

// Attack 24.
// --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_last_blocks_cut_is_cut_off)
{
    world w;
    auto c = w.make(30);
    w.s.hear_call(c, 1, call_start + 0.1);
    BOOST_TEST((w.s.status().state == heard_state::cut_off));
}

BOOST_AUTO_TEST_CASE(blocks_after_end_and_a_replayed_end_are_refused)
{
    world w;
    auto c = w.make(30);
    append_end(c);
    BOOST_TEST(w.s.hear_call(c, 1, call_start + 0.1) == 30u);
    BOOST_TEST((w.s.status().state == heard_state::ended));
    // The sender would not go on; whoever has its key cannot either.
    auto more = session_for_tests::with_salt(&w.key->key,
                                             { codec::c1300 },
                                             securevoice::test::some_time,
                                             salt_value{ 0xA5, 1 });
    BOOST_TEST((more.head() == c.head()));
    text_field text{};
    text[1] = 1;
    for (int n = 0; n < 60; ++n) {
        const auto block = more.seal(kind::secure, text);
        if (n < 33)
            continue;
        w.s.now = call_start + 0.1 + 0.08 * n;
        BOOST_TEST(
            w.s.hear(frame_of({ codec::c1300 }, static_cast<std::uint32_t>(n), block),
                     2,
                     false)
                .empty());
    }
}

BOOST_AUTO_TEST_CASE(a_forged_end_ends_nothing)
{
    world w;
    const auto c = w.make(60);
    const public_session attacker(c.head());
    text_field end{};
    end[0] = signal_end;
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    std::size_t played = 0;
    for (std::size_t n = 0; n < 60; ++n) {
        w.s.now = call_start + 0.1 + 0.08 * static_cast<double>(n);
        const auto number = static_cast<std::uint32_t>(n);
        const bool forged = n == 20 || n == 21 || n == 40;
        played += w.s.hear(forged ? frame_of(c.m, number, attacker.seal(number, end))
                                  : c.block(n),
                           1)
                      .size();
    }
    BOOST_TEST(played == 57u);
    BOOST_TEST((w.s.status().state == heard_state::secure));
}

BOOST_AUTO_TEST_CASE(a_key_to_receive_with_is_shown_as_old_and_muted_after_its_date)
{
    world w;
    w.key->state =
        key_state::receive_until(day_of(static_cast<std::int64_t>(call_start)));
    const auto c = w.make(40);
    BOOST_TEST(w.s.hear_call(c, 1, call_start + 0.1) == 40u);
    w.s.restart();
    auto d = w.make(40, 2);
    w.s.now = call_start;
    w.s.hear(d.start(), 2);
    w.s.hear(d.block(0), 2);
    BOOST_TEST(state_text(w.s.status()) == "secure, OLD key alpha");

    station after({ w.key });
    const auto tomorrow = call_start + 86400;
    auto sender = session_for_tests::with_salt(&w.key->key,
                                               { codec::c1300 },
                                               static_cast<std::int64_t>(tomorrow),
                                               salt_value{ 0x55 });
    after.now = tomorrow;
    after.hear(start_of(sender.head()), 1);
    text_field text{};
    text[1] = 1;
    for (std::uint32_t n = 0; n < 20; ++n) {
        after.now += 0.08;
        BOOST_TEST(
            after.hear(frame_of({ codec::c1300 }, n, sender.seal(kind::secure, text)), 1)
                .empty());
    }
    BOOST_TEST((after.status().state == heard_state::encrypted_no_key));
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE replay_guard
#include "core/chain/replay_guard.h"

#include "../temporary_folder.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;
using securevoice::test::temporary_folder;

namespace {

constexpr double start_of_call = 1800000000; // a multiple of 4 s

/*! A station with a clock of its own and one call on the air. */
struct station {
    temporary_folder folder;
    double now = start_of_call - 100;
    secret_key key = secret_key::random();
    std::array<std::uint8_t, 32> audio{};
    sending_session sender{
        &key, mode{}, static_cast<std::int64_t>(start_of_call), audio
    };
    receiving_session session = *receiving_session::accept(sender.head(), key);
    std::shared_ptr<replay_memory> memory;
    std::optional<replay_guard> guard;

    station() { restart(); }

    void restart()
    {
        const auto clock = [this] { return now; };
        memory.reset();
        memory = std::make_shared<replay_memory>(folder / "state", clock);
        guard.emplace(replay_options{ memory, clock, replay_guard::usual_window });
    }

    /*! Block \p number arrives \p delay s after it was sent. */
    freshness judge(std::uint32_t number, double delay = 0.1)
    {
        now = start_of_call + 0.08 * number + delay;
        return guard->judge(session, key, number, now - start_of_call);
    }
    freshness take(std::uint32_t number, double delay = 0.1)
    {
        const auto f = judge(number, delay);
        if (f == freshness::fresh)
            guard->accept(session, key, number, now - start_of_call);
        return f;
    }
};

std::ostream& operator<<(std::ostream& o, freshness f)
{
    return o << (f == freshness::fresh ? "fresh" : reason_of(f));
}

} // namespace

namespace securevoice {
using ::operator<<;
}

BOOST_AUTO_TEST_CASE(numbers_only_grow)
{
    station s;
    for (std::uint32_t n = 0; n < 100; ++n)
        BOOST_TEST((s.take(n) == freshness::fresh));
    BOOST_TEST((s.judge(99, 0.5) == freshness::heard_before));
    BOOST_TEST((s.judge(0) == freshness::heard_before));
    BOOST_TEST((s.take(300) == freshness::fresh));
    BOOST_TEST((s.judge(299, 0.5) == freshness::heard_before));
}

/* Another tracker looks at the same samples. */
BOOST_AUTO_TEST_CASE(a_second_look_is_no_replay_and_not_fresh)
{
    station s;
    for (std::uint32_t n = 0; n < 100; ++n)
        if (n != 95) // lost, and found by the other one
            s.take(n);
    for (const std::uint32_t n : { 99u, 95u, 70u })
        for (const double apart : { -0.015, 0.0, 0.015 })
            BOOST_TEST((s.judge(n, 0.1 + apart) == freshness::second_look));
    for (const double apart : { -0.03, 0.03, 0.08, 1.0 })
        BOOST_TEST((s.judge(99, 0.1 + apart) == freshness::heard_before));
    BOOST_TEST((s.judge(20) == freshness::heard_before)); // nobody looks back so far
    // Samples were lost: the blocks behind the hole come earlier, and are known by their
    // neighbours.
    s.take(100, 0.04);
    BOOST_TEST((s.judge(100, 0.04) == freshness::second_look));
    BOOST_TEST((s.judge(99) == freshness::second_look));
    // END of it, told twice more, is another look as well.
    s.guard->close(s.session, s.key);
    BOOST_TEST((s.judge(101, 0.04) == freshness::second_look));
    BOOST_TEST((s.judge(101, 0.5) == freshness::closed));
    // Who was not there cannot look again.
    s.restart();
    BOOST_TEST((s.judge(99) == freshness::closed));
}

BOOST_AUTO_TEST_CASE(what_was_judged_and_not_accepted_is_still_fresh)
{
    station s;
    BOOST_TEST((s.judge(5) == freshness::fresh));
    BOOST_TEST((s.judge(5) == freshness::fresh));
}

BOOST_AUTO_TEST_CASE(the_window_holds_at_acquisition)
{
    for (const double delay : { 0.0, 299.0, -299.0 }) {
        station s;
        BOOST_TEST((s.judge(0, delay) == freshness::fresh));
    }
    station old, ahead;
    BOOST_TEST((old.judge(0, 301) == freshness::too_old));
    BOOST_TEST((ahead.judge(4000, -310) == freshness::from_future));
}

/* Where nobody names one: of 60 or 300 s, as this computer's clock is kept. */
BOOST_AUTO_TEST_CASE(there_is_a_window_where_none_is_named)
{
    station s;
    s.guard.emplace(replay_options{ s.memory, [&s] { return s.now; } });
    BOOST_TEST((s.judge(0, 59) == freshness::fresh));
    BOOST_TEST((s.judge(0, 301) == freshness::too_old));
    const double window = clock_is_disciplined() ? replay_guard::disciplined_window
                                                 : replay_guard::usual_window;
    BOOST_TEST((s.judge(0, window - 1) == freshness::fresh));
    BOOST_TEST((s.judge(0, window + 1) == freshness::too_old));
}

BOOST_AUTO_TEST_CASE(late_entry_far_into_a_long_call_is_in_time)
{
    station s;
    BOOST_TEST((s.take(5250) == freshness::fresh)); // minute 7
}

BOOST_AUTO_TEST_CASE(later_blocks_fit_the_time_line)
{
    station s;
    BOOST_TEST((s.take(0) == freshness::fresh));
    BOOST_TEST((s.take(50) == freshness::fresh));
    BOOST_TEST((s.judge(51, 30) == freshness::late));
    BOOST_TEST((s.judge(100, 1.2) == freshness::late));
    BOOST_TEST((s.take(100, 1.0) == freshness::fresh));
    // The line is that of the least delay, not of the newest block.
    BOOST_TEST((s.judge(101, 1.9) == freshness::late));
}

BOOST_AUTO_TEST_CASE(a_restart_forgets_nothing)
{
    station s;
    for (std::uint32_t n = 0; n < 10; ++n)
        s.take(n);
    s.restart();
    for (std::uint32_t n = 0; n < 10; ++n)
        BOOST_TEST((s.judge(n) == freshness::heard_before));
    // What was written ahead costs the call less than 3 s.
    BOOST_TEST((s.judge(10 + replay_guard::stored_ahead) == freshness::fresh));
    BOOST_TEST((s.judge(200, 30) == freshness::late));
    BOOST_TEST((s.judge(200) == freshness::fresh));
}

BOOST_AUTO_TEST_CASE(end_closes_for_ever)
{
    station s;
    s.take(0);
    s.guard->close(s.session, s.key);
    BOOST_TEST((s.judge(1, 0.5) == freshness::closed));
    s.restart();
    BOOST_TEST((s.judge(500) == freshness::closed));
}

BOOST_AUTO_TEST_CASE(what_this_station_sent_is_a_reflection)
{
    station s;
    remembered r;
    r.own = true;
    s.memory->store(s.key, s.sender.head().salt(), r);
    BOOST_TEST((s.judge(0) == freshness::own));
}

BOOST_AUTO_TEST_CASE(calls_that_began_before_the_memory_are_refused)
{
    station s;
    s.now = start_of_call + 2;
    std::filesystem::remove_all(s.folder / "state");
    s.restart();
    BOOST_TEST((s.judge(100) == freshness::before_memory));
}

BOOST_AUTO_TEST_CASE(a_sender_of_2099_or_a_clock_of_1970_locks_nobody_out)
{
    station s;
    s.now = 0; // own clock set back
    BOOST_TEST((s.guard->judge(s.session, s.key, 0, 0) != freshness::fresh));
    const sending_session later(&s.key, mode{}, 4070908800, s.audio); // 2099
    const auto heard = *receiving_session::accept(later.head(), s.key);
    s.now = start_of_call + 0.1;
    BOOST_TEST((s.guard->judge(heard, s.key, 0, 1) != freshness::fresh));
    BOOST_TEST((s.take(0) == freshness::fresh));
    BOOST_TEST((s.take(1) == freshness::fresh));
}

BOOST_AUTO_TEST_CASE(
    a_memory_begun_at_1970_refuses_the_calls_from_before_the_clock_was_set)
{
    station s;
    std::filesystem::remove_all(s.folder / "state");
    s.now = 60;
    s.restart();
    BOOST_TEST(s.guard->clock_problem().find("1970-01-01") != std::string::npos);
    BOOST_TEST((s.guard->judge(s.session, s.key, 0, 0) != freshness::fresh));
    BOOST_TEST(!s.guard->timing(s.session, s.key, 0).age); // nobody can know
    BOOST_TEST(s.guard->timing(s.session, s.key, 0).sent == start_of_call);
    // The clock is set, in the same program and for a new one; what was recorded before
    // comes from the air.
    for (const bool anew : { false, true }) {
        s.now = start_of_call + 6;
        if (anew)
            s.restart();
        BOOST_TEST((s.judge(1, 6) == freshness::before_memory));
        BOOST_TEST(s.guard->clock_problem() == "");
    }
    // One that begins after it is heard.
    const sending_session next(
        &s.key, mode{}, static_cast<std::int64_t>(start_of_call) + 12, s.audio);
    s.now = start_of_call + 13;
    BOOST_TEST(
        (s.guard->judge(*receiving_session::accept(next.head(), s.key), s.key, 0, 20) ==
         freshness::fresh));
}

BOOST_AUTO_TEST_CASE(a_call_held_back_comes_later_than_its_key_usually_does)
{
    station s;
    const auto call = [&](double sent, double heard) {
        const sending_session sender(
            &s.key, mode{}, static_cast<std::int64_t>(sent), s.audio);
        const auto session = *receiving_session::accept(sender.head(), s.key);
        s.now = heard;
        if (s.guard->judge(session, s.key, 0, heard - start_of_call) == freshness::fresh)
            s.guard->accept(session, s.key, 0, heard - start_of_call);
        return s.guard->timing(session, s.key, 0);
    };
    // The sender's clock is 248 s ahead.
    const auto first = call(start_of_call + 248, start_of_call);
    BOOST_TEST(*first.age == -248);
    BOOST_TEST(!first.usual_age);
    const auto second = call(start_of_call + 348, start_of_call + 101);
    BOOST_TEST(*second.age == -247);
    BOOST_TEST(*second.usual_age == -248);
    // This one is held back for 251 s, and looks new.
    s.restart(); // what is usual is known to the next program, too
    const auto held = call(start_of_call + 448, start_of_call + 451);
    BOOST_TEST(*held.age == 3);
    BOOST_TEST(*held.usual_age < -240);
    // Nothing of that decides: a sender from the future narrows nobody's window.
    BOOST_TEST((s.judge(0, 290) == freshness::fresh));
    BOOST_TEST((s.judge(0, 301) == freshness::too_old));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_is_said)
{
    station s;
    s.take(0);
    s.now -= 5; // as a clock does that is kept right
    BOOST_TEST(s.guard->clock_problem() == "");
    s.now -= 3600;
    BOOST_TEST(s.guard->clock_problem().find("set back by 3605 s") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_key_with_the_same_salt_is_another_transmission)
{
    station s;
    s.take(7);
    const auto other = secret_key::random();
    BOOST_TEST(!s.memory->find(other, s.sender.head().salt()));
}

BOOST_AUTO_TEST_CASE(a_recording_needs_no_memory_and_no_clock)
{
    station s;
    s.guard.emplace(replay_options{ nullptr, [] { return 0.0; }, 0 });
    BOOST_TEST((s.take(5, 1e6) == freshness::fresh));
    BOOST_TEST((s.take(6, 1e6) == freshness::fresh));
    BOOST_TEST((s.judge(6, 1e6 + 0.5) == freshness::heard_before));
    BOOST_TEST((s.judge(7, 1e6 + 30) == freshness::late));
}

BOOST_AUTO_TEST_CASE(more_transmissions_than_are_kept_at_hand_are_found_in_the_memory)
{
    station s;
    s.take(3);
    for (int n = 0; n < 100; ++n) {
        const sending_session other(
            &s.key, mode{}, static_cast<std::int64_t>(start_of_call), s.audio);
        const auto heard = *receiving_session::accept(other.head(), s.key);
        s.guard->accept(heard, s.key, 0, 1);
    }
    BOOST_TEST((s.judge(3) == freshness::heard_before));
}

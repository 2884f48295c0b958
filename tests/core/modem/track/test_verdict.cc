/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE verdict
#include <boost/test/unit_test.hpp>

#include "core/modem/track/verdict.h"

#include <functional>
#include <ostream>
#include <vector>

using namespace securevoice;

namespace securevoice {

std::ostream& operator<<(std::ostream& out, verdict v)
{
    const char* const names[] = { "unrelated", "same", "ghost", "replaces" };
    return out << names[static_cast<int>(v)];
}

} // namespace securevoice

namespace {

constexpr double place = 10000; // sample index

/* A call that is heard, at power 1 in the middle of the channel: block 20 is next. */
followed_signal call()
{
    followed_signal s;
    s.frame_at = place;
    s.power = 1;
    s.emits = s.hears = s.sure = true;
    s.number_there = 20;
    return s;
}

/* A tracker behind a start frame whose mode is not known yet. */
followed_signal waiting()
{
    followed_signal s;
    s.frame_at = place;
    s.power = 1;
    s.evidence_of_start = 5;
    s.hears = true;
    return s;
}

/* The acquisition of that call, by late entry. */
acquisition seen()
{
    acquisition found;
    found.at = place - 3 * block_samples;
    found.signal_power = 1;
    found.mode_known = true;
    found.number = 20;
    return found;
}

acquisition start_frame()
{
    acquisition found;
    found.at = place + 40;
    found.signal_power = 1;
    found.start = true;
    found.evidence = 5;
    return found;
}

struct row {
    const char* what;
    verdict expected;
    std::function<void(followed_signal&, acquisition&)> change;
};

void check(const std::vector<row>& rows,
           followed_signal (*signal)(),
           acquisition (*find)(),
           verdict (*judge)(const followed_signal&, const acquisition&))
{
    for (const auto& r : rows) {
        BOOST_TEST_CONTEXT(r.what)
        {
            auto s = signal();
            auto found = find();
            r.change(s, found);
            BOOST_TEST(judge(s, found) == r.expected);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(late_entry_beside_a_call)
{
    using s = followed_signal;
    const std::vector<row> rows{
        { "its number", verdict::same, [](s&, acquisition&) {} },
        { "another number",
          verdict::replaces,
          [](s&, acquisition& a) { a.number = 21; } },
        { "another number, perhaps",
          verdict::same,
          [](s&, acquisition& a) {
              a.number = 21;
              a.doubtful = true;
          } },
        { "its start frame",
          verdict::same,
          [](s& c, acquisition& a) {
              c.number_there = -1;
              a.number = 0;
              a.start = true;
          } },
        { "block 0 in place of its start frame",
          verdict::replaces,
          [](s& c, acquisition& a) {
              c.number_there = -1;
              a.number = 0;
          } },
        { "its number, but it is silent",
          verdict::unrelated,
          [](s& c, acquisition&) { c.hears = false; } },
        { "8 samples later", verdict::same, [](s&, acquisition& a) { a.at += 8; } },
        { "9 samples later", verdict::unrelated, [](s&, acquisition& a) { a.at += 9; } },
        { "40 Hz beside", verdict::same, [](s&, acquisition& a) { a.offset_hz = 40; } },
        { "41 Hz beside, as strong",
          verdict::unrelated,
          [](s&, acquisition& a) { a.offset_hz = 41; } },
        { "its mirror image",
          verdict::ghost,
          [](s&, acquisition& a) {
              a.offset_hz = -5500;
              a.signal_power = 0.24;
          } },
        { "weak beyond all mirror images",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.offset_hz = 5501;
              a.signal_power = 0.24;
          } },
        { "what it is the mirror image of",
          verdict::replaces,
          [](s&, acquisition& a) {
              a.offset_hz = 209;
              a.signal_power = 4.1;
          } },
        { "where it was until it slipped",
          verdict::ghost,
          [](s& c, acquisition& a) {
              c.was_there = true;
              a.at += 200;
          } },
        { "where it was until it slipped, and then fell silent",
          verdict::unrelated,
          [](s& c, acquisition& a) {
              c.was_there = true;
              c.hears = false;
              a.at += 200;
          } },
        { "the other waveform, weak: its shadow",
          verdict::ghost,
          [](s&, acquisition& a) {
              a.waveform = waveform::constant;
              a.at += 200;
              a.offset_hz = 6000;
              a.signal_power = 0.24;
          } },
        { "the other waveform, weak, beyond its channel",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.waveform = waveform::constant;
              a.at += 200;
              a.offset_hz = 6001;
              a.signal_power = 0.24;
          } },
        { "the other waveform, as strong",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.waveform = waveform::constant;
              a.at += 200;
          } },
        { "the other waveform, weak, beside who is not sure",
          verdict::unrelated,
          [](s& c, acquisition& a) {
              c.sure = false;
              a.waveform = waveform::constant;
              a.at += 200;
              a.signal_power = 0.24;
          } },
    };
    check(rows, call, seen, judge_late);
}

/* Who waits for his mode has less to say than late entry, which knows it. */
BOOST_AUTO_TEST_CASE(late_entry_beside_a_tracker_without_mode)
{
    using s = followed_signal;
    const std::vector<row> rows{
        { "its number",
          verdict::replaces,
          [](s& w, acquisition& a) { w.number_there = a.number; } },
        { "perhaps its number",
          verdict::same,
          [](s& w, acquisition& a) {
              w.number_there = a.number;
              a.doubtful = true;
          } },
    };
    check(rows, waiting, seen, judge_late);
}

BOOST_AUTO_TEST_CASE(start_frame_beside_a_call)
{
    using s = followed_signal;
    const std::vector<row> rows{
        { "as strong: a call goes on beside it",
          verdict::unrelated,
          [](s&, acquisition&) {} },
        { "weaker: seen in its blocks",
          verdict::ghost,
          [](s&, acquisition& a) { a.signal_power = 0.59; } },
        { "weaker, 1499 Hz beside",
          verdict::ghost,
          [](s&, acquisition& a) {
              a.signal_power = 0.59;
              a.offset_hz = -1499;
          } },
        { "weaker, 1500 Hz beside",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.signal_power = 0.59;
              a.offset_hz = 1500;
          } },
        { "weaker, but the call is silent",
          verdict::unrelated,
          [](s& c, acquisition& a) {
              c.hears = false;
              a.signal_power = 0.59;
          } },
        { "far stronger: forged, it ends no call",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.signal_power = 100;
              a.evidence = 100;
          } },
    };
    check(rows, call, start_frame, judge_start);
}

BOOST_AUTO_TEST_CASE(start_frame_beside_another_one)
{
    using s = followed_signal;
    const std::vector<row> rows{
        { "as sharp", verdict::ghost, [](s&, acquisition&) {} },
        { "sharper", verdict::replaces, [](s&, acquisition& a) { a.evidence = 5.1; } },
        { "sharper, a frame later",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.evidence = 5.1;
              a.at = place + block_samples;
          } },
        { "sharper, 5499 Hz beside",
          verdict::replaces,
          [](s&, acquisition& a) {
              a.evidence = 5.1;
              a.offset_hz = 5499;
          } },
        { "sharper, 5500 Hz beside",
          verdict::unrelated,
          [](s&, acquisition& a) {
              a.evidence = 5.1;
              a.offset_hz = 5500;
          } },
    };
    check(rows, waiting, start_frame, judge_start);
}

/* Its sync words are in the history still when a new transmission begins in its place. */
BOOST_AUTO_TEST_CASE(late_entry_of_what_is_over)
{
    auto w = waiting();
    auto found = seen();
    found.newest_sync = place + block_samples;
    BOOST_TEST(is_over_before(w, found));
    found.heard =
        0b10; // the block before the start frame: the call goes on, it is forged
    BOOST_TEST(!is_over_before(w, found));
    found.heard = 0b100; // one before that
    BOOST_TEST(is_over_before(w, found));
    w.offset_hz = 41;
    BOOST_TEST(!is_over_before(w, found));
    w = waiting();
    w.emits = true;
    BOOST_TEST(!is_over_before(w, found));
    w = waiting();
    found.at = place;
    BOOST_TEST(!is_over_before(w, found));
}

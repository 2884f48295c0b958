/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE voice_floor
#include "core/chain/voice_floor.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace securevoice;
namespace data = boost::unit_test::data;

namespace {

header call_of(std::uint8_t n)
{
    header h;
    h.octets[0] = n;
    return h;
}

/*! Takes the floor as the call receiver does. \return what goes out before: - a slot of
 * silence, | an end */
std::string
play(voice_floor& floor, kind k, std::uint8_t call, std::uint32_t signal, double time)
{
    std::string out;
    const auto emit = [&out](const heard_block& b) {
        out += b.what == heard_block::action::finish ? '|' : '-';
    };
    if (k == kind::fm) {
        floor.take_for_fm(time, emit);
        return out;
    }
    heard_block block;
    block.kind = k;
    block.time = time;
    floor.take(block, call_of(call), signal, emit);
    floor.went_out(block);
    return out;
}

struct row {
    const char* rule;
    kind heard; // call 1 by signal 1 at 10 s
    kind brings;
    std::uint8_t call;
    std::uint32_t signal;
    double
        // s, after which it is heard; below 0: at once, older than what was played too
        silence;
};
constexpr double never = 1e6;

// docs/protocol.md, 6.6 rule 9
const row table[] = {
    { "secure goes on", kind::secure, kind::secure, 1, 1, -1 },
    { "clear behind secure, the same signal", kind::secure, kind::clear, 1, 1, 0 },
    { "secure behind clear, the same signal", kind::clear, kind::secure, 1, 1, -1 },
    { "clear goes on", kind::clear, kind::clear, 1, 1, 0 },
    { "secure by another signal", kind::secure, kind::secure, 1, 2, -1 },
    { "secure by another signal, clear is heard", kind::clear, kind::secure, 1, 2, -1 },
    { "clear by another signal may be anybody's", kind::secure, kind::clear, 1, 2, 1 },
    { "also beside clear", kind::clear, kind::clear, 1, 2, 0.5 },
    { "another secure call", kind::secure, kind::secure, 2, 2, 0.5 },
    { "takes its place where clear is heard", kind::clear, kind::secure, 2, 2, -1 },
    { "clear of another call beside a secure one",
      kind::secure,
      kind::clear,
      2,
      2,
      never },
    { "clear of another call beside a clear one", kind::clear, kind::clear, 2, 2, 0.5 },
    { "another call by the same signal", kind::secure, kind::secure, 2, 1, 0.5 },
    { "its clear voice", kind::secure, kind::clear, 2, 1, never },
    { "FM gives way to secure", kind::fm, kind::secure, 1, 1, 0 },
    { "and to clear", kind::fm, kind::clear, 1, 1, 0 },
};

std::ostream& operator<<(std::ostream& o, const row& r) { return o << r.rule; }

} // namespace

BOOST_DATA_TEST_CASE(who_may_speak, data::make(table), r)
{
    voice_floor floor;
    play(floor, r.heard, 1, 1, 10);
    const auto at = [&](double time) {
        return floor.may_speak(call_of(r.call), r.brings, r.signal, time);
    };
    BOOST_TEST(at(9.9) == (r.silence < 0));
    BOOST_TEST(at(10.02) == (r.silence <= 0));
    if (r.silence > 0) {
        BOOST_TEST(!at(10 + r.silence - 0.01));
        BOOST_TEST(at(10 + r.silence + 0.01) == (r.silence < never));
    }
    BOOST_TEST(!at(1000) == (r.silence == never));
}

BOOST_AUTO_TEST_CASE(anybody_may_speak_where_nobody_is_heard)
{
    voice_floor floor;
    for (const auto k : { kind::secure, kind::clear })
        BOOST_TEST(floor.may_speak(call_of(1), k, 1, 0));
    play(floor, kind::secure, 1, 1, 10);
    heard_block end;
    end.what = heard_block::action::finish;
    floor.went_out(end);
    BOOST_TEST((floor.holder() == kind::none));
    BOOST_TEST(floor.may_speak(call_of(2), kind::clear, 2, 10.02));
    BOOST_TEST(!floor.may_speak(call_of(2), kind::clear, 2, 9.9)); // it was heard by then
    BOOST_TEST(floor.may_speak(call_of(2), kind::secure, 2, 9.9));
    play(floor, kind::fm, 0, 0, 11);
    BOOST_TEST(!floor.may_speak(call_of(2), kind::secure, 2, 10.9));
}

BOOST_AUTO_TEST_CASE(fm_waits_for_its_turn)
{
    voice_floor floor;
    BOOST_TEST(floor.is_free_for_fm(10));
    play(floor, kind::secure, 1, 1, 10);
    BOOST_TEST(!floor.is_free_for_fm(10.49));
    BOOST_TEST(floor.is_free_for_fm(10.51));
    play(floor, kind::fm, 0, 0, 11);
    BOOST_TEST(floor.is_free_for_fm(11.01));
}

BOOST_AUTO_TEST_CASE(who_loses_the_floor_is_ended)
{
    voice_floor floor;
    BOOST_TEST(play(floor, kind::secure, 1, 1, 10) == "");
    BOOST_TEST(play(floor, kind::clear, 1, 2, 10.08) == "");
    BOOST_TEST(play(floor, kind::secure, 2, 2, 11) == "|");
    BOOST_TEST(play(floor, kind::fm, 0, 0, 12) == "|");
    BOOST_TEST(play(floor, kind::fm, 0, 0, 12.08) == "");
    // A start frame took one slot, or two where one was lost; a longer pause is none of a
    // transmission.
    BOOST_TEST(play(floor, kind::secure, 1, 1, 12.24) == "-|");
    play(floor, kind::fm, 0, 0, 13);
    BOOST_TEST(play(floor, kind::secure, 1, 1, 14) == "--|");
}

BOOST_AUTO_TEST_CASE(what_went_out_as_silence_has_passed)
{
    voice_floor floor;
    play(floor, kind::secure, 1, 1, 10);
    BOOST_TEST(!floor.has_passed(call_of(1), 10));
    heard_block lost;
    lost.what = heard_block::action::conceal;
    lost.time = 10.08;
    floor.went_out(lost);
    BOOST_TEST(floor.has_passed(call_of(1), 10.08));
    BOOST_TEST(!floor.has_passed(call_of(2), 10.08));
    BOOST_TEST(!floor.has_passed(call_of(1), 10.16));
}

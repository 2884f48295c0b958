/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE interference_alarm
#include "core/chain/interference_alarm.h"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace securevoice;

namespace {

/*! One slot per letter: S verified, x decoded well without tag, . nothing, E the call
 * ends. */
bool raised_after(const std::string& slots)
{
    interference_alarm alarm;
    double time = 0.01;
    for (const char c : slots) {
        if (c == 'S')
            alarm.verified(time);
        else if (c == 'x')
            alarm.strange(time);
        else if (c == 'E')
            alarm.end();
        time += 0.08;
    }
    return alarm.raised();
}

std::string times(std::size_t n, const std::string& what)
{
    std::string all;
    for (std::size_t k = 0; k < n; ++k)
        all += what;
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(more_than_half_of_five_seconds_raises_it)
{
    BOOST_TEST(!raised_after("S" + times(31, "x")));
    BOOST_TEST(raised_after("S" + times(32, "x")));
    BOOST_TEST(raised_after("S" + times(31, "xx.")));
    BOOST_TEST(!raised_after("S" + times(40, "x..")));
}

BOOST_AUTO_TEST_CASE(it_goes_when_the_call_is_back)
{
    BOOST_TEST(!raised_after("S" + times(40, "x") + times(35, "S")));
}

BOOST_AUTO_TEST_CASE(a_strangers_call_alone_is_no_attack)
{
    BOOST_TEST(!raised_after(times(200, "x")));
    BOOST_TEST(!raised_after("SSSE" + times(200, "x")));
}

BOOST_AUTO_TEST_CASE(a_minute_after_the_last_good_block_nobody_listens_for_it)
{
    BOOST_TEST(!raised_after("S" + times(760, ".") + times(62, "x")));
}

BOOST_AUTO_TEST_CASE(a_block_beside_a_good_one_in_one_slot_does_not_count)
{
    interference_alarm alarm;
    for (int slot = 0; slot < 200; ++slot) {
        alarm.verified(0.08 * slot + 0.01);
        alarm.strange(0.08 * slot + 0.05);
        alarm.strange(0.08 * slot + 0.02);
        alarm.verified(0.08 * slot + 0.06);
    }
    BOOST_TEST(!alarm.raised());
}

BOOST_AUTO_TEST_CASE(a_long_silence_forgets)
{
    interference_alarm alarm;
    alarm.verified(0);
    for (int slot = 1; slot < 60; ++slot)
        alarm.strange(0.08 * slot);
    BOOST_TEST(alarm.raised());
    alarm.verified(100);
    BOOST_TEST(!alarm.raised());
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// The rules of docs/protocol.md, 6.9, without a signal.
#define BOOST_TEST_MODULE heard_analog
#include "core/chain/heard_analog.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;

BOOST_AUTO_TEST_CASE(an_ordinary_radio_is_heard)
{
    heard_analog a(false, false);
    BOOST_TEST(!a.there());
    BOOST_TEST(a.hear(1, true, true));
    BOOST_TEST((a.state() == heard_state::fm));
    a.lost();
    BOOST_TEST(!a.there());
    BOOST_TEST(a.played() == 1u);
}

BOOST_AUTO_TEST_CASE(after_a_secure_call_it_has_to_be_announced)
{
    heard_analog a(false, false);
    a.secure(10);
    BOOST_TEST(!a.hear(69, true, true));
    BOOST_TEST((a.state() == heard_state::fm_unannounced));
    BOOST_TEST(!a.hear(200, true, true)); // it goes on
    a.lost();
    BOOST_TEST(a.hear(201, true, true));
    a.secure(202);
    BOOST_TEST(!a.there());
    BOOST_TEST(!a.hear(202.1, true, true)); // the same carrier, judged anew
    BOOST_TEST(a.refused() == 3u);
}

BOOST_AUTO_TEST_CASE(an_announcement_permits_the_carrier_that_it_announced)
{
    heard_analog a(false, false);
    a.secure(10);
    a.announced(10);
    BOOST_TEST(a.awaited(10.9));
    BOOST_TEST(a.hear(10.1, true, true));
    BOOST_TEST((a.state() == heard_state::fm));
    BOOST_TEST(a.hear(11.5, true, true)); // it goes on
    BOOST_TEST(!a.hear(15, true, false)); // a pause is not its end
    BOOST_TEST(a.hear(16, true, true));
    a.lost();
    BOOST_TEST(!a.hear(17, true, true)); // anybody
    BOOST_TEST((a.state() == heard_state::fm_unannounced));
    a.secure(18);
    a.announced(18);
    a.secure(18.08); // went on digitally
    BOOST_TEST(!a.hear(18.2, true, true));
}

BOOST_AUTO_TEST_CASE(an_announcement_waits_for_a_second)
{
    heard_analog a(false, false);
    a.secure(10);
    a.announced(10);
    a.lost(); // of an earlier carrier
    BOOST_TEST(a.hear(11, true, true));
    heard_analog late(false, false);
    late.secure(10);
    late.announced(10);
    BOOST_TEST(!late.awaited(11.1));
    BOOST_TEST(!late.hear(11.1, true, true));
    BOOST_TEST((late.state() == heard_state::fm_unannounced));
}

BOOST_AUTO_TEST_CASE(who_wants_to_hear_all_hears_it)
{
    heard_analog a(false, true);
    a.secure(10);
    BOOST_TEST(a.hear(10.1, true, true));
    BOOST_TEST((a.state() == heard_state::fm_unannounced));
    BOOST_TEST(!a.hear(10.2, false, true)); // another call is heard
}

BOOST_AUTO_TEST_CASE(secure_only_is_silent)
{
    heard_analog a(true, true);
    BOOST_TEST(!a.hear(1, true, true));
    BOOST_TEST(!a.there());
    a.lost();
    a.secure(2);
    a.announced(2);
    BOOST_TEST(!a.hear(2.1, true, true));
    BOOST_TEST(!a.there());
    a.secure(3);
    BOOST_TEST(!a.hear(3.1, true, true));
    BOOST_TEST((a.state() == heard_state::fm_unannounced)); // reported all the same
}

BOOST_AUTO_TEST_CASE(a_carrier_without_modulation_is_nobody)
{
    heard_analog a(false, true);
    BOOST_TEST(!a.hear(1, true, false));
    BOOST_TEST(!a.there());
    BOOST_TEST(a.hear(2, true, true));
    BOOST_TEST(a.hear(4.9, true, false)); // a pause
    BOOST_TEST(a.there());
    BOOST_TEST(!a.hear(5.1, true, false));
    BOOST_TEST(!a.there());
    a.announced(10);
    BOOST_TEST(a.hear(10.1, true, false)); // he will speak
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE guess_budget
#include "core/chain/guess_budget.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;

namespace {

unsigned spend_all(guess_budget::share s)
{
    unsigned spent = 0;
    while (s.spend())
        ++spent;
    return spent;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_slot_has_64_whoever_spends_them)
{
    guess_budget slot;
    BOOST_TEST(spend_all(slot.of(1, 40, false)) == 40u);
    BOOST_TEST(spend_all(slot.of(2, 40, false)) == 24u);
    BOOST_TEST(spend_all(slot.of(3, 40, false)) == 0u);
    BOOST_TEST(spend_all(slot.all()) == 0u);
}

BOOST_AUTO_TEST_CASE(all_signals_beside_a_call_have_24_together)
{
    guess_budget slot;
    BOOST_TEST(spend_all(slot.of(2, 21, true)) == 21u);
    BOOST_TEST(spend_all(slot.of(3, 21, true)) == 3u);
    BOOST_TEST(spend_all(slot.all()) == 40u);
}

BOOST_AUTO_TEST_CASE(a_signal_that_asks_again_gets_no_more)
{
    guess_budget slot;
    BOOST_TEST(spend_all(slot.of(1, 10, false)) == 10u);
    BOOST_TEST(slot.of(1, 64, false).left() == 0u);
    BOOST_TEST(slot.again(1).left() == 0u);
    BOOST_TEST(slot.again(2).left() == 54u); // it had all that is left
}

BOOST_AUTO_TEST_CASE(a_part_of_a_share_is_spent_from_the_share)
{
    guess_budget slot;
    const auto share = slot.of(1, 21, false);
    unsigned eight = 8;
    BOOST_TEST(spend_all(share.within(eight)) == 8u);
    BOOST_TEST(share.left() == 13u);
    BOOST_TEST(slot.all().left() == guess_budget::per_slot - 8);
}

BOOST_AUTO_TEST_CASE(each_slot_has_its_own_however_late_it_is_looked_at)
{
    guess_budgets slots;
    BOOST_TEST(spend_all(slots.at(1.0).all()) == 64u);
    BOOST_TEST(slots.at(1.01).all().left() == 0u);
    for (int n = 1; n < static_cast<int>(guess_budgets::most); ++n)
        BOOST_TEST(spend_all(slots.at(1.0 + 0.08 * n).all()) == 64u);
    BOOST_TEST(slots.at(1.0).all().left() == 0u);
    slots.at(100);
    BOOST_TEST(slots.at(1.0).all().left() == 0u); // gone; not given anew
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE number_ledger
#include "core/chain/number_ledger.h"

#include <boost/test/unit_test.hpp>

#include <initializer_list>

using namespace securevoice;

namespace {

void play(number_ledger& l, std::initializer_list<std::uint32_t> numbers)
{
    for (const auto n : numbers) {
        l.reached(n);
        l.played(n);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(what_lies_between_played_blocks_is_lost)
{
    number_ledger l;
    l.expect_from(0);
    BOOST_TEST(l.newest() == -1);
    BOOST_TEST(l.lost() == 0u);
    play(l, { 2, 3, 7 });
    BOOST_TEST(l.newest() == 7);
    BOOST_TEST(l.played_count() == 3u);
    BOOST_TEST(l.lost() == 5u); // 0, 1, 4, 5, 6
}

BOOST_AUTO_TEST_CASE(nothing_before_the_first_one_that_is_expected)
{
    number_ledger l;
    l.reached(10); // verified, not played
    BOOST_TEST(l.lost() == 0u);
    l.expect_from(12);
    play(l, { 12, 14 });
    BOOST_TEST(l.lost() == 1u);
    l.expect_from(
        0); // another signal began with the start: what is expected was settled before
    BOOST_TEST(l.lost() == 1u);
}

BOOST_AUTO_TEST_CASE(muted_blocks_are_not_lost)
{
    number_ledger l;
    l.expect_from(0);
    l.muted(1);
    l.muted(3);
    play(l, { 4 });
    BOOST_TEST(l.lost() == 2u); // 0, 2
    l.muted(0);                 // comes again, from a signal that is too late
    BOOST_TEST(l.lost() == 2u);
}

BOOST_AUTO_TEST_CASE(a_block_that_was_held_is_lost_unless_it_is_played)
{
    number_ledger l;
    l.expect_from(0);
    play(l, { 0 });
    l.reached(1);
    BOOST_TEST(l.lost() == 1u);
    l.played(1);
    BOOST_TEST(l.lost() == 0u);
}

BOOST_AUTO_TEST_CASE(a_number_that_nobody_vouches_for_makes_nothing_due)
{
    number_ledger l;
    l.expect_from(0);
    play(l, { 0 });
    l.played(60000); // clear voice of anybody
    BOOST_TEST(l.newest() == 0);
    BOOST_TEST(l.lost() == 0u);
    BOOST_TEST(l.played_count() == 2u);
}

BOOST_AUTO_TEST_CASE(any_number_of_a_frame)
{
    number_ledger l;
    l.expect_from(65535);
    play(l, { 65535 });
    l.muted(65535);
    BOOST_TEST(l.lost() == 0u);
    number_ledger all;
    all.expect_from(0);
    all.reached(65535);
    BOOST_TEST(all.lost() == 65536u);
}

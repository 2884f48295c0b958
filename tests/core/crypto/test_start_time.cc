/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE start_time
#include "core/crypto/start_time.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;

namespace {

constexpr std::int64_t year_2020 = 1577836800;
constexpr std::int64_t turn = 4 * (std::int64_t{ 1 } << 28); // s, 34 years

} // namespace

BOOST_AUTO_TEST_CASE(units_of_four_seconds_since_2020)
{
    BOOST_TEST(start_time_from_unix(year_2020) == 0u);
    BOOST_TEST(start_time_from_unix(year_2020 + 3) == 0u);
    BOOST_TEST(start_time_from_unix(year_2020 + 4) == 1u);
    BOOST_TEST(start_time_from_unix(year_2020 - 1) == (1u << 28) - 1);
    BOOST_TEST(start_time_from_unix(year_2020 + turn) == 0u);
    BOOST_TEST(start_time_from_unix(year_2020 + turn - 1) == (1u << 28) - 1);
    BOOST_TEST(start_time_from_unix(0) == 142411712u);
    BOOST_TEST(start_time_from_unix(-1) == start_time_from_unix(-4));
    BOOST_TEST(start_time_from_unix(-5) == start_time_from_unix(-8));
}

BOOST_AUTO_TEST_CASE(nearest_moment_is_found)
{
    for (const auto t :
         { std::int64_t{ 1790000000 }, year_2020, year_2020 + turn, year_2020 - 8 })
        for (const std::int64_t off : { std::int64_t{ 0 },
                                        std::int64_t{ 300 },
                                        std::int64_t{ 100000000 },
                                        turn / 2 - 8 })
            for (const auto near : { t - off, t + off })
                BOOST_TEST(unix_from_start_time(start_time_from_unix(t), near) == t);
    const std::int64_t t = 1790000000;
    BOOST_TEST(unix_from_start_time(start_time_from_unix(t), t + turn / 2 + 8) ==
               t + turn);
    BOOST_TEST(unix_from_start_time(start_time_from_unix(t), t - turn / 2 - 8) ==
               t - turn);
    // Half a turn away two moments are as near: the past is taken, for calls come late.
    for (const std::int64_t off : { turn / 2 - 4, turn / 2 })
        BOOST_TEST(unix_from_start_time(start_time_from_unix(t), t + off) == t);
    BOOST_TEST(unix_from_start_time(start_time_from_unix(t), t - turn / 2 + 4) == t);
    BOOST_TEST(unix_from_start_time(start_time_from_unix(t), t - turn / 2) == t - turn);
}

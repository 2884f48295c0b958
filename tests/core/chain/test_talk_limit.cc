/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE talk_limit
#include "core/chain/talk_limit.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace securevoice;

BOOST_AUTO_TEST_CASE(seconds_become_whole_blocks)
{
    BOOST_TEST(talk_limit_from("300")->blocks == 3750u);
    BOOST_TEST(talk_limit_from("1")->blocks == 13u);
    BOOST_TEST(talk_limit_from("12.5")->blocks == 157u);
    BOOST_TEST(talk_limit_from("300.0")->blocks == 3750u); // as Python writes it
    BOOST_TEST(talk_limit_from("3600")->blocks == 45000u);
}

BOOST_AUTO_TEST_CASE(it_is_off_by_name_only)
{
    BOOST_TEST(!talk_limit_from("off"));
    for (const char* text : { "",
                              "0",
                              "-1",
                              "0.5",
                              "3601",
                              "inf",
                              "nan",
                              "none",
                              "OFF",
                              "300 s",
                              " 300",
                              "1e9",
                              "False" })
        BOOST_CHECK_THROW(talk_limit_from(text), std::invalid_argument);
}

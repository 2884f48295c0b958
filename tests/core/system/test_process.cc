/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE process
#include "core/system/process.h"

#include <boost/test/unit_test.hpp>

#include <sys/prctl.h>
#include <sys/resource.h>

BOOST_AUTO_TEST_CASE(core_dumps_are_off)
{
    securevoice::harden_process();
    rlimit limit{ 1, 1 };
    BOOST_REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
    BOOST_TEST(limit.rlim_cur == 0u);
    BOOST_TEST(limit.rlim_max == 0u);
    BOOST_TEST(prctl(PR_GET_DUMPABLE) == 0);
    BOOST_CHECK_NO_THROW(securevoice::harden_process());
}

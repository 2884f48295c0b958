/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE analog
#include "core/analog/peak_limiter.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace securevoice;

BOOST_AUTO_TEST_CASE(no_sample_leaves_above_the_limit)
{
    peak_limiter limit(1.0f, 96, 2400);
    std::mt19937 random(1);
    std::normal_distribution<float> level(0, 3);
    for (int n = 0; n < 100000; ++n) {
        const float x = n % 7000 < 100 ? 1000 * level(random) : level(random);
        BOOST_REQUIRE_LE(std::abs(limit(x)), 1.0f);
    }
}

BOOST_AUTO_TEST_CASE(what_is_below_the_limit_is_late_and_nothing_else)
{
    peak_limiter limit(1.0f, 96, 2400);
    const auto x = [](std::size_t n) {
        return 0.9f * std::sin(0.1f * static_cast<float>(n));
    };
    for (std::size_t n = 0; n < 10000; ++n) {
        const float y = limit(x(n));
        if (n >= limit.delay())
            BOOST_REQUIRE_CLOSE(y, x(n - limit.delay()), 1e-3);
    }
}

BOOST_AUTO_TEST_CASE(a_tone_far_above_it_comes_out_as_a_tone)
{
    peak_limiter limit(1.0f, 96, 2400);
    double power = 0;
    double signal = 0;
    const int count = 48000;
    for (int n = -48000; n < count; ++n) {
        const double at = 2 * M_PI * 1000 * n / 48000;
        const double y = limit(static_cast<float>(4 * std::sin(at)));
        if (n < 0)
            continue;
        power += y * y / count;
        signal +=
            2 * y *
            std::sin(at - 2 * M_PI * 1000 * static_cast<double>(limit.delay()) / 48000) /
            count;
    }
    BOOST_TEST(signal > 0.9);
    BOOST_TEST(10 * std::log10(power / (power - signal * signal / 2)) > 30);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE capture_line
#include "core/chain/capture_line.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace securevoice;

namespace {

constexpr double rate = 8000;
constexpr double start = 5000; // of the microphone, by the monotonic clock

/*! A microphone whose samples arrive later than they were captured, some of them
 * never. */
struct microphone {
    /*! Time passes; what was captured until `delay` before it arrives. */
    void until(double t, double delay = 0, double step = 0.01)
    {
        for (; now < t; now += step) {
            const auto have = std::max(0.0, (now - start - delay) * real_rate - lost);
            arrived = std::max(arrived, static_cast<std::uint64_t>(have));
            line.observe(now, arrived, free);
        }
    }
    /*! Index of the sample that is captured now. */
    std::uint64_t captured() const
    {
        return static_cast<std::uint64_t>(
            std::max(0.0, (now - start) * real_rate - lost));
    }
    /*! How much too late the line thinks it is, s. */
    double ahead() const
    {
        return (static_cast<double>(line.captured_by(now)) -
                static_cast<double>(captured())) /
               rate;
    }

    capture_line line;
    double real_rate = rate;
    double now = start;
    double lost = 0; // samples
    bool free = true;
    std::uint64_t arrived = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_known_before_the_first_sample)
{
    BOOST_TEST(capture_line().captured_by(1e6) == 0u);
}

BOOST_AUTO_TEST_CASE(a_healthy_microphone_is_known_within_a_portion)
{
    microphone m;
    m.until(start + 60, 0, 0.128);
    BOOST_TEST(m.ahead() > -0.001);
    BOOST_TEST(m.ahead() < 0.13);
}

BOOST_AUTO_TEST_CASE(what_waits_is_counted_however_long_it_waits)
{
    for (const double delay : { 0.3, 1.5, 9.0 }) {
        microphone m;
        m.until(start + 3);
        m.free = false; // the radio stalls, then takes samples at its pace
        m.until(start + 300, delay);
        BOOST_TEST(m.ahead() > -0.001);
        BOOST_TEST(m.ahead() < 0.02);
        BOOST_TEST(static_cast<double>(m.captured() - m.arrived) > (delay - 0.1) * rate);
    }
}

BOOST_AUTO_TEST_CASE(catching_up_slowly_forgets_nothing)
{
    microphone m;
    m.until(start + 10);
    for (double delay = 6; delay > 0; delay -= 0.01 * 0.1) // 1.1 times real time
        m.until(m.now + 0.01, delay);
    BOOST_TEST(m.ahead() > -0.001);
}

BOOST_AUTO_TEST_CASE(a_stall_of_the_source_is_not_forgotten_before_it_has_caught_up)
{
    microphone m;
    m.until(start + 20);
    const auto before = m.arrived;
    m.until(start + 23.5, 3.5);
    BOOST_REQUIRE(m.arrived <= before + 200);
    BOOST_TEST(m.ahead() > -0.001);
    m.until(start + 23.6, 3);
    BOOST_TEST(m.ahead() > -0.001);
}

BOOST_AUTO_TEST_CASE(dropped_samples_make_it_late_and_are_made_up_for)
{
    microphone m;
    m.until(start + 5);
    m.lost = 2 * rate;
    m.until(start + 9);
    BOOST_TEST(m.ahead() > 1.9); // it cannot be told from a backlog
    m.until(start + 30);
    BOOST_TEST(m.ahead() > -0.001);
    BOOST_TEST(m.ahead() < 0.02);
}

BOOST_AUTO_TEST_CASE(clocks_may_drift_for_a_day)
{
    for (const double ppm : { -1000., -50., 50., 1000. }) {
        microphone m;
        m.real_rate = rate * (1 + 1e-6 * ppm);
        m.until(start + 86400, 0, 0.128);
        BOOST_TEST(m.ahead() > -0.002);
        BOOST_TEST(m.ahead() < 0.15);
    }
}

BOOST_AUTO_TEST_CASE(a_file_is_as_far_as_it_was_read)
{
    capture_line line;
    for (int n = 0; n <= 100; ++n)
        line.observe(start + 0.001 * n, static_cast<std::uint64_t>(n) * 8000, true);
    BOOST_TEST(line.captured_by(start + 0.1) == 800000u);
}

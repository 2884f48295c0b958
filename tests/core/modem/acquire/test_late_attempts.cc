/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE late_attempts
#include <boost/test/unit_test.hpp>

#include "core/modem/acquire/late_attempts.h"

#include <algorithm>
#include <vector>

using namespace securevoice;

namespace {

constexpr auto block = static_cast<std::size_t>(block_samples);

/* What is kept of a signal's sync words, one a block. */
struct stage {
    sample_history history{ 27 * block };
    late_attempts attempts;

    void listen(std::size_t blocks)
    {
        const std::vector<cfloat> silence(block);
        for (std::size_t b = 0; b < blocks; ++b)
            history.append(silence.data(), silence.size());
    }
    candidate newest(double offset_hz = 0) const
    {
        candidate c;
        c.at = static_cast<double>(history.end()) - 100;
        c.offset_hz = offset_hz;
        return c;
    }
    std::optional<late_attempt> see(double offset_hz = 0)
    {
        return attempts.next(newest(offset_hz), history);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(six_blocks_must_be_there)
{
    stage s;
    s.listen(6); // without the filter's reach
    BOOST_TEST(!s.see());
    s.listen(1);
    const auto first = s.see();
    BOOST_REQUIRE(first);
    BOOST_TEST(first->blocks == 6u);
    BOOST_TEST(first->more_blocks == 0u); // no more are there
}

BOOST_AUTO_TEST_CASE(one_block_more_at_each_attempt_up_to_twenty)
{
    stage s;
    s.listen(27);
    for (std::size_t n = 0; n < 12; ++n) {
        const auto now = s.see();
        BOOST_REQUIRE(now);
        BOOST_TEST(now->blocks == 6 + n);
        BOOST_TEST(now->more_blocks == (n < 6 ? 12 + n : 0));
        s.listen(1);
    }
    std::size_t tries = 0;
    for (std::size_t n = 12; n < 32; ++n, s.listen(1))
        if (const auto now = s.see()) {
            ++tries;
            BOOST_TEST(now->blocks == std::min<std::size_t>(6 + n, 20));
            BOOST_TEST((n + 1) % 8 == 0u);
        }
    BOOST_TEST(tries == 3u); // of the attempts 16, 24, 32
}

BOOST_AUTO_TEST_CASE(a_word_is_tried_once)
{
    stage s;
    s.listen(20);
    BOOST_TEST(s.see().has_value());
    BOOST_TEST(!s.see()); // seen in two bins
    BOOST_TEST(!s.see(400));
    BOOST_TEST(s.see(801).has_value()); // another signal
    s.listen(1);
    BOOST_TEST(s.see().has_value());
}

BOOST_AUTO_TEST_CASE(begins_anew_when_entered_or_forgotten)
{
    stage s;
    s.listen(20);
    for (std::size_t n = 0; n < 4; ++n, s.listen(1))
        BOOST_TEST(s.see()->blocks == 6 + n);
    BOOST_TEST(s.see()->blocks == 10u);
    s.attempts.entered(s.newest());
    s.listen(1);
    BOOST_TEST(s.see()->blocks == 6u);
    s.listen(19); // blocks without a sync word
    BOOST_TEST(s.see()->blocks == 20u);
    s.listen(20);
    BOOST_TEST(s.see()->blocks == 6u);
}

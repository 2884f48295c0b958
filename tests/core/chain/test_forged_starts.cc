/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// Start frames of an attacker in the place of a call's blocks, while a receiver joins it.
#define BOOST_TEST_MODULE forged_starts
#include "switching_station.h"

#include "analog/fm_testing.h"
#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <complex>
#include <vector>

using namespace securevoice;
using fm_testing::iq_samples;
using switching_station::make_key;
using switching_station::options_of;

namespace {

constexpr std::size_t block = 3840; // samples of 80 ms

#ifdef SECUREVOICE_SANITIZE // twenty times as slow
constexpr unsigned calls = 2;
#else
constexpr unsigned calls = 8;
#endif
constexpr unsigned attacks = 3;

iq_samples call_of(transmitter_options o, double seconds)
{
    o.seal.allow_fm = false;
    transmitter t(std::move(o));
    iq_samples iq;
    t.press();
    std::vector<std::int16_t> speech(static_cast<std::size_t>(8000 * seconds));
    for (std::size_t n = 0; n < speech.size(); ++n)
        speech[n] = static_cast<std::int16_t>(n * n % 4001); // a buzz
    t.push(speech.data(), speech.size(), iq);
    t.release(iq);
    return iq;
}

/*! \return s until the first secure voice; below zero: never */
double first_heard(const key_ptr& key, const iq_samples& air)
{
    receiver_options o;
    o.demodulate.sample_rate = switching_station::rate;
    o.receive.keys = { key };
    receiver r(o);
    double first = -1, now = 0;
    r.on_block = [&](const heard_block& b) {
        if (first < 0 && b.what == heard_block::action::play && b.kind == kind::secure)
            first = now;
    };
    std::vector<std::int16_t> speech;
    constexpr std::size_t portion = 960;
    for (std::size_t at = 0; at + portion <= air.size(); at += portion) {
        now = static_cast<double>(at + portion) / switching_station::rate;
        r.push(air.data() + at, portion, speech);
    }
    return first;
}

/*! A call from its 30th block on, in which every \p period-th block from the 4th to
 * \p last is a forged start frame, on the call's grid and frequency and as strong as it
 * is. \return as first_heard() */
double heard_under_attack(
    double seconds, std::size_t period, std::size_t last, float turn, unsigned seed)
{
    const auto key = make_key();
    const auto whole = call_of(options_of(key), seconds);
    const auto forged = call_of(options_of(make_key()), 1);
    iq_samples iq(whole.begin() + 30 * block, whole.end());
    for (std::size_t at = 4; at <= last; at += period)
        for (std::size_t k = 0; k < block; ++k)
            iq[at * block + k] = std::polar(1.0f, turn) * forged[k];
    return first_heard(key, fm_testing::through_noise(iq, 55, 300, seed));
}

} // namespace

/* Their trackers give up by the pilots and the numbers. */
BOOST_AUTO_TEST_CASE(forged_start_frames_do_not_keep_late_entry_out)
{
    double latest = 0;
    for (unsigned n = 0; n < calls; ++n) {
        const auto first =
            heard_under_attack(8, 6, 22, 0.5f * static_cast<float>(n), n + 1);
        BOOST_TEST(first > 0, "call " << n << " is never heard");
        latest = std::max(latest, first);
    }
    BOOST_TEST_MESSAGE("heard after " << latest << " s at the latest");
    BOOST_TEST(latest < 4);
}

BOOST_AUTO_TEST_CASE(an_attack_of_ten_seconds_leaves_nothing_behind)
{
    constexpr std::size_t last = 125;
    for (const std::size_t period : { 5u, 6u, 8u, 10u })
        for (unsigned n = 0; n < attacks; ++n) {
            const auto first =
                heard_under_attack(14, period, last, static_cast<float>(n), n + 1);
            BOOST_TEST_MESSAGE("every " << period << "th block: heard after " << first
                                        << " s");
            BOOST_TEST(first > 0, "every " << period << "th block: never heard");
            BOOST_TEST(first < 0.08 * last + 1.5);
        }
}

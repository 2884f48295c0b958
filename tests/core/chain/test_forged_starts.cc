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

// Sanitizers make each take twenty times as long.
#ifdef __SANITIZE_ADDRESS__
constexpr unsigned calls = 2;
#else
constexpr unsigned calls = 8;
#endif

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
    o.open.keys = { key };
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

} // namespace

/* In every sixth block for 1.8 s, on the grid and the frequency of the call, as strong as it is. Their trackers give up by the pilots and the numbers. */
BOOST_AUTO_TEST_CASE(forged_start_frames_do_not_keep_late_entry_out)
{
    double latest = 0;
    for (unsigned n = 0; n < calls; ++n) {
        const auto key = make_key();
        const auto whole = call_of(options_of(key), 8);
        const auto forged = call_of(options_of(make_key()), 1);
        iq_samples iq(whole.begin() + 30 * block, whole.end());
        const auto turned = std::polar(1.0f, 0.5f * static_cast<float>(n));
        for (const std::size_t at : { 4u, 10u, 16u, 22u })
            for (std::size_t k = 0; k < block; ++k)
                iq[at * block + k] = turned * forged[k];
        const auto first =
            first_heard(key, fm_testing::through_noise(iq, 55, 300, n + 1));
        BOOST_TEST(first > 0, "call " << n << " is never heard");
        latest = std::max(latest, first);
    }
    BOOST_TEST_MESSAGE("heard after " << latest << " s at the latest");
    BOOST_TEST(latest < 4);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// A carrier within a call's channel: DC of a receiver of zero IF, or a heterodyne.
#define BOOST_TEST_MODULE carrier_canceller

#include "air.h"
#include "core/modem/front/carrier_canceller.h"
#include "core/modem/front/sample_history.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace securevoice;
using air::cfloat;

namespace {

constexpr std::uint8_t narrow_3200 = 0, narrow_700c = 6, robust_1300 = 12,
                       constant_1300 = 20;

/*! Of 0 dB: the power of a call. */
std::vector<cfloat> carrier(std::size_t samples,
                            double hz,
                            double db,
                            double rate = receive_rate,
                            double hz_per_s = 0)
{
    std::vector<cfloat> x;
    for (std::size_t n = 0; n < samples; ++n) {
        const double t = static_cast<double>(n) / rate;
        const double cycles = hz * t + hz_per_s * t * t / 2 + 0.2;
        x.push_back(cfloat(std::polar(std::pow(10, db / 20), 2 * M_PI * cycles)));
    }
    return x;
}

std::vector<cfloat> sum(std::vector<cfloat> x, const std::vector<cfloat>& y)
{
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] += y[n];
    return x;
}

std::vector<cfloat> cancelled(std::vector<cfloat> x)
{
    carrier_canceller c;
    x.resize(x.size() / carrier_canceller::step * carrier_canceller::step);
    for (std::size_t n = 0; n < x.size(); n += carrier_canceller::step)
        c.apply(&x[n]);
    return x;
}

/*! Power of what x differs by from y, dB, from \p from to \p to s. */
double error_db(const std::vector<cfloat>& x,
                const std::vector<cfloat>& y,
                double from,
                double to)
{
    double power = 0, count = 0;
    for (auto n = static_cast<std::size_t>(from * receive_rate);
         n < static_cast<std::size_t>(to * receive_rate);
         ++n, ++count)
        power += static_cast<double>(std::norm(x.at(n) - y.at(n)));
    return 10 * std::log10(power / count + 1e-30);
}

std::vector<cfloat> call_of(std::uint8_t mode, std::size_t blocks)
{
    air::path p;
    p.cn0_dbhz = 60;
    p.offset_hz = 130;
    return air::send(
        air::make_call(mode, 0, blocks, receive_rate, 0.2, 5).iq, receive_rate, p);
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_and_noise_stay_as_they_are)
{
    for (const auto mode : { narrow_3200, narrow_700c, robust_1300, constant_1300 }) {
        const auto iq = call_of(mode, 100);
        const auto same = cancelled(iq);
        BOOST_TEST(std::equal(same.begin(), same.end(), iq.begin()), "mode " << +mode);
    }
    const auto noise = air::noise(20 * 19200, 1, 2);
    BOOST_TEST((cancelled(noise) == noise));
}

BOOST_AUTO_TEST_CASE(a_carrier_is_taken_away_and_the_call_left)
{
    const auto call = call_of(narrow_3200, 30);
    for (const double db : { -3, 0, 3, 10, 20 })
        for (const double hz : { 0.0, 300.0, 1003.3, -1509.4, 5000.0 }) {
            const auto iq = cancelled(sum(call, carrier(call.size(), hz, db)));
            const double error = error_db(iq, call, 0.3, 2.4);
            BOOST_TEST(error < -15, db << " dB at " << hz << " Hz: " << error << " dB");
        }
    // two of them, and one that drifts
    const auto two = sum(carrier(call.size(), 0, 6), carrier(call.size(), -700, 3));
    BOOST_TEST(error_db(cancelled(sum(call, two)), call, 0.3, 2.4) < -14);
    const auto drifting = carrier(call.size(), 900, 6, receive_rate, 10);
    BOOST_TEST(error_db(cancelled(sum(call, drifting)), call, 0.3, 2.4) < -14);
}

/* FM without a word goes over into a call: the carrier that is gone is not added. */
BOOST_AUTO_TEST_CASE(a_carrier_that_ends_leaves_the_call_behind_it_alone)
{
    auto iq = sum(carrier(19200, 200, 0), air::noise(19200, 0.01, 3));
    const auto call = call_of(narrow_3200, 5);
    const auto begins = call.begin() + static_cast<std::ptrdiff_t>(0.2 * receive_rate);
    iq.insert(iq.end(), begins, call.end());
    const auto heard = cancelled(iq);
    BOOST_TEST(error_db(heard, iq, 0.5, 0.9) > -1); // it was taken away before
    BOOST_TEST(error_db(heard, iq, 1.0, 1.08) < -14);
    BOOST_TEST(error_db(heard, iq, 1.3, 1.5) < -100);
}

/* Where a word is spoken the carrier belongs to it, however little it is modulated. */
BOOST_AUTO_TEST_CASE(fm_keeps_its_carrier)
{
    for (const double radians : { 0.1, 0.5, 1.0 }) {
        auto iq = air::noise(2 * 19200, 0.0005, 4); // 76 dB-Hz
        for (std::size_t n = 0; n < iq.size(); ++n)
            iq[n] += cfloat(
                std::polar(1.0,
                           radians * std::sin(2 * M_PI * 700 * static_cast<double>(n) /
                                              receive_rate)));
        BOOST_TEST((cancelled(iq) == iq), radians << " radians");
    }
}

BOOST_AUTO_TEST_CASE(a_call_is_heard_beside_a_carrier)
{
    constexpr std::size_t blocks = 40;
    for (const auto mode : { narrow_3200, robust_1300, constant_1300 }) {
        const auto call = air::make_call(mode, 0, blocks, receive_rate, 0.2, 3);
        air::path p;
        p.cn0_dbhz = 50;
        const auto iq = air::send(call.iq, receive_rate, p);
        for (const double hz : { 0.0, 300.0, -1500.0 })
            for (const double db : { 0.0, 3.0, 10.0 }) {
                const auto s = air::compare(
                    call,
                    air::receive(sum(iq, carrier(iq.size(), hz, db)), receive_rate));
                BOOST_TEST(s.starts == 1u);
                BOOST_TEST(s.blocks >= blocks * 9 / 10,
                           "mode " << +mode << ", " << db << " dB at " << hz
                                   << " Hz: " << s.blocks);
                BOOST_TEST(s.bit_error_rate() < 0.01);
            }
    }
}

/* A recording that begins with the call: there is no silence to learn the carrier in. */
BOOST_AUTO_TEST_CASE(the_first_call_of_a_recording_is_heard_too)
{
    constexpr std::size_t blocks = 40;
    for (const auto mode : { narrow_3200, constant_1300 }) {
        const auto call = air::make_call(mode, 0, blocks, receive_rate, 0.01, 3);
        const auto iq = sum(call.iq, carrier(call.iq.size(), 0, 3));
        const auto s = air::compare(call, air::receive(iq, receive_rate));
        BOOST_TEST(s.blocks >= blocks * 9 / 10, "mode " << +mode << ": " << s.blocks);
    }
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE plain_modems

#include "../air.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace securevoice;

namespace {

#ifdef SECUREVOICE_SANITIZE // ten times as slow
constexpr double high_rate = 96000;
#else
constexpr double high_rate = 250000;
#endif

constexpr std::array<profile, 4> plain{
    profile::gmsk, profile::fsk4, profile::bpsk, profile::qpsk
};

air::call call_of(profile p, codec c, double rate, std::size_t blocks, unsigned seed)
{
    return air::make_call(mode{ c, p }.code(), 0, blocks, rate, 0.25, seed);
}

bool same(const std::vector<soft_frame>& a, const std::vector<soft_frame>& b)
{
    return a.size() == b.size() &&
           std::memcmp(a.data(), b.data(), a.size() * sizeof(soft_frame)) == 0;
}

} // namespace

/* What the modems bear: +-500 Hz, +-50 ppm. 50 dB-Hz is 4 dB above the threshold of the
 * worst. */
BOOST_AUTO_TEST_CASE(calls_come_through_noise_offset_and_clock_error)
{
    for (const auto p : plain)
        for (const double sign : { -1.0, 1.0 })
            for (const double rate : { sign > 0 ? 48000.0 : high_rate }) {
                const auto c = sign > 0 ? codec::c3200 : codec::c700c;
                const auto call = call_of(p, c, rate, 12, 7);
                air::path path;
                path.cn0_dbhz = 50;
                path.offset_hz = 500 * sign;
                path.clock_ppm = 50 * sign;
                path.phase = 1;
                const auto heard =
                    air::receive(air::send(call.iq, rate, path), rate, 4800, p);
                const auto s = air::compare(call, heard);
                BOOST_TEST(s.starts == 1u, profile_name(p));
                BOOST_TEST(s.blocks == 12u, profile_name(p));
                BOOST_TEST(s.bit_error_rate() < 0.08, profile_name(p));
                double offset = 0;
                for (const auto& f : heard) {
                    // behind the call the receiver listens on into the noise
                    if (f.what != soft_frame::type::block || f.number >= 12)
                        continue;
                    BOOST_TEST(f.mode == call.frames[1].mode);
                    BOOST_TEST(f.cn0_dbhz > 40);
                    offset += static_cast<double>(f.offset_hz) / 12;
                    const double since = 0.08 * (f.number + 1);
                    // 6 samples of 48 kHz: the timing loop wanders in noise
                    BOOST_TEST(std::abs(f.time - heard[0].time - since) < 1.25e-4);
                }
                BOOST_TEST(std::abs(offset - path.offset_hz) < 150, profile_name(p));
            }
}

BOOST_AUTO_TEST_CASE(without_noise_no_bit_is_wrong)
{
    for (const auto p : plain) {
        const auto call = call_of(p, codec::c1300, 48000, 6, 9);
        const auto s = air::compare(call, air::receive(call.iq, 48000, 4800, p));
        BOOST_TEST(s.blocks == 6u);
        BOOST_TEST(s.wrong_bits == 0u, profile_name(p));
    }
}

BOOST_AUTO_TEST_CASE(any_chunks_give_the_same_frames)
{
    for (const auto p : plain) {
        const auto call = call_of(p, codec::c3200, 48000, 4, 3);
        air::path path;
        path.cn0_dbhz = 48;
        const auto iq = air::send(call.iq, 48000, path);
        const auto whole = air::receive(iq, 48000, iq.size(), p);
        BOOST_TEST(whole.size() >= 6u); // start, blocks, silence, lost
        BOOST_TEST(same(whole, air::receive(iq, 48000, 1, p)));
        BOOST_TEST(same(whole, air::receive(iq, 48000, 777, p)));
    }
}

BOOST_AUTO_TEST_CASE(a_call_is_heard_behind_nan_infinities_and_zeros)
{
    for (const auto p : plain) {
        auto call = call_of(p, codec::c3200, 48000, 4, 5);
        std::vector<cfloat> iq(9000);
        constexpr float never = std::numeric_limits<float>::quiet_NaN();
        constexpr float endless = std::numeric_limits<float>::infinity();
        for (std::size_t n = 3000; n < 6000; ++n)
            iq[n] = n % 2 ? cfloat{ never, endless } : cfloat{ 3e38f, -endless };
        iq.insert(iq.end(), call.iq.begin(), call.iq.end());
        const auto s = air::compare(call, air::receive(iq, 48000, 4800, p));
        BOOST_TEST(s.blocks == 4u, profile_name(p));
    }
}

BOOST_AUTO_TEST_CASE(a_second_call_is_heard_behind_the_first)
{
    for (const auto p : plain) {
        const auto first = call_of(p, codec::c3200, 48000, 3, 1);
        const auto second = call_of(p, codec::c1600, 48000, 3, 2);
        auto iq = first.iq;
        iq.insert(iq.end(), second.iq.begin(), second.iq.end());
        const auto heard = air::receive(iq, 48000, 4800, p);
        std::vector<soft_frame> of_second;
        for (const auto& f : heard)
            if (f.track != heard.front().track)
                of_second.push_back(f);
        BOOST_TEST(air::compare(second, of_second).blocks == 3u, profile_name(p));
    }
}

/* With 2 s of noise alone, and calls of other profiles. */
BOOST_AUTO_TEST_CASE(a_receiver_that_is_told_hears_nothing_else)
{
    const std::vector<profile> all{
        profile::robust, profile::constant, profile::gmsk, profile::qpsk
    };
    for (const auto sent : all) {
        const auto call = call_of(sent, codec::c3200, 48000, 4, 4);
        air::path path;
        path.cn0_dbhz = 55;
        const auto iq = air::send(call.iq, 48000, path);
        for (const auto told : all) {
            const auto s = air::compare(call, air::receive(iq, 48000, 4800, told));
            BOOST_TEST(s.blocks == (sent == told ? 4u : 0u),
                       profile_name(sent) << " to " << profile_name(told));
        }
        // one that is told nothing finds the three
        const auto s = air::compare(call, air::receive(iq, 48000));
        BOOST_TEST(s.blocks == (is_plain(sent) ? 0u : 4u), profile_name(sent));
    }
    const auto noise = air::noise(2 * 48000, 1, 6);
    for (const auto p : plain)
        BOOST_TEST(air::receive(noise, 48000, 4800, p).empty(), profile_name(p));
}

BOOST_AUTO_TEST_CASE(offsets_beyond_the_largest_are_refused)
{
    for (const auto p : plain) {
        const auto call = call_of(p, codec::c3200, 48000, 3, 8);
        air::path path;
        path.cn0_dbhz = 55;
        path.offset_hz = 400;
        const auto iq = air::send(call.iq, 48000, path);
        demodulator_options options;
        options.profile = p;
        options.max_offset_hz = 200;
        demodulator d(options);
        std::size_t frames = 0;
        const auto count = [&](const soft_frame&) { ++frames; };
        d.push(iq.data(), iq.size(), count);
        d.finish(count);
        BOOST_TEST(frames == 0u, profile_name(p));
        options.max_offset_hz = -1;
        BOOST_CHECK_THROW(demodulator{ options }, std::invalid_argument);
        options.max_offset_hz = 200;
        options.sample_rate = 100;
        BOOST_CHECK_THROW(demodulator{ options }, std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(bursts_have_power_one)
{
    for (const auto p : plain)
        for (const double rate : { 12000.0, 48000.0, 250000.0 }) {
            const auto call = call_of(p, codec::c3200, rate, 5, 11);
            double energy = 0;
            for (const auto& x : call.iq)
                energy += static_cast<double>(std::norm(x));
            // six frames and a sync word
            const double seconds = 6 * 0.08 + 16 / symbol_rate;
            BOOST_TEST(std::abs(energy / (rate * seconds) - 1) < 0.04,
                       profile_name(p) << " " << rate);
        }
}

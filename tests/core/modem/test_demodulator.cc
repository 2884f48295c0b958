/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE demodulator

#include "air.h"
#include "core/modem/acquire/acquisition.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <random>

using namespace securevoice;
using air::cfloat;

namespace {

constexpr std::uint8_t mode_3200 = 0, mode_1300 = 4, mode_700c = 6;

bool same(const std::vector<soft_frame>& x, const std::vector<soft_frame>& y)
{
    return x.size() == y.size() &&
           std::equal(x.begin(), x.end(), y.begin(), [](const auto& a, const auto& b) {
               return a.what == b.what && a.mode == b.mode && a.number == b.number &&
                      a.track == b.track && a.time == b.time &&
                      a.cn0_dbhz == b.cn0_dbhz && a.offset_hz == b.offset_hz &&
                      a.sync_quality == b.sync_quality && a.started == b.started &&
                      a.llr == b.llr;
           });
}

} // namespace

BOOST_AUTO_TEST_CASE(clean_call_comes_back_whole_at_every_rate)
{
    for (const double rate : { 48000.0, 12000.0, 19200.0, 44100.0, 250000.0, 2e6 }) {
        const auto call = air::make_call(mode_3200, 0, rate > 1e6 ? 3 : 10, rate, 0.1, 3);
        const auto heard = air::receive(call.iq, rate);
        const auto s = air::compare(call, heard);
        BOOST_TEST(s.starts == 1u, "rate " << rate);
        BOOST_TEST(s.blocks + 1 == call.frames.size(),
                   "rate " << rate << ": " << s.blocks);
        BOOST_TEST(s.wrong_bits == 0u, "rate " << rate);
        BOOST_TEST(heard.front().started == 1);
        BOOST_TEST(heard.front().sync_quality > 0.99);
    }
}

BOOST_AUTO_TEST_CASE(time_offset_and_cn0_are_told_as_they_are)
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> u(-1, 1);
    for (const double cn0 : { 34.5, 38.0, 45.0 }) {
        double cn0_error = 0, count = 0;
        for (unsigned k = 0; k < 4; ++k) {
            air::path p;
            p.cn0_dbhz = cn0;
            p.offset_hz = 2500 * u(random);
            p.clock_ppm = 20 * u(random);
            p.phase = 3 * u(random);
            p.seed = 10 + k;
            const auto call =
                air::make_call(mode_1300, 0, 40, 48000, 0.2 + 0.01 * u(random), 20 + k);
            for (const auto& f : air::receive(air::send(call.iq, 48000, p), 48000)) {
                if (f.what != soft_frame::type::block || f.number < 12 || f.number >= 40)
                    continue;
                BOOST_TEST(std::abs(static_cast<double>(f.offset_hz) - p.offset_hz) <
                           2.0);
                const double symbol = (call.first_symbol + 0.08 * (1 + f.number)) /
                                      (1 + p.clock_ppm * 1e-6);
                BOOST_TEST(std::abs(f.time - symbol) < 0.15 / 4800,
                           "number " << f.number << " at " << cn0);
                cn0_error += static_cast<double>(f.cn0_dbhz) - cn0;
                ++count;
            }
        }
        BOOST_TEST(count == 4 * 28);
        BOOST_TEST(std::abs(cn0_error / count) < 0.5,
                   "mean error of C/N0 at " << cn0 << ": " << cn0_error / count);
    }
}

/* The acquisition alone, not the code: 1 % of calls may be missed at the targets of the
 * air interface. Seeds are fixed; with 60 calls and a true rate of 1 %, more than 3
 * misses come up in 0.3 % of all choices of seeds. */
BOOST_AUTO_TEST_CASE(starts_are_found_at_the_lowest_cn0)
{
    std::mt19937 random(11);
    std::uniform_real_distribution<double> u(-1, 1);
    std::size_t missed = 0, wrong = 0;
    const std::size_t calls = 60;
    for (unsigned k = 0; k < calls; ++k) {
        air::path p;
        p.cn0_dbhz = 32.8;
        p.offset_hz = 6000 * u(random);
        p.clock_ppm = 50 * u(random);
        p.drift_hz_per_s = 10 * u(random);
        p.phase = 3 * u(random);
        p.seed = 100 + k;
        const auto call =
            air::make_call(mode_700c, 0, 12, 19200, 0.1 + 0.02 * u(random), 200 + k);
        const auto s =
            air::compare(call, air::receive(air::send(call.iq, 19200, p), 19200));
        missed += s.starts == 0 || s.blocks < 10;
        // the closing word comes as one more block; a block with one third of wrong bits
        // counts, too
        wrong += s.strangers > 3;
    }
    BOOST_TEST_MESSAGE(missed << " of " << calls << " starts missed");
    BOOST_TEST(missed <= 3u);
    BOOST_TEST(wrong == 0u);
}

/* A station that sends again on the same grid of blocks strengthens the sync words of its
 * call before: that one is over all the same. */
BOOST_AUTO_TEST_CASE(late_entry_wants_to_hear_something_new)
{
    constexpr std::size_t blocks = 12;
    const auto call = air::make_call(mode_3200, 100, blocks, receive_rate, 0.1, 70);
    air::path p;
    p.cn0_dbhz = 50;
    p.offset_hz = 300;
    auto iq = air::send(call.iq, receive_rate, p);
    const auto silence = air::noise(7 * block_samples, receive_rate / 1e5, 71);
    const double first = call.first_symbol * receive_rate + block_samples;
    iq.resize(static_cast<std::size_t>(first) + blocks * block_samples);
    iq.insert(iq.end(), silence.begin(), silence.end());
    sample_history history(iq.size());
    history.append(iq.data(), iq.size());
    // seen from the last sync word of the call, two blocks later, and six
    for (const std::size_t later : { 0u, 2u, 6u }) {
        candidate c;
        c.at = first + static_cast<double>((blocks - 1 + later) * block_samples);
        c.offset_hz = p.offset_hz;
        const auto found = enter_late(history, c, blocks - 1 + later);
        BOOST_TEST(found.has_value() == (later < 6), later << " blocks later");
    }
}

/* A station that sends digital voice again and again on one grid of blocks, with FM or
 * nothing between. Late entry finds the call before in the new one's sync words: the
 * start frame that was just heard stays all the same. In each of these series one was 0.6
 * s late. */
BOOST_AUTO_TEST_CASE(a_start_frame_behind_another_call_is_heard_at_once)
{
    struct series {
        unsigned seed;
        std::size_t calls;
        bool fm;
    };
    for (const auto& x :
         { series{ 4, 16, false }, series{ 14, 17, false }, series{ 7, 11, true } }) {
        std::mt19937 random(x.seed);
        std::normal_distribution<double> gauss;
        std::vector<cfloat> iq;
        std::vector<double> starts; // s
        for (unsigned k = 0; k < x.calls; ++k) {
            const std::size_t blocks = 5 + random() % 24, gap = 2 + random() % 18;
            const auto call =
                air::make_call(mode_3200, 0, blocks, receive_rate, 0, 1000 * x.seed + k);
            starts.push_back(static_cast<double>(iq.size()) / receive_rate);
            const auto first =
                call.iq.begin() + std::lround(call.first_symbol * receive_rate);
            iq.insert(iq.end(),
                      first,
                      first + (static_cast<std::ptrdiff_t>(blocks) + 1) * block_samples);
            double phase = 0, deviation = 0;
            for (std::size_t n = 0; n < gap * block_samples; ++n) {
                deviation += 0.1 * (3000 * gauss(random) - deviation);
                phase += 2 * M_PI * deviation / receive_rate;
                iq.push_back(x.fm ? std::polar(1.0f, static_cast<float>(phase))
                                  : cfloat{});
            }
        }
        air::path p;
        p.cn0_dbhz = 48;
        p.offset_hz = 300;
        p.seed = x.seed;
        iq = air::send(iq, receive_rate, p);

        demodulator receiver({ receive_rate });
        std::vector<double> delays(starts.size(), 1e9);
        constexpr std::size_t portion = 192;
        for (std::size_t at = 0; at + portion <= iq.size(); at += portion)
            receiver.push(iq.data() + at, portion, [&](const soft_frame& f) {
                if (f.what != soft_frame::type::start)
                    return;
                const auto start =
                    std::find_if(starts.begin(), starts.end(), [&](double time) {
                        return std::abs(f.time - time) < 0.01;
                    });
                if (start != starts.end())
                    delays[static_cast<std::size_t>(start - starts.begin())] =
                        static_cast<double>(at + portion) / receive_rate - *start;
            });
        for (std::size_t k = 0; k < delays.size(); ++k)
            BOOST_TEST(delays[k] < 0.25, "seed " << x.seed << ", call " << k);
    }
}

/* The first half of a start frame far above the noise is limited for the search: it is
 * found all the same, not 0.4 s later by late entry. */
BOOST_AUTO_TEST_CASE(a_strong_start_frame_is_heard_at_once)
{
    for (const double cn0 : { 55.0, 60.0, 62.0, 65.0, 75.0, 95.0 })
        for (unsigned seed = 1; seed <= 4; ++seed) {
            const auto call = air::make_call(mode_3200, 0, 8, receive_rate, 0.3, seed);
            air::path p;
            p.cn0_dbhz = cn0;
            p.offset_hz = 700;
            p.seed = seed;
            const auto iq = air::send(call.iq, receive_rate, p);
            demodulator receiver({ receive_rate });
            double heard = 1e9;
            constexpr std::size_t portion = 192;
            for (std::size_t at = 0; at + portion <= iq.size(); at += portion)
                receiver.push(iq.data() + at, portion, [&](const soft_frame& f) {
                    if (f.what == soft_frame::type::start)
                        heard = std::min(
                            heard, static_cast<double>(at + portion) / receive_rate);
                });
            BOOST_TEST(heard - call.first_symbol < 0.25, cn0 << " dB-Hz, seed " << seed);
        }
}

/* Share of wrong bits against theory, Q(sqrt(Es/N0)): what the receiver loses to
 * estimation, in dB. */
BOOST_AUTO_TEST_CASE(bit_errors_are_near_theory)
{
    for (const double cn0 : { 33.8, 37.5, 41.0, 44.0 }) {
        std::size_t wrong = 0, bits = 0;
        for (unsigned k = 0; k < 3; ++k) {
            air::path p;
            p.cn0_dbhz = cn0;
            p.offset_hz = -1234.5 + 700 * k;
            p.clock_ppm = 20 - 20.0 * k;
            p.seed = 40 + k;
            const auto call = air::make_call(mode_3200, 0, 40, 19200, 0.1, 50 + k);
            const auto s =
                air::compare(call, air::receive(air::send(call.iq, 19200, p), 19200));
            BOOST_TEST(s.blocks == 40u);
            wrong += s.wrong_bits;
            bits += s.bits;
        }
        const double rate = static_cast<double>(wrong) / static_cast<double>(bits);
        // the loss is the step in Es/N0 that makes theory as bad as this
        double loss = -1;
        auto theory = [&](double db) {
            return 0.5 * std::erfc(std::sqrt(std::pow(10, (cn0 - db - 36.81) / 10) / 2));
        };
        while (theory(loss) < rate && loss < 3)
            loss += 0.01;
        BOOST_TEST_MESSAGE("C/N0 " << cn0 << ": " << rate << " of bits wrong, loss "
                                   << loss << " dB");
        BOOST_TEST(loss < 0.25);
    }
}

/* Soft bits mean what they say: of those near L, the share 1 / (1 + exp(L)) is wrong. */
BOOST_AUTO_TEST_CASE(soft_bits_are_calibrated)
{
    const auto call = air::make_call(mode_3200, 0, 120, 19200, 0.1, 5);
    air::path p;
    p.cn0_dbhz = 37.5;
    p.offset_hz = 321;
    double weight = 0, worst = 0;
    std::array<double, 6> wrong{}, all{}, expected{};
    for (const auto& f : air::receive(air::send(call.iq, 19200, p), 19200)) {
        if (f.what != soft_frame::type::block || f.number >= 120)
            continue;
        for (std::size_t n = 0; n < block_code_bits; ++n) {
            const double size = std::abs(static_cast<double>(f.llr[n]));
            const auto bin = std::min<std::size_t>(5, static_cast<std::size_t>(size));
            all[bin] += 1;
            expected[bin] += 1 / (1 + std::exp(size));
            wrong[bin] += (f.llr[n] < 0) != (call.frames[f.number + 1u].bits[n] != 0);
        }
    }
    for (std::size_t b = 0; b < all.size(); ++b) {
        BOOST_TEST_MESSAGE("soft bits of size " << b << ": " << wrong[b] / all[b]
                                                << " wrong, " << expected[b] / all[b]
                                                << " expected");
        BOOST_TEST(std::abs(wrong[b] - expected[b]) <
                   0.12 * expected[b] + 4 * std::sqrt(expected[b]));
        weight += all[b];
        worst = std::max(worst, wrong[b]);
    }
    BOOST_TEST(weight == 120.0 * block_code_bits);
}

/* An uncalibrated receiver: as far off as the search goes, at a call's start and by late
 * entry, beside another call. */
BOOST_AUTO_TEST_CASE(offsets_of_six_kilohertz_are_found)
{
    for (const double offset : { -6000.0, -5870.0, 5625.0, 6000.0 })
        for (const bool late : { false, true }) {
            const auto call = air::make_call(mode_1300, 0, 25, 24000, 0.1, 31);
            const auto other = air::make_call(mode_3200, 0, 30, 24000, 0.05, 32);
            air::path p;
            p.cn0_dbhz = 40;
            p.offset_hz = offset;
            p.clock_ppm = offset > 0 ? 50 : -50;
            p.drift_hz_per_s = offset > 0 ? -10 : 10;
            auto iq = air::send(call.iq, 24000, p);
            p.offset_hz = offset > 0 ? -2000 : 2000;
            p.cn0_dbhz = 200;
            const auto beside = air::send(other.iq, 24000, p);
            for (std::size_t n = 0; n < iq.size(); ++n)
                iq[n] += beside[n];
            if (late)
                iq.erase(iq.begin(), iq.begin() + 8000);
            const auto s = air::compare(call, air::receive(iq, 24000));
            BOOST_TEST(s.blocks >= (late ? 21u : 25u),
                       "offset " << offset << ": " << s.blocks);
            BOOST_TEST(s.starts == (late ? 0u : 1u));
            BOOST_TEST(s.bit_error_rate() < 0.09); // theory at 40 dB-Hz: 0.074
        }
}

BOOST_AUTO_TEST_CASE(clock_errors_and_drift_are_followed)
{
    for (const double ppm : { -50.0, 50.0 }) {
        air::path p;
        p.cn0_dbhz = 40;
        p.offset_hz = -2900 + ppm;
        p.clock_ppm = ppm;
        p.drift_hz_per_s = ppm / 5; // +-10 Hz/s
        const auto call = air::make_call(mode_1300, 0, 150, 19200, 0.1, 8);
        const auto s =
            air::compare(call, air::receive(air::send(call.iq, 19200, p), 19200));
        BOOST_TEST(s.blocks == 150u);
        BOOST_TEST(s.bit_error_rate() < 0.085); // theory at 40 dB-Hz: 0.074
    }
}

BOOST_AUTO_TEST_CASE(chunking_changes_nothing)
{
    const auto call = air::make_call(mode_3200, 0, 6, 48000, 0.1, 5);
    air::path p;
    p.cn0_dbhz = 40;
    p.offset_hz = 777;
    const auto iq = air::send(call.iq, 48000, p);
    const auto whole = air::receive(iq, 48000, iq.size());
    BOOST_TEST(air::compare(call, whole).blocks == 6u);
    for (const std::size_t chunk :
         { std::size_t{ 1 }, std::size_t{ 479 }, std::size_t{ 70000 } })
        BOOST_TEST(same(whole, air::receive(iq, 48000, chunk)), "chunk " << chunk);
}

BOOST_AUTO_TEST_CASE(blocks_come_out_soon)
{
    const auto call = air::make_call(mode_3200, 0, 8, 48000, 0.1, 5);
    demodulator d({});
    double pushed = 0, latest = 0;
    std::size_t blocks = 0;
    for (std::size_t n = 0; n + 48 <= call.iq.size(); n += 48) {
        pushed += 0.001;
        d.push(call.iq.data() + n, 48, [&](const soft_frame& f) {
            if (f.what != soft_frame::type::block || f.number >= 8)
                return;
            ++blocks;
            latest = std::max(latest, pushed - (f.time + 0.08));
        });
    }
    BOOST_TEST(blocks == 8u);
    BOOST_TEST_MESSAGE("soft bits come " << 1000 * latest << " ms after a block's end");
    BOOST_TEST(latest < 0.0105);
}

BOOST_AUTO_TEST_CASE(noise_makes_no_call)
{
    std::size_t frames = 0;
    demodulator_options options;
    options.sample_rate = 19200;
    demodulator d(options);
    for (unsigned part = 0; part < 18; ++part) {
        const auto x = air::noise(192000, 0.01, 1000 + part);
        d.push(x.data(), x.size(), [&](const soft_frame&) { ++frames; });
    }
    // three minutes; longer runs are made by hand: see docs of the demodulator's search
    BOOST_TEST(frames == 0u);
}

BOOST_AUTO_TEST_CASE(garbage_does_no_harm_and_the_next_call_is_heard)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                inf = std::numeric_limits<float>::infinity();
    std::mt19937 random(3);
    const std::size_t second = 19200;
    std::vector<std::vector<cfloat>> garbage;
    garbage.emplace_back(10 * second, cfloat{});
    garbage.emplace_back(second, cfloat{ nan, nan });
    garbage.emplace_back(second, cfloat{ inf, -inf });
    garbage.emplace_back(second, cfloat{ 3e38f, 1 });
    garbage.emplace_back(second, cfloat{ 1e-40f, 1e-42f });
    garbage.emplace_back(5 * second, cfloat{ 1, 1 });
    std::vector<cfloat> carrier, pulses(5 * second), clipped, mixed;
    for (std::size_t n = 0; n < 5 * second; ++n)
        carrier.push_back(std::polar(100.0f, static_cast<float>(n % 19200) * 0.4f));
    for (std::size_t n = 0; n < pulses.size(); n += 500)
        pulses[n] = 1000;
    for (const auto& x : air::noise(5 * second, 1, 5))
        clipped.push_back({ x.real() > 0 ? 1.0f : -1.0f, x.imag() > 0 ? 1.0f : -1.0f });
    for (std::size_t n = 0; n < second; ++n)
        mixed.push_back(random() % 3 ? cfloat{ nan, 1 } : cfloat{ 1, inf });
    for (auto* g : { &carrier, &pulses, &clipped, &mixed })
        garbage.push_back(*g);
    const auto cut = air::make_call(mode_3200, 0, 12, 19200, 0.01, 6).iq;
    garbage.emplace_back(cut.begin(), cut.begin() + 10000);

    for (std::size_t g = 0; g < garbage.size(); ++g) {
        const auto call = air::make_call(mode_3200, 0, 8, 19200, 0.5, 5);
        auto iq = garbage[g];
        air::path p;
        p.cn0_dbhz = 45;
        const auto good = air::send(call.iq, 19200, p);
        iq.insert(iq.end(), good.begin(), good.end());
        const auto heard = air::receive(iq, 19200, 1000);
        const auto s = air::compare(call, heard);
        BOOST_TEST(s.blocks == 8u, "after garbage " << g);
        BOOST_TEST(s.starts == 1u, "after garbage " << g);
        for (const auto& f : heard)
            for (const float l : f.llr)
                BOOST_REQUIRE(std::isfinite(l));
    }
}

BOOST_AUTO_TEST_CASE(impulses_cost_little)
{
    const auto call = air::make_call(mode_3200, 0, 40, 19200, 0.1, 5);
    air::path p;
    p.cn0_dbhz = 41;
    auto iq = air::send(call.iq, 19200, p);
    const auto before = air::compare(call, air::receive(iq, 19200));
    for (std::size_t n = 0; n < iq.size(); n += 480)
        iq[n] += 300.0f;
    const auto s = air::compare(call, air::receive(iq, 19200));
    BOOST_TEST(s.blocks == 40u);
    BOOST_TEST(s.bit_error_rate() < before.bit_error_rate() + 0.02);
}

BOOST_AUTO_TEST_CASE(flywheel_carries_over_a_gap)
{
    for (const bool jammed : { false, true }) {
        const auto call = air::make_call(mode_1300, 0, 60, 19200, 0.1, 9);
        air::path p;
        p.cn0_dbhz = 40;
        p.offset_hz = 1500;
        p.clock_ppm = 20;
        auto iq = air::send(call.iq, 19200, p);
        // a second is gone, from block 20 on
        const auto from =
            static_cast<std::size_t>((call.first_symbol + 21 * 0.08) * 19200);
        const auto hole = air::noise(19200, jammed ? 30 : 2, 77);
        std::copy(
            hole.begin(), hole.end(), iq.begin() + static_cast<std::ptrdiff_t>(from));
        const auto heard = air::receive(iq, 19200);
        std::size_t after = 0, wrong = 0;
        for (const auto& f : heard)
            if (f.what == soft_frame::type::block && f.number >= 34 && f.number < 60) {
                ++after;
                BOOST_TEST(f.track == heard.front().track);
                for (std::size_t n = 0; n < block_code_bits; ++n)
                    wrong += (f.llr[n] < 0) != (call.frames[f.number + 1u].bits[n] != 0);
            }
        BOOST_TEST(after == 26u);
        BOOST_TEST(static_cast<double>(wrong) /
                       static_cast<double>(26 * block_code_bits) <
                   0.085);
    }
}

namespace {

/* A receiver that is switched on, or sees the sender come out of the noise, in the middle
 * of a call. */
struct late_joining {
    double wait =
        // s from the first whole block's beginning to the first frame with its right
        // number
        0;
    double joined = 0; // that block, counted from the call's first
    air::score heard;
    std::size_t tracks = 0;
};

late_joining join(const air::call& call, const air::path& p, std::size_t cut, bool noise)
{
    auto iq = air::send(call.iq, 19200, p);
    iq.erase(iq.begin(), iq.begin() + static_cast<std::ptrdiff_t>(cut));
    const double lead = noise ? 2.5 : 0;
    const auto before = air::noise(static_cast<std::size_t>(lead * 19200),
                                   19200 / std::pow(10, p.cn0_dbhz / 10),
                                   p.seed + 5000);
    iq.insert(iq.begin(), before.begin(), before.end());
    demodulator_options options;
    options.sample_rate = 19200;
    demodulator d(options);
    std::vector<soft_frame> heard;
    double now = 0, acquired = -1;
    const double start = call.first_symbol + lead - static_cast<double>(cut) / 19200;
    const double until = static_cast<double>(iq.size()) / 19200;
    std::uint32_t tracks = 0;
    for (std::size_t n = 0; n + 48 < iq.size(); n += 48) {
        now += 48 / 19200.0;
        d.push(iq.data() + n, 48, [&](const soft_frame& f) {
            const double number = std::round((f.time - start) / 0.08) - 1;
            const bool right = f.what == soft_frame::type::block &&
                               f.number == call.frames[1].number + number;
            if (right && acquired < 0)
                acquired = now;
            tracks = std::max(tracks, f.track);
            if (f.time < until)
                heard.push_back(f);
        });
    }
    late_joining result;
    result.joined = std::ceil((lead - start) / 0.08) - 1;
    result.wait = acquired - (start + 0.08 * (1 + result.joined));
    result.heard = air::compare(call, heard);
    result.tracks = tracks;
    return result;
}

} // namespace

/* The sync words of six blocks and the one behind them leave four numbers; the smallest
 * is taken. */
BOOST_AUTO_TEST_CASE(late_entry_into_a_short_call_takes_six_blocks)
{
    std::mt19937 random(5);
    std::size_t six = 0, all = 0;
    for (unsigned k = 0; k < 16; ++k) {
        const auto first = static_cast<std::uint16_t>(random() % 700);
        const auto call = air::make_call(mode_3200, first, 40, 19200, 0.02, 300 + k);
        air::path p;
        p.cn0_dbhz = k % 2 ? 45 : 39;
        p.offset_hz = static_cast<double>(random() % 5000) - 2500;
        p.clock_ppm = 20;
        p.seed = k;
        const auto r = join(call, p, 3000 + random() % 10000, false);
        BOOST_TEST(r.heard.first_heard == r.joined);
        BOOST_TEST(r.heard.blocks == 40u - static_cast<unsigned>(r.joined));
        BOOST_TEST(r.wait < 8 * 0.08 + 0.03);
        six += r.wait < 6 * 0.08 + 0.03;
        ++all;
    }
    BOOST_TEST(six + 3 >= all);
}

/* Hours into a call the smallest of four numbers is usually wrong: one block later that
 * is known, and nothing is lost by it. */
BOOST_AUTO_TEST_CASE(late_entry_with_a_wrong_guess_mends_it)
{
    std::mt19937 random(9);
    std::size_t guessed_wrong = 0;
    for (unsigned k = 0; k < 12; ++k) {
        const auto first = static_cast<std::uint16_t>(40000 + random() % 20000);
        const auto call = air::make_call(mode_3200, first, 40, 19200, 0.02, 300 + k);
        air::path p;
        p.cn0_dbhz = 42;
        p.offset_hz = static_cast<double>(random() % 5000) - 2500;
        p.seed = k;
        const auto r = join(call, p, 3000 + random() % 10000, k % 2);
        // or the part of the block before
        BOOST_TEST(r.heard.first_heard <= r.joined);
        BOOST_TEST(r.heard.blocks >= 40u - static_cast<unsigned>(r.joined));
        BOOST_TEST(r.wait < 8 * 0.08 + 0.03);
        guessed_wrong += r.tracks > 1;
    }
    BOOST_TEST(guessed_wrong >= 4u);
}

/* The closing word behind number 65534 has the signs of number 0, and is no beginning. */
BOOST_AUTO_TEST_CASE(late_entry_into_the_last_numbers)
{
    constexpr std::uint8_t robust_3200 = 8;
    for (const auto mode : { mode_3200, robust_3200 })
        for (std::size_t count = 8; count < 16; ++count) {
            const auto call = air::make_call(mode,
                                             static_cast<std::uint16_t>(65535 - count),
                                             count,
                                             19200,
                                             0.3,
                                             static_cast<unsigned>(500 + count));
            air::path p;
            p.cn0_dbhz = 45;
            p.seed = static_cast<unsigned>(count);
            const auto first_block =
                static_cast<std::size_t>((call.first_symbol + 0.08) * 19200);
            const auto r = join(call, p, first_block, false);
            BOOST_TEST(r.heard.blocks + 1 >= count, r.heard.blocks << " of " << count);
        }
}

BOOST_AUTO_TEST_CASE(late_entry_works_near_the_threshold)
{
    std::mt19937 random(6);
    std::size_t late = 0;
    for (unsigned k = 0; k < 10; ++k) {
        const auto call = air::make_call(mode_700c,
                                         static_cast<std::uint16_t>(random() % 60000),
                                         40,
                                         19200,
                                         0,
                                         400 + k);
        air::path p;
        p.cn0_dbhz = 33.8;
        p.offset_hz = static_cast<double>(random() % 5000) - 2500;
        p.seed = k;
        auto iq = air::send(call.iq, 19200, p);
        iq.erase(iq.begin(), iq.begin() + 4000);
        const auto s = air::compare(call, air::receive(iq, 19200));
        late += s.blocks < 38;
    }
    BOOST_TEST(late <= 1u);
}

BOOST_AUTO_TEST_CASE(fading_is_followed_at_high_cn0)
{
    for (const double doppler : { 1.0, 5.0, 10.0, 40.0 }) {
        const auto call = air::make_call(mode_1300, 0, 150, 19200, 0.1, 12);
        air::path p;
        p.cn0_dbhz = 60;
        p.doppler_hz = doppler;
        p.offset_hz = 400;
        p.seed = 3;
        const auto s =
            air::compare(call, air::receive(air::send(call.iq, 19200, p), 19200));
        BOOST_TEST_MESSAGE("Doppler " << doppler << " Hz: " << s.blocks << " blocks, "
                                      << s.bit_error_rate() << " wrong");
        BOOST_TEST(s.blocks >= 147u);
        BOOST_TEST(s.bit_error_rate() < 0.01);
    }
}

/* A gain that turns over in a fade must not look like another mode: 60 starts, of which a
 * slow model alone got one in thirty wrong. */
BOOST_AUTO_TEST_CASE(fading_starts_have_their_mode)
{
    std::mt19937 random(13);
    std::size_t wrong = 0, started = 0;
    for (unsigned k = 0; k < 60; ++k) {
        const std::uint8_t mode = k % 2 ? mode_1300 : 8 + mode_1300;
        const auto call = air::make_call(mode, 0, 9, 19200, 0.1, 700 + k);
        air::path p;
        p.cn0_dbhz = 40;
        p.doppler_hz = 10;
        p.offset_hz = static_cast<double>(random() % 5000) - 2500;
        p.seed = 800 + k;
        for (const auto& f : air::receive(air::send(call.iq, 19200, p), 19200))
            if (f.what == soft_frame::type::start) {
                ++started;
                wrong += f.mode != mode;
            }
    }
    BOOST_TEST(started >= 55u);
    BOOST_TEST(wrong <= 1u);
}

BOOST_AUTO_TEST_CASE(two_callers_and_calls_in_a_row)
{
    // one after the other, with whole slots between them and without
    for (const double pause : { 0.08, 0.4, 0.0333 }) {
        const auto x = air::make_call(mode_3200, 0, 10, 19200, 0.1, 1),
                   y = air::make_call(mode_1300, 0, 10, 19200, pause, 2);
        auto iq = x.iq;
        iq.resize(iq.size() - 1920);
        iq.insert(iq.end(), y.iq.begin(), y.iq.end());
        air::path p;
        p.cn0_dbhz = 45;
        const auto heard = air::receive(air::send(iq, 19200, p), 19200);
        BOOST_TEST(air::compare(x, heard).blocks == 10u, "pause " << pause);
        BOOST_TEST(air::compare(y, heard).blocks == 10u, "pause " << pause);
        BOOST_TEST(air::compare(y, heard).starts == 1u, "pause " << pause);
    }
    // on top of each other: the stronger one is heard, and the other one does no harm
    const auto weak = air::make_call(mode_3200, 0, 20, 19200, 0.1, 3),
               strong = air::make_call(mode_1300, 0, 12, 19200, 0.6, 4);
    std::vector<cfloat> iq(std::max(weak.iq.size(), strong.iq.size()));
    for (std::size_t n = 0; n < weak.iq.size(); ++n)
        iq[n] += 0.1f * weak.iq[n];
    for (std::size_t n = 0; n < strong.iq.size(); ++n)
        iq[n] += strong.iq[n];
    air::path p;
    p.cn0_dbhz = 60;
    BOOST_TEST(
        air::compare(strong, air::receive(air::send(iq, 19200, p), 19200)).blocks == 12u);
}

/* Its start frame's parts, and its mirrors beside it, make no tracks of their own. */
BOOST_AUTO_TEST_CASE(a_strong_call_is_one_track)
{
    for (const double cn0 : { 45.0, 55.0, 200.0 }) {
        const auto call = air::make_call(mode_3200, 0, 80, 19200, 0.1, 1);
        air::path p;
        p.cn0_dbhz = cn0;
        p.offset_hz = 400;
        const auto heard = air::receive(air::send(call.iq, 19200, p), 19200);
        BOOST_TEST(air::compare(call, heard).blocks == 80u);
        for (const auto& f : heard)
            BOOST_REQUIRE(f.track == heard.front().track);
    }
}

/* A forged start frame, stronger than the call in whose symbols it is put: the call goes
 * on, and who lives on its symbols is found out. */
BOOST_AUTO_TEST_CASE(a_forged_start_does_not_live_on_a_call)
{
    const double rate = 19200;
    const auto call = air::make_call(mode_1300, 0, 60, rate, 0.1, 41);
    const auto forged = air::make_call(mode_1300, 0, 0, rate, 0, 42);
    for (const double cn0 : { 36.0, 42.0 }) {
        auto iq = call.iq;
        const auto at = static_cast<std::size_t>((0.1 + 15 * 0.08) * rate);
        // its frame alone, without the closing word
        const auto length = static_cast<std::size_t>((0.08 + 32 / 4800.0) * rate);
        for (std::size_t n = 0; n < length; ++n)
            iq[at + n] += 3.0f * forged.iq[n];
        air::path p;
        p.cn0_dbhz = cn0;
        p.offset_hz = -700;
        const auto heard = air::receive(air::send(iq, rate, p), rate);
        std::map<std::uint32_t, std::pair<double, double>> lives;
        std::size_t of_call = 0;
        for (const auto& f : heard) {
            auto& life = lives.insert({ f.track, { f.time, f.time } }).first->second;
            life.second = f.time;
            of_call +=
                f.what == soft_frame::type::block && f.number < 60 &&
                std::abs(f.time - call.first_symbol - 0.08 * (1 + f.number)) < 0.01;
        }
        BOOST_TEST(of_call == 60u);
        BOOST_TEST(lives.size() > 1u); // or there is nothing to be seen here
        for (const auto& [track, life] : lives)
            if (track != heard.front().track)
                BOOST_TEST(life.second - life.first < 24 * 0.08,
                           track << " lives " << life.second - life.first << " s");
    }
}

/* Weak calls fill all places: a strong one gets its own. */
BOOST_AUTO_TEST_CASE(a_strong_call_finds_room_among_weak_ones)
{
    const double rate = 24000;
    std::vector<cfloat> iq;
    auto add =
        [&](std::uint8_t mode, std::size_t blocks, double at, double offset, float size) {
            const auto call = air::make_call(
                mode, 0, blocks, rate, at, 60 + static_cast<unsigned>(10 * at));
            air::path p;
            p.offset_hz = offset;
            p.clock_ppm = 1; // no two senders' symbols keep in step
            const auto sent = air::send(call.iq, rate, p);
            iq.resize(std::max(iq.size(), sent.size()));
            for (std::size_t n = 0; n < sent.size(); ++n)
                iq[n] += size * sent[n];
            return call;
        };
    add(mode_3200, 40, 0.1, -6000, 0.2f);
    add(mode_3200, 40, 0.13, 0, 0.22f);
    add(mode_3200, 40, 0.17, 6000, 0.2f);
    const auto strong = add(mode_1300, 15, 1.0, 3000, 1);
    const auto background = air::noise(iq.size(), 0.002, 9);
    for (std::size_t n = 0; n < iq.size(); ++n)
        iq[n] += background[n];
    const auto heard = air::receive(iq, rate);
    BOOST_TEST(air::compare(strong, heard).blocks == 15u);
    BOOST_TEST(air::compare(strong, heard).starts == 1u);
}

/* 0.24 s of a call in the profile `robust` are gone: every block has more than half of
 * its bits still, and none is lost at the end. */
BOOST_AUTO_TEST_CASE(robust_calls_bridge_a_hole)
{
    const auto call = air::make_call(8 + mode_1300, 0, 30, 19200, 0.1, 51);
    air::path p;
    p.cn0_dbhz = 45;
    p.offset_hz = 900;
    auto iq = air::send(call.iq, 19200, p);
    const auto from = static_cast<std::size_t>((call.first_symbol + 13 * 0.08) * 19200);
    const auto hole = air::noise(static_cast<std::size_t>(0.24 * 19200), 0.6, 77);
    std::copy(hole.begin(), hole.end(), iq.begin() + static_cast<std::ptrdiff_t>(from));
    const auto heard = air::receive(iq, 19200);
    const auto s = air::compare(call, heard);
    BOOST_TEST(s.starts == 1u);
    BOOST_TEST(s.blocks == 30u);
    for (const auto& f : heard)
        if (f.what == soft_frame::type::block && f.number < 30) {
            BOOST_TEST(f.mode == 8 + mode_1300);
            BOOST_TEST(std::abs(f.time - call.first_symbol - 0.08 * (1 + f.number)) <
                       0.001);
            std::size_t wrong = 0;
            for (std::size_t n = 0; n < block_code_bits; ++n)
                wrong += (f.llr[n] < 0) != (call.frames[f.number + 1u].bits[n] != 0);
            // 3 of 8 are noise: half of them wrong
            BOOST_TEST(wrong < block_code_bits * 0.25);
        }
}

BOOST_AUTO_TEST_CASE(robust_calls_are_joined_late)
{
    const auto call = air::make_call(8 + mode_1300, 0, 40, 19200, 0.1, 53);
    air::path p;
    p.cn0_dbhz = 42;
    p.offset_hz = -1800;
    const auto r = join(call, p, 16000, false);
    // of the four blocks before the first air block heard, half or more is left
    BOOST_TEST(r.heard.blocks >= 40 - r.joined);
    BOOST_TEST(r.heard.first_heard >= r.joined - 5);
    BOOST_TEST(r.heard.first_heard <= r.joined);
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_without_closing_word_gives_its_last_block)
{
    const auto call = air::make_call(mode_3200, 0, 6, 48000, 0.1, 5);
    auto iq = call.iq;
    iq.resize(
        static_cast<std::size_t>((call.first_symbol + 7 * 0.08 + 2 / 4800.0) * 48000));
    const auto s = air::compare(call, air::receive(iq, 48000));
    BOOST_TEST(s.blocks == 6u);
    BOOST_TEST(s.wrong_bits <= 4u);
}

BOOST_AUTO_TEST_CASE(a_lost_signal_is_reported_within_three_seconds)
{
    const auto call = air::make_call(mode_3200, 0, 12, 19200, 0.1, 5);
    air::path p;
    p.cn0_dbhz = 45;
    auto iq = air::send(call.iq, 19200, p);
    const auto tail = air::noise(5 * 19200, 0.5, 9);
    iq.insert(iq.end(), tail.begin(), tail.end());
    const auto heard = air::receive(iq, 19200);
    BOOST_REQUIRE(!heard.empty());
    BOOST_TEST((heard.back().what == soft_frame::type::lost_track));
    BOOST_TEST(heard.back().track == heard.front().track);
    BOOST_TEST(heard.back().time < call.first_symbol + 13 * 0.08 + 3.5);
}

BOOST_AUTO_TEST_CASE(constellation_is_of_unit_size)
{
    const auto call = air::make_call(mode_3200, 0, 6, 48000, 0.1, 5);
    demodulator d({});
    d.push(call.iq.data(), call.iq.size() - 9600, [](const soft_frame&) {});
    BOOST_REQUIRE(d.constellation().size() == data_symbols);
    for (const auto& s : d.constellation())
        BOOST_TEST(std::abs(std::abs(s) - 1) < 0.1);
}

BOOST_AUTO_TEST_CASE(misuse_is_refused_with_a_sentence)
{
    demodulator_options options;
    for (const double rate : { 11999.0, 20.1e6, 0.0, std::nan("") }) {
        options.sample_rate = rate;
        BOOST_CHECK_THROW(demodulator{ options }, std::invalid_argument);
    }
    options.sample_rate = 48000;
    for (const double offset : { -1.0, 6001.0, std::nan("") }) {
        options.max_offset_hz = offset;
        BOOST_CHECK_THROW(demodulator{ options }, std::invalid_argument);
    }
}

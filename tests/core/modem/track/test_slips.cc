/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// Samples that are missing or come twice, carriers that step: the tracker goes on where
// the signal does, and nobody forges it away.
#define BOOST_TEST_MODULE slips

#include "../air.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

using namespace securevoice;
using air::cfloat;

namespace {

constexpr double rate = 48000;
constexpr long block = 3840;       // samples
constexpr std::size_t blocks = 80; // of a call, 6.4 s
constexpr std::size_t first_hit = 20;

#ifdef SECUREVOICE_SANITIZE // ten times as slow
const std::array<std::uint8_t, 2> modes{ 0, 16 + 4 };
#else
const std::array<std::uint8_t, 5> modes{ 0, 4, 6, 8 + 4, 16 + 4 };
#endif

air::call some_call(std::uint8_t mode)
{
    return air::make_call(mode, 0, blocks, rate, 0.1, mode + 1u);
}

/* Takes away so many samples (below zero: has so many come twice) a second apart, from
 * within block 20 on. \param phase of a block */
std::vector<cfloat>
with_slips(const air::call& call, const std::vector<long>& sizes, double phase)
{
    std::vector<cfloat> out;
    auto at = static_cast<std::size_t>(call.first_symbol * rate) + block +
              static_cast<std::size_t>(block * (first_hit + phase));
    std::size_t from = 0;
    for (const long size : sizes) {
        out.insert(out.end(),
                   call.iq.begin() + static_cast<long>(from),
                   call.iq.begin() + static_cast<long>(at));
        from = static_cast<std::size_t>(static_cast<long>(at) + size);
        at += static_cast<std::size_t>(rate);
    }
    out.insert(out.end(), call.iq.begin() + static_cast<long>(from), call.iq.end());
    return out;
}

struct heard {
    std::set<std::size_t> good; // blocks, less than a sixth of whose bits are wrong
    std::size_t twice = 0;      // numbers that came again
    std::set<std::uint32_t> tracks;
    std::map<std::size_t, double> times; // s
};

heard hear(const air::call& call,
           const std::vector<cfloat>& iq,
           double cn0,
           double hz = 250)
{
    air::path path;
    path.cn0_dbhz = cn0;
    path.offset_hz = hz;
    heard h;
    std::set<std::size_t> numbers;
    for (const auto& f : air::receive(
             air::send(iq, rate, path), rate, 4800, profile_of(call.frames[0].mode))) {
        if (f.what != soft_frame::type::block || f.number >= blocks)
            continue;
        h.tracks.insert(f.track);
        h.twice += !numbers.insert(f.number).second;
        std::size_t wrong = 0;
        for (std::size_t n = 0; n < block_code_bits; ++n)
            wrong += (f.llr[n] < 0) != (call.frames[f.number + 1].bits[n] != 0);
        h.times[f.number] = f.time;
        if (6 * wrong < block_code_bits)
            h.good.insert(f.number);
    }
    return h;
}

void check_loss(const heard& h, std::size_t slips)
{
    BOOST_TEST(h.good.size() + 2 * slips >= blocks);
}

void check(const heard& h, std::size_t slips)
{
    check_loss(h, slips);
    BOOST_TEST(h.twice == 0u);
    BOOST_TEST(h.tracks.size() == 1u);
}

} // namespace

BOOST_AUTO_TEST_CASE(where_nothing_is_missing_nothing_is_lost)
{
    for (const auto mode : modes) {
        const auto call = some_call(mode);
        const auto h = hear(call, call.iq, 55);
        BOOST_TEST(h.good.size() == blocks, "mode " << int{ mode });
        check(h, 0);
    }
}

BOOST_AUTO_TEST_CASE(a_slip_costs_its_block_and_one_more_at_most)
{
    const std::vector<std::vector<long>> slips{ { 5, 10, 20, 100 },
                                                { 1000, 3840, 2500, 3000 },
                                                { -5, -10, -20, -100 },
                                                { -1000, -3840, -2500, -3000 },
                                                { 10, -10, 1000, -1000 } };
    // One of these 100 slips, by the rounding of one compiler of two, the tracker misses
    // and late entry follows, at no more loss: the receiver settles what comes twice.
    std::size_t by_two = 0;
    for (const auto mode : modes)
        for (std::size_t k = 0; k < slips.size(); ++k) {
            const double phase = 0.02 + 0.19 * static_cast<double>((k + mode) % 5);
            const auto call = some_call(mode);
            BOOST_TEST_CONTEXT("mode " << int{ mode } << ", slips from " << slips[k][0]
                                       << " samples on, phase " << phase)
            {
                const auto h = hear(call, with_slips(call, slips[k], phase), 55);
                check_loss(h, slips[k].size());
                BOOST_TEST(h.tracks.size() <= 2u);
                by_two += h.twice > 0 || h.tracks.size() > 1;
            }
        }
    BOOST_TEST(by_two <= 1u);
}

BOOST_AUTO_TEST_CASE(one_slip_wherever_in_the_block)
{
    const auto call = some_call(4);
    for (const long size : { 10L, -700L })
        for (const double phase : { 0.0, 0.3, 0.6, 0.99 })
            BOOST_TEST_CONTEXT(size << " samples, phase " << phase)
    check(hear(call, with_slips(call, { size }, phase), 45), 1);
}

BOOST_AUTO_TEST_CASE(a_step_of_the_carrier_is_followed)
{
    for (const std::uint8_t mode : { 0, 8 + 4, 16 + 4 })
        for (const double step : { 50.0, -90.0 }) {
            const auto call = some_call(mode);
            auto iq = call.iq;
            for (std::size_t n = iq.size() / 2; n < iq.size(); ++n)
                iq[n] *= std::polar(
                    1.0f,
                    static_cast<float>(std::fmod(
                        2 * M_PI * step * static_cast<double>(n) / rate, 2 * M_PI)));
            BOOST_TEST_CONTEXT("mode " << int{ mode } << ", " << step << " Hz")
            check(hear(call, iq, 50), 1);
        }
}

/* No block moves by more than a fifth of a symbol, at the lowest C/N0. */
BOOST_AUTO_TEST_CASE(a_weak_call_stays_where_it_is)
{
    const auto call = some_call(6);
    const auto h = hear(call, call.iq, 34.5);
    BOOST_TEST(h.tracks.size() == 1u);
    BOOST_TEST(h.twice == 0u);
    BOOST_TEST(h.times.size() == blocks);
    for (const auto& [number, time] : h.times)
        BOOST_TEST(std::abs(time - call.first_symbol - 0.08 * (1.0 + double(number))) <
                   0.2 / symbol_rate);
}

/* Somebody covers the known symbols of one block with noise, and from then on sends
 * those of this call's numbers 10 ms late, 6 dB stronger: 15 % of the time. A weak call
 * is the one to be carried away: at 38 dB-Hz 39 blocks are lost without the watch on the
 * place that was left, 32 of them in a row. */
BOOST_AUTO_TEST_CASE(a_forged_place_does_not_keep_a_tracker)
{
    const auto call = some_call(0);
    const auto forged = air::make_call(0, 0, blocks, rate, 0.1, 77);
    const auto noise = air::make_call(0, 0, blocks, rate, 0.1, 78);
    const auto begin = static_cast<long>(call.first_symbol * rate);
    const auto is_known = [&](long n) {
        const auto symbol =
            static_cast<std::size_t>((n - begin + 5) / 10) % block_symbols;
        if (symbol < sync_symbols)
            return true;
        for (std::size_t k = 0; k < pilots_per_block; ++k)
            if (symbol == pilot_index(k))
                return true;
        return false;
    };
    constexpr long late = 490, elsewhere = 1111;
    const long attack = begin + block * (1 + static_cast<long>(first_hit));
    auto iq = call.iq;
    for (long n = attack; n + block < static_cast<long>(iq.size()); ++n) {
        auto& x = iq[static_cast<std::size_t>(n)];
        if (is_known(n - late))
            x += 2.0f * forged.iq[static_cast<std::size_t>(n - late)];
        else if (n < attack + block + 400 && is_known(n))
            x += 3.0f * noise.iq[static_cast<std::size_t>(n - elsewhere)];
    }
    for (const auto& [cn0, lost] : { std::pair{ 38.0, 12u }, std::pair{ 45.0, 2u } })
        BOOST_TEST_CONTEXT(cn0 << " dB-Hz")
        {
            const auto h = hear(call, iq, cn0);
            BOOST_TEST(h.good.size() + lost >= blocks);
            std::size_t row = 0;
            for (std::size_t n = 0; n < blocks; ++n) {
                row = h.good.count(n) ? 0 : row + 1;
                BOOST_TEST(row <= 4u);
            }
        }
}

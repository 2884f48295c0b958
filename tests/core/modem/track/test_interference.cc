/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE interference
#include "core/modem/front/search_limiter.h"
#include "core/modem/track/interference.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace securevoice;

namespace {

constexpr std::size_t symbols = 400;

/*! Powers of QPSK symbols in noise, \p es_n0 as a ratio, signal power 1. */
std::vector<float> powers_of(double es_n0, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> gauss(0, std::sqrt(1 / es_n0 / 2));
    std::vector<float> powers(symbols);
    for (auto& p : powers)
        p = static_cast<float>(
            std::norm(std::complex<double>(1 + gauss(random), gauss(random))));
    return powers;
}

/*! Adds a burst of noise of this mean power. */
void hit(std::vector<float>& powers,
         std::size_t first,
         std::size_t count,
         double power,
         unsigned seed)
{
    std::mt19937 random(seed);
    std::exponential_distribution<double> energy(1 / power);
    for (std::size_t n = first; n < first + count; ++n)
        powers[n] += static_cast<float>(energy(random));
}

} // namespace

BOOST_AUTO_TEST_CASE(bursts_are_found_where_they_are)
{
    std::size_t found = 0, missed = 0, invented = 0;
    for (unsigned seed = 0; seed < 50; ++seed) {
        auto powers = powers_of(8, seed);
        std::vector<bool> was_hit(symbols);
        // one long burst, and short ones over every 24th symbol
        const auto add = [&](std::size_t first, std::size_t count) {
            hit(powers, first, count, 100, 1000 * seed + static_cast<unsigned>(first));
            std::fill_n(was_hit.begin() + static_cast<long>(first), count, true);
        };
        if (seed % 2)
            add(50 + seed, 96);
        else
            for (std::size_t n = 27; n + 4 < symbols; n += 23)
                add(n, 4);
        interference i;
        i.estimate(powers, {}, 1.125);
        BOOST_TEST(i.any());
        for (std::size_t n = 0; n < symbols; ++n) {
            if (was_hit[n])
                ++(i.at(n) > 10 ? found : missed);
            else if (i.at(n) > 30) // what is beside a burst gets a share of it
                ++invented;
        }
    }
    BOOST_TEST(missed * 25 < found, missed << " missed, " << found << " found");
    BOOST_TEST(invented * 50 < found, invented << " invented");
}

BOOST_AUTO_TEST_CASE(noise_and_the_crests_of_fading_are_none)
{
    std::size_t any = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        interference i;
        i.estimate(powers_of(0.35, seed), {}, 1 + 1 / 0.35);
        any += i.any();
        auto crest = powers_of(8, seed);
        for (std::size_t n = 0; n < symbols; ++n) // up to 7 dB
            crest[n] *= static_cast<float>(
                1 + 4 * std::pow(std::sin(0.01 * static_cast<double>(n)), 2));
        i.estimate(crest, {}, 1.125);
        any += i.any();
    }
    BOOST_TEST(any <= 4u);
}

BOOST_AUTO_TEST_CASE(a_stronger_signal_is_no_interference)
{
    auto powers = powers_of(8, 1);
    for (auto& p : powers)
        p *= 100;
    interference i;
    i.estimate(powers, {}, 1.125);
    BOOST_TEST(!i.any());
    BOOST_TEST(i.clean(7));
    BOOST_TEST(i.at(7) == 0.0f);
}

BOOST_AUTO_TEST_CASE(what_is_known_counts)
{
    std::vector<float> known(symbols);
    known[30] = 5;
    interference i;
    i.estimate(powers_of(8, 1), known, 1.125);
    BOOST_TEST(i.any());
    BOOST_TEST(i.at(30) == 5.0f);
    BOOST_TEST(!i.clean(30));
    BOOST_TEST(i.clean(31));
}

BOOST_AUTO_TEST_CASE(level_follows_most_of_the_time_only)
{
    search_limiter limiter;
    std::mt19937 random(3);
    std::normal_distribution<float> gauss(0, std::sqrt(0.5f));
    std::vector<cfloat> x(48);
    float most = 0, usual = 1;
    std::size_t changed = 0, all = 0;
    for (int k = 0; k < 400; ++k) {
        const bool pulse = k % 32 < 12; // 12 of 32 steps: 30 of 80 ms
        const float amplitude = pulse ? 10.0f : 1.0f;
        for (auto& s : x)
            s = amplitude * cfloat(gauss(random), gauss(random));
        const auto before = x;
        limiter.see(x.data(), x.size());
        limiter.apply(x.data(), x.size());
        if (k < 64)
            continue;
        float scale = 0; // of all samples that are not limited
        for (std::size_t n = 0; n < x.size(); ++n)
            scale = std::max(scale, std::abs(x[n]) / std::abs(before[n]));
        if (!pulse)
            usual = scale;
        for (std::size_t n = 0; n < x.size(); ++n) {
            most = std::max(most, std::norm(x[n] / usual));
            if (!pulse) {
                ++all;
                changed += std::abs(x[n]) < 0.99f * scale * std::abs(before[n]);
            }
        }
    }
    BOOST_TEST(most < 16.0f); // pulses have 100
    BOOST_TEST(changed * 50 < all);
}

/* A carrier of power 1 ends that was taken away but for a hundredth: a signal as strong
 * is no pulse. */
BOOST_AUTO_TEST_CASE(level_is_that_of_what_was_received)
{
    search_limiter limiter;
    std::vector<cfloat> x(48, cfloat(1));
    for (int k = 0; k < 32; ++k) {
        limiter.see(x.data(), x.size());
        auto rest = std::vector<cfloat>(48, cfloat(0.1f));
        limiter.apply(rest.data(), rest.size());
        BOOST_TEST((rest == std::vector<cfloat>(48, cfloat(0.1f))));
    }
    limiter.see(x.data(), x.size());
    auto signal = x;
    limiter.apply(signal.data(), signal.size());
    BOOST_TEST((signal == x));
}

namespace {

/*! Noise of power 1 through a limiter, with a carrier in it. */
class limited_air
{
public:
    /*! \return mean power that comes out of so many steps of 2.5 ms */
    double power(float amplitude, int steps)
    {
        double sum = 0;
        for (int k = 0; k < steps; ++k) {
            std::vector<cfloat> x(48);
            for (auto& s : x)
                s = cfloat(amplitude) + cfloat(d_gauss(d_random), d_gauss(d_random));
            d_limiter.see(x.data(), x.size());
            d_limiter.apply(x.data(), x.size());
            for (const auto& s : x)
                sum += static_cast<double>(std::norm(s)) / static_cast<double>(x.size());
        }
        return sum / steps;
    }

    /*! \return power of the second half of what begins, over that of the first */
    double of_halves(float amplitude)
    {
        const double first = power(amplitude, 15);
        power(amplitude, 2); // the median is between them
        return power(amplitude, 15) / first;
    }

private:
    search_limiter d_limiter;
    std::mt19937 d_random{ 5 };
    std::normal_distribution<float> d_gauss{ 0, std::sqrt(0.5f) };
};

} // namespace

/* A start frame 20 dB above the noise is limited for its first half: the other half comes
 * out as strong. Until then the search missed it, and late entry came 0.4 s later. */
BOOST_AUTO_TEST_CASE(what_begins_suddenly_comes_out_at_one_level)
{
    limited_air air;
    for (const float amplitude : { 10.0f, 100.0f, 3.0f }) {
        const double noise = air.power(0, 80);
        BOOST_TEST(noise > 0.5);
        BOOST_TEST(noise < 2);
        const double ratio = air.of_halves(amplitude);
        BOOST_TEST(ratio > 0.5, "amplitude " << amplitude << ": " << ratio);
        BOOST_TEST(ratio < 2, "amplitude " << amplitude << ": " << ratio);
        air.power(0, 80);
    }
}

/* Behind a call that was just strong enough for a new scale comes a little less than that
 * less: the scale comes back all the same, before the next call is strong again. */
BOOST_AUTO_TEST_CASE(what_begins_behind_a_weaker_call_comes_out_at_one_level)
{
    limited_air air;
    air.power(0, 80);
    air.power(2.1f, 160); // 5.4 times the noise, for 0.4 s: a new scale
    air.power(0.5f, 160);
    const double ratio = air.of_halves(4.4f); // 20 times
    BOOST_TEST(ratio > 0.5, ratio);
    BOOST_TEST(ratio < 2, ratio);
}

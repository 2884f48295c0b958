/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "helpers.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;

namespace {

constexpr std::size_t count = 1000000;

// Bounds are five standard deviations of the estimate: a right generator fails one seed
// in 1.7 million.
const double five_sigma = 5 / std::sqrt(static_cast<double>(count));

samples noise(std::uint64_t seed)
{
    channel_options o;
    o.cn0_dbhz = 10 * std::log10(o.sample_rate); // power 1
    o.seed = seed;
    return through(o, samples(count));
}

double mean_power(const samples& x)
{
    double sum = 0;
    for (const auto& v : x)
        sum += std::norm(v);
    return sum / static_cast<double>(x.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_tests)

BOOST_AUTO_TEST_CASE(power_follows_the_definition_of_cn0)
{
    for (const double cn0 : { 30.0, 39.0, 60.0 })
        for (const double rate : { 12000.0, 48000.0, 2e6 }) {
            channel_options o;
            o.cn0_dbhz = cn0;
            o.sample_rate = rate;
            o.signal_power = 0.25;
            const auto wanted = 0.25 * rate / std::pow(10.0, cn0 / 10);
            const auto measured = mean_power(through(o, samples(count)));
            // The power of one sample has the standard deviation of its mean.
            BOOST_TEST(std::abs(measured / wanted - 1) < five_sigma);
        }
}

BOOST_AUTO_TEST_CASE(moments_are_those_of_circular_gaussian_noise)
{
    double re = 0, im = 0, re2 = 0, im2 = 0, cross = 0, fourth = 0, skew = 0;
    for (const auto& v : noise(3)) {
        const double a = v.real(), b = v.imag();
        re += a;
        im += b;
        re2 += a * a;
        im2 += b * b;
        cross += a * b;
        fourth += std::norm(v) * std::norm(v);
        skew += a * a * a;
    }
    const auto n = static_cast<double>(count);
    BOOST_TEST(std::abs(re / n) < five_sigma * std::sqrt(0.5));
    BOOST_TEST(std::abs(im / n) < five_sigma * std::sqrt(0.5));
    BOOST_TEST(std::abs(re2 / n - 0.5) < five_sigma * std::sqrt(0.5));
    BOOST_TEST(std::abs(im2 / n - 0.5) < five_sigma * std::sqrt(0.5));
    BOOST_TEST(std::abs(cross / n) < five_sigma * 0.5);
    // E|n|^4 = 2, E|n|^8 = 24; E a^6 = 15/8
    BOOST_TEST(std::abs(fourth / n - 2) < five_sigma * std::sqrt(20.0));
    BOOST_TEST(std::abs(skew / n) < five_sigma * std::sqrt(1.875));
}

BOOST_AUTO_TEST_CASE(tails_are_gaussian)
{
    const auto x = noise(4);
    for (const double sigmas : { 1.0, 2.0, 3.0, 4.0 }) {
        std::size_t beyond = 0;
        for (const auto& v : x)
            beyond += std::abs(v.real()) > sigmas * std::sqrt(0.5);
        const auto p = std::erfc(sigmas / std::sqrt(2.0));
        BOOST_TEST(std::abs(static_cast<double>(beyond) / count - p) <
                   five_sigma * std::sqrt(p * (1 - p)));
    }
}

BOOST_AUTO_TEST_CASE(noise_is_white)
{
    const auto x = noise(5);
    for (const std::size_t lag : { 1U, 2U, 3U, 312U, 511U, 512U, 624U }) {
        std::complex<double> sum;
        for (std::size_t n = lag; n < count; ++n)
            sum += std::complex<double>(x[n] * std::conj(x[n - lag]));
        BOOST_TEST(std::abs(sum) / count < five_sigma);
    }
}

BOOST_AUTO_TEST_CASE(seeds_are_independent)
{
    const auto x = noise(1);
    const auto y = noise(2);
    std::complex<double> sum;
    for (std::size_t n = 0; n < count; ++n)
        sum += std::complex<double>(x[n] * std::conj(y[n]));
    BOOST_TEST(std::abs(sum) / count < five_sigma);
}

BOOST_AUTO_TEST_SUITE_END()

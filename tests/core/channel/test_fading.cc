/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "helpers.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace securevoice;
namespace data = boost::unit_test::data;

namespace {

constexpr double rate = 2000;
constexpr double doppler = 10;
constexpr std::size_t seeds = 200;
constexpr std::size_t count = 20000; // 100 periods of the Doppler

samples gains(std::uint64_t seed, double k_db = -std::numeric_limits<double>::infinity())
{
    channel_options o;
    o.sample_rate = rate;
    o.doppler_hz = doppler;
    o.rician_k_db = k_db;
    o.seed = seed;
    return through(o, samples(count, 1.0F));
}

double power(const samples& h)
{
    double sum = 0;
    for (const auto& v : h)
        sum += std::norm(v);
    return sum / static_cast<double>(h.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(fading_tests)

BOOST_DATA_TEST_CASE(mean_power_is_one,
                     data::make({ -std::numeric_limits<double>::infinity(), 0.0, 10.0 }),
                     k_db)
{
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        sum += power(gains(seed, k_db)) / 50;
    BOOST_TEST(std::abs(sum - 1) < 0.02);
}

// Jakes' spectrum is the transform of J0: Clarke 1968.
BOOST_AUTO_TEST_CASE(autocorrelation_is_bessel)
{
    const std::vector<std::size_t> lags{ 5, 20, 50, 77, 120, 176, 300, 500 };
    std::vector<std::complex<double>> sums(lags.size());
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const auto h = gains(seed);
        for (std::size_t i = 0; i < lags.size(); ++i) {
            std::complex<double> sum;
            for (std::size_t n = lags[i]; n < count; ++n)
                sum += std::complex<double>(h[n] * std::conj(h[n - lags[i]]));
            sums[i] += sum / static_cast<double>((count - lags[i]) * seeds);
        }
    }
    for (std::size_t i = 0; i < lags.size(); ++i) {
        const auto x = 2 * M_PI * doppler * static_cast<double>(lags[i]) / rate;
        BOOST_TEST(std::abs(sums[i] - std::cyl_bessel_j(0.0, x)) < 0.02,
                   "lag " << lags[i] << ": " << sums[i]);
    }
}

BOOST_AUTO_TEST_CASE(deep_fades_are_as_frequent_as_rayleigh_says)
{
    for (const double level : { 0.01, 0.1, 1.0, 3.0 }) {
        std::size_t below = 0;
        for (std::uint64_t seed = 0; seed < seeds; ++seed)
            for (const auto& v : gains(seed))
                below += std::norm(v) < level;
        const auto share = static_cast<double>(below) / (seeds * count);
        const auto wanted = 1 - std::exp(-level);
        BOOST_TEST(std::abs(share / wanted - 1) < 0.05,
                   "level " << level << ": " << share);
    }
}

BOOST_AUTO_TEST_CASE(line_of_sight_stands_at_seven_tenths_of_the_doppler)
{
    const double k = 10; // 10 dB
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto h = gains(seed, 10);
        std::complex<double> sum;
        for (std::size_t n = 0; n < count; ++n)
            sum += std::complex<double>(h[n]) *
                   std::polar(1.0,
                              -2 * M_PI * 0.7 * doppler * static_cast<double>(n) / rate);
        BOOST_TEST(std::abs(std::norm(sum / static_cast<double>(count)) - k / (k + 1)) <
                   0.1);
    }
}

BOOST_AUTO_TEST_CASE(interpolation_keeps_the_gain_smooth)
{
    // The same fading at a thousand times the rate is interpolated; at the common
    // instants it is the same.
    channel_options slow;
    slow.sample_rate = 100 * doppler * 2.56;
    slow.doppler_hz = doppler;
    auto fast = slow;
    fast.sample_rate *= 100;
    const auto a = through(slow, samples(200, 1.0F));
    const auto b = through(fast, samples(20000, 1.0F));
    double error = 0;
    for (std::size_t n = 0; n < a.size(); ++n)
        error += std::norm(std::complex<double>(a[n] - b[100 * n])) / 200;
    BOOST_TEST(error < 1e-8);
    double jump = 0; // second difference between neighbours
    for (std::size_t n = 2; n < b.size(); ++n)
        jump = std::max(jump,
                        static_cast<double>(std::abs(b[n] - 2.0F * b[n - 1] + b[n - 2])));
    BOOST_TEST(jump < 2e-3);
}

BOOST_AUTO_TEST_CASE(noise_does_not_change_the_fading)
{
    channel_options o;
    o.doppler_hz = 5;
    const auto alone = through(o, samples(1000, 1.0F));
    o.cn0_dbhz = 290;
    const auto both = through(o, samples(1000, 1.0F));
    for (std::size_t n = 0; n < alone.size(); ++n)
        BOOST_TEST(std::abs(alone[n] - both[n]) < 1e-5F);
}

BOOST_AUTO_TEST_SUITE_END()

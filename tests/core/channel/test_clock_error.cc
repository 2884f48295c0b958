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

constexpr std::size_t count = 200000;
constexpr std::size_t edge = 50; // the window meets the silence around the signal

channel_options clock_of(double ppm)
{
    channel_options o;
    o.clock_ppm = ppm;
    return o;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clock_error_tests)

BOOST_DATA_TEST_CASE(tone_is_scaled_and_clean,
                     data::make({ -100.0, -20.0, -0.01, 0.5, 10.0, 100.0, 5000.0 }) *
                         data::make({ 0.0, 0.03, 0.25, -0.4 }),
                     ppm,
                     f)
{
    const auto out = through(clock_of(ppm), tone(f, count));
    // Faster sender, fewer samples, higher pitch: exp(j 2 pi f (1 + ppm) n).
    const auto wanted = tone(f * (1 + ppm * 1e-6), out.size());
    double error = 0;
    for (std::size_t n = edge; n + edge < out.size(); ++n)
        error += std::norm(std::complex<double>(out[n] - wanted[n]));
    const auto db = 10 * std::log10(error / static_cast<double>(out.size()));
    BOOST_TEST(db < -80);
    const auto length = count / (1 + ppm * 1e-6);
    BOOST_TEST(std::abs(static_cast<double>(out.size()) - length) <= 1);
}

BOOST_AUTO_TEST_CASE(rate_is_exact_over_a_long_time)
{
    // Ten million samples in chunks: an error of 1e-4 samples would be 1e-5 ppm.
    const double f = 0.01;
    const double ppm = 20;
    const auto in = tone(f, 10000); // a whole number of periods
    channel c(clock_of(ppm));
    samples out;
    std::size_t before = 0;
    for (int chunk = 0; chunk < 1000; ++chunk) {
        before += out.size();
        out.clear();
        c.process(in.data(), in.size(), out);
    }
    const auto turns = f * (1 + ppm * 1e-6) * static_cast<double>(before + 1000);
    const auto wanted = std::polar(1.0, 2 * M_PI * (turns - std::floor(turns)));
    const auto samples_off =
        std::arg(std::complex<double>(out[1000]) * std::conj(wanted)) / (2 * M_PI * f);
    BOOST_TEST(std::abs(samples_off) < 1e-3);
}

BOOST_AUTO_TEST_SUITE_END()

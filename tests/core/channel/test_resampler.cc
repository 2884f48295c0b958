/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "helpers.h"

#include "core/channel/resampler.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

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

BOOST_AUTO_TEST_SUITE(resampler_tests)

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

// As sound files are brought to 8 kHz.
BOOST_DATA_TEST_CASE(any_rate_is_brought_to_another,
                     data::make({ 11025.0, 16000.0, 44100.0, 47999.0, 192000.0, 4000.0 }),
                     rate)
{
    const auto step = rate / 8000;
    const auto slower = std::min(rate, 8000.0);
    const auto level_db = [&](double hz) {
        resampler r(step, 0.47, 96);
        const auto in = tone(hz / rate, static_cast<std::size_t>(rate));
        samples out;
        r.resample(in.data(), 1000, out);
        r.resample(in.data() + 1000, in.size() - 1000, out);
        r.finish(out);
        BOOST_TEST(std::abs(static_cast<double>(out.size()) - 8000) <= 1);
        double error = 0;
        double power = 0;
        const auto wanted = tone(hz / 8000, out.size());
        for (std::size_t n = 200; n + 200 < out.size(); ++n) {
            error += std::norm(std::complex<double>(out[n] - wanted[n])) / 7600;
            power += std::norm(std::complex<double>(out[n])) / 7600;
        }
        return std::make_pair(10 * std::log10(error), 10 * std::log10(power));
    };
    for (const double share : { 0.0, 0.1, 0.3, 0.43 }) // in time and undistorted
        BOOST_TEST(level_db(share * slower).first < -60);
    if (rate > 9000)
        for (const double hz : { 4100.0, 5000.0 }) // not folded back
            BOOST_TEST(level_db(hz).second < -60);
}

BOOST_AUTO_TEST_CASE(bad_ratios_are_refused)
{
    for (const double step : { 0.0, -1.0, 1000.0, static_cast<double>(NAN) })
        BOOST_CHECK_THROW(resampler(step, 0.5, 48), std::invalid_argument);
    BOOST_CHECK_THROW(resampler(1, 0, 48), std::invalid_argument);
    BOOST_CHECK_THROW(resampler(1, 0.6, 48), std::invalid_argument);
    BOOST_CHECK_THROW(resampler(1, 0.5, 0), std::invalid_argument);
    BOOST_CHECK_THROW(resampler(1, 0.5, 47), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

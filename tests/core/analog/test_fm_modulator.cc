/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_modulator.h"
#include "fm_testing.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <stdexcept>

using namespace securevoice;
using namespace fm_testing;

namespace {

iq_samples modulated(const std::vector<std::int16_t>& speech,
                     const fm_options& o = {},
                     double rate = iq_rate)
{
    fm_modulator m(o, rate);
    iq_samples iq;
    m.push(speech.data(), speech.size(), iq);
    m.end(iq);
    return iq;
}

std::vector<std::int16_t> loud_noise()
{
    std::mt19937 random(7);
    std::vector<std::int16_t> s(16000);
    for (auto& x : s)
        x = random() & 1 ? 32767 : -32768;
    return s;
}

double peak(const std::vector<double>& f)
{
    double most = 0;
    for (const auto x : f)
        most = std::max(most, std::abs(x));
    return most;
}

} // namespace

BOOST_DATA_TEST_CASE(the_deviation_never_passes_its_limit,
                     boost::unit_test::data::make({ 2500.0, 5000.0 }) *
                         boost::unit_test::data::make({ 0.0, 67.0, 254.1 }) *
                         boost::unit_test::data::make({ true, false }),
                     limit,
                     ctcss,
                     emphasis)
{
    fm_options o;
    o.deviation_hz = limit;
    o.emphasis = emphasis;
    if (ctcss > 0)
        o.ctcss_hz = ctcss;
    auto square = tone(1000, 1, 1);
    for (auto& x : square)
        x = x < 0 ? -32768 : 32767;
    for (const auto& speech : { loud_noise(), square, tone(2900, 1, 1) }) {
        const double most = peak(frequency(modulated(speech, o)));
        BOOST_TEST(most <= limit * 1.0005); // of float samples
        BOOST_TEST(most >= 0.85 * limit);
    }
    const double silent = peak(frequency(modulated(std::vector<std::int16_t>(8000), o)));
    BOOST_TEST(silent <= (ctcss > 0 ? fm_ctcss_share * limit * 1.01 : 0.5));
}

BOOST_AUTO_TEST_CASE(the_limit_holds_at_other_sample_rates)
{
    for (const double rate : { 24000.0, 44100.0, 240000.0 }) {
        const auto iq = modulated(loud_noise(), {}, rate);
        // the ramps at both ends are no deviation
        const auto edge = static_cast<std::ptrdiff_t>(rate / 100);
        const iq_samples middle(iq.begin() + edge, iq.end() - edge);
        BOOST_TEST(peak(frequency(middle, rate)) <= 2500 * 1.01);
    }
}

BOOST_AUTO_TEST_CASE(emphasis_is_6_db_per_octave)
{
    const auto deviation = [](double hz, bool emphasis) {
        fm_options o;
        o.emphasis = emphasis;
        const auto f = frequency(modulated(tone(hz, 0.2, 1), o));
        return amplitude(f, hz, iq_rate, 24000, 43200);
    };
    BOOST_TEST(std::abs(deviation(1000, true) - 500) < 10);
    for (const double hz : { 400.0, 700.0, 2000.0, 2800.0 }) {
        const double rise = 20 * std::log10(deviation(hz, true) / deviation(hz, false));
        const double expected =
            10 * std::log10((1 + std::pow(2 * M_PI * hz * 750e-6, 2)) /
                            (1 + std::pow(2 * M_PI * 1000 * 750e-6, 2)));
        BOOST_TEST(std::abs(rise - expected) < 0.2);
    }
}

BOOST_AUTO_TEST_CASE(nothing_outside_300_to_3000_hz_is_sent)
{
    for (const double hz : { 100.0, 200.0, 3700.0 }) {
        const auto f = frequency(modulated(tone(hz, 0.5, 1)));
        BOOST_TEST(amplitude(f, hz, iq_rate, 24000, 43200) < 0.5 * 2500 * 0.02);
    }
}

BOOST_AUTO_TEST_CASE(the_power_beside_the_channel_is_60_db_down)
{
    const auto iq =
        modulated(tone(1250, 1, 2)); // 4 dB above what fits, as EN 300 086 measures it
    // power in the receiver bandwidth of the next channel, 12.5 kHz away, by a
    // Hann-windowed average
    constexpr std::size_t length = 4800; // bins of 10 Hz
    double beside = 0;
    double all = 0;
    for (std::size_t from = 9600; from + length <= 62400; from += length / 2) {
        for (int hz = 12500 - 4250; hz <= 12500 + 4250; hz += 50) {
            std::complex<double> sum;
            double energy = 0;
            for (std::size_t n = 0; n < length; ++n) {
                const auto x = static_cast<double>(n);
                const double w = 0.5 - 0.5 * std::cos(2 * M_PI * x / length);
                const auto s = std::complex<double>(iq[from + n]) * w;
                sum += s * std::polar(1.0, -2 * M_PI * hz * x / iq_rate);
                energy += std::norm(s);
            }
            beside += std::norm(sum) / length * 5; // bins of 10 Hz in 50 Hz
            if (hz == 12500)
                all += energy;
        }
    }
    BOOST_TEST(10 * std::log10(beside / all) < -60);
}

BOOST_AUTO_TEST_CASE(a_ctcss_tone_is_right_to_half_a_percent)
{
    for (const double hz : { 67.0, 88.5, 123.0, 254.1 }) {
        fm_options o;
        o.ctcss_hz = hz;
        const auto f = frequency(modulated(tone(1000, 0.6, 5), o));
        const auto at = [&](double x) { return amplitude(f, x, iq_rate, 4800, 228000); };
        double best = 0;
        double where = 0;
        for (double x = 0.98 * hz; x < 1.02 * hz; x += 0.0005 * hz)
            if (at(x) > best) {
                best = at(x);
                where = x;
            }
        BOOST_TEST(std::abs(where / hz - 1) < 0.005);
        BOOST_TEST(std::abs(best - fm_ctcss_share * 2500) < 10);
    }
}

BOOST_AUTO_TEST_CASE(the_speech_is_as_late_as_said_and_whole)
{
    std::vector<std::int16_t> click(8000);
    click[4000] = 20000;
    fm_modulator m({}, iq_rate);
    iq_samples iq;
    BOOST_TEST(!m.in_carrier());
    m.push(click.data(), click.size(), iq);
    BOOST_TEST(iq.size() == 48000u);
    BOOST_TEST(m.in_carrier());
    m.end(iq);
    BOOST_TEST(!m.in_carrier());
    const auto f = frequency(iq);
    const auto most = std::max_element(
        f.begin(), f.end(), [](double x, double y) { return std::abs(x) < std::abs(y); });
    const double late = static_cast<double>(most - f.begin()) / iq_rate - 0.5;
    BOOST_TEST(std::abs(late - m.delay()) < 0.0005);
    BOOST_TEST(m.delay() < 0.01);
    const auto size = iq.size();
    m.end(iq);
    BOOST_TEST(iq.size() == size);
}

BOOST_AUTO_TEST_CASE(any_cut_of_the_speech_gives_the_same)
{
    const auto speech = loud_noise();
    const auto whole = modulated(speech, {}, 44100);
    fm_modulator m({}, 44100);
    iq_samples iq;
    std::mt19937 random(3);
    for (std::size_t n = 0; n < speech.size();) {
        const auto count = std::min<std::size_t>(random() % 700, speech.size() - n);
        m.push(speech.data() + n, count, iq);
        n += count;
    }
    m.end(iq);
    BOOST_TEST((iq == whole));
    iq_samples again; // a second carrier is like the first
    m.push(speech.data(), speech.size(), again);
    m.end(again);
    BOOST_TEST((again == whole));
}

BOOST_AUTO_TEST_CASE(bad_settings_are_refused)
{
    fm_options wide;
    wide.deviation_hz = 5001;
    fm_options strange;
    strange.ctcss_hz = 300;
    BOOST_CHECK_THROW(fm_modulator(wide, iq_rate), std::invalid_argument);
    BOOST_CHECK_THROW(fm_modulator(strange, iq_rate), std::invalid_argument);
    BOOST_CHECK_THROW(fm_modulator({}, 11999), std::invalid_argument);
}

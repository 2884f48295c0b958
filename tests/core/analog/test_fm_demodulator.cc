/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_demodulator.h"
#include "core/analog/fm_modulator.h"
#include "fm_testing.h"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>
#include <stdexcept>

using namespace securevoice;
using namespace fm_testing;

namespace {

struct heard {
    std::vector<fm_slot> slots;
    std::vector<std::int16_t> speech;

    std::size_t passed() const
    {
        return static_cast<std::size_t>(std::count_if(
            slots.begin(), slots.end(), [](const auto& s) { return s.squelch_open; }));
    }
};

heard demodulated(const iq_samples& iq, const fm_options& o = {})
{
    fm_demodulator d(o, iq_rate);
    heard h;
    const auto keep = [&](const fm_slot& s) {
        h.slots.push_back(s);
        h.speech.insert(h.speech.end(), s.speech.begin(), s.speech.end());
    };
    d.push(iq.data(), iq.size(), keep);
    d.finish(keep);
    return h;
}

double sinad(const heard& h)
{
    return sinad_db(h.speech, 1000, 8000, 4000, h.speech.size() - 4000);
}

fm_options plain()
{
    fm_options o;
    o.emphasis = false;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_transmitter_of_another_make_is_heard)
{
    const auto h = demodulated(through_noise(other_transmitter(1000, 1500, 3), 60, 700));
    BOOST_TEST(sinad(h) > 20);
    BOOST_TEST(std::abs(amplitude(h.speech, 1000, 8000, 4000, 20000) / (0.6 * 32767) -
                        1) < 0.05);
    BOOST_TEST(h.passed() >= 37u);
    for (std::size_t n = 2; n < 35; ++n) {
        BOOST_TEST(std::abs(h.slots[n].offset_hz - 700) < 50);
        BOOST_TEST(std::abs(h.slots[n].cn0_dbhz - 60) < 3.5);
    }
}

BOOST_AUTO_TEST_CASE(our_own_transmitter_is_heard_when_it_speaks)
{
    fm_modulator m({}, iq_rate);
    iq_samples iq(24000); // half a second of nothing
    std::vector<std::int16_t> speech(8000);
    const auto voice = tone(1000, 0.6, 1);
    speech.insert(speech.end(), voice.begin(), voice.end());
    m.push(speech.data(), speech.size(), iq);
    m.end(iq);
    iq.resize(iq.size() + 24000);
    const auto h = demodulated(through_noise(iq, 60));
    // by the slots' times the tone begins at 1.5 s and lasts for 1 s
    double first = 0;
    double last = 0;
    for (const auto& s : h.slots)
        for (std::size_t n = 0; n < s.speech.size(); ++n)
            if (std::abs(s.speech[n]) > 8000) {
                const double t = s.time + static_cast<double>(n) / 8000;
                first = first == 0 ? t : first;
                last = t;
            }
    BOOST_TEST(std::abs(first - 1.5 - m.delay()) < 0.003);
    // what is beside the end of the carrier is muted
    BOOST_TEST(last - 2.5 - m.delay() < 0.003);
    BOOST_TEST(last - 2.5 - m.delay() > -0.02);
}

BOOST_AUTO_TEST_CASE(noise_silence_and_what_is_not_a_number_stay_silent)
{
    const auto noise = through_noise(iq_samples(30 * 48000), 30);
    BOOST_TEST(demodulated(noise).passed() == 0u);
    BOOST_TEST(demodulated(iq_samples(48000)).passed() == 0u);
    auto bad = other_transmitter(1000, 1500, 2);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (std::size_t n = 24000; n < 26000; ++n)
        bad[n] = n & 1 ? std::complex<float>(nan, 0) : std::complex<float>(0, infinity);
    const auto h = demodulated(bad);
    BOOST_TEST(sinad_db(h.speech, 1000, 8000, 8000, 15000) > 20); // it does not last
}

BOOST_AUTO_TEST_CASE(a_carrier_alone_is_quiet)
{
    const auto h = demodulated(through_noise(other_transmitter(0, 0, 2), 60, 1000));
    BOOST_TEST(h.passed() >= 24u);
    double power = 0;
    for (const auto x : h.speech)
        power += std::pow(x / 32767.0, 2) / static_cast<double>(h.speech.size());
    BOOST_TEST(10 * std::log10(power) < -30);
}

BOOST_AUTO_TEST_CASE(the_squelch_opens_at_its_threshold)
{
    BOOST_TEST(demodulated(through_noise(other_transmitter(1000, 1500, 4), 50)).passed() >
               45u);
    BOOST_TEST(demodulated(through_noise(other_transmitter(1000, 1500, 4), 40)).passed() <
               3u);
}

BOOST_AUTO_TEST_CASE(a_ctcss_squelch_wants_its_tone)
{
    fm_options o;
    o.ctcss_hz = 88.5;
    const auto with = [&](double hz) {
        return demodulated(through_noise(other_transmitter(1000, 1200, 3, hz, 375), 60),
                           o);
    };
    BOOST_TEST(with(88.5).passed() > 30u);
    BOOST_TEST(with(91.5).passed() == 0u);
    BOOST_TEST(with(0).passed() == 0u);
}

BOOST_AUTO_TEST_CASE(any_cut_of_the_input_gives_the_same)
{
    const auto iq = through_noise(other_transmitter(1000, 1500, 2), 55);
    const auto whole = demodulated(iq);
    fm_demodulator d({}, iq_rate);
    std::vector<std::int16_t> speech;
    const auto keep = [&](const fm_slot& s) {
        speech.insert(speech.end(), s.speech.begin(), s.speech.end());
    };
    std::mt19937 random(3);
    for (std::size_t n = 0; n < iq.size();) {
        const auto count = std::min<std::size_t>(random() % 5000, iq.size() - n);
        d.push(iq.data() + n, count, keep);
        n += count;
    }
    d.finish(keep);
    BOOST_TEST((speech == whole.speech));
}

BOOST_AUTO_TEST_CASE(twelve_db_sinad_without_emphasis)
{
    const auto h =
        demodulated(through_noise(other_transmitter(1000, 1500, 4), 52), plain());
    BOOST_TEST(sinad(h) > 12);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// How often a search for a signal that slipped finds one in noise, and in FM that stands
// where a call was. -l message prints it; searches per signal: the first argument.
#define BOOST_TEST_MODULE false_slips
#include "core/analog/fm_modulator.h"
#include "core/modem/front/front_end.h"
#include "core/modem/track/slip_search.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace securevoice;

namespace {

constexpr double rate = 48000;
constexpr std::size_t seconds = 12;
constexpr float beside = 0.005f; // noise power per sample beside a carrier of 1: 70 dB-Hz

std::vector<cfloat> noise(float power)
{
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, std::sqrt(power / 2));
    std::vector<cfloat> iq(static_cast<std::size_t>(rate) * seconds);
    for (auto& x : iq)
        x = { normal(random), normal(random) };
    return iq;
}

std::vector<std::int16_t> speech()
{
    std::ifstream file(SECUREVOICE_EXAMPLE_SPEECH, std::ios::binary);
    const std::vector<char> octets{ std::istreambuf_iterator<char>(file), {} };
    BOOST_REQUIRE(octets.size() > 2 * 8000);
    std::vector<std::int16_t> samples(8000 * seconds);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const std::size_t at = 44 + 2 * (n % ((octets.size() - 44) / 2));
        samples[n] =
            static_cast<std::int16_t>(static_cast<unsigned char>(octets[at]) |
                                      static_cast<unsigned char>(octets[at + 1]) << 8);
    }
    return samples;
}

std::vector<cfloat> fm(const std::vector<std::int16_t>& voice, const fm_options& options)
{
    std::vector<cfloat> iq;
    fm_modulator modulate(options, rate);
    modulate.push(voice.data(), voice.size(), iq);
    iq.resize(static_cast<std::size_t>(rate) * seconds);
    const auto channel = noise(beside);
    for (std::size_t n = 0; n < iq.size(); ++n)
        iq[n] += channel[n];
    return iq;
}

struct counts {
    std::size_t searches = 0, waits = 0, moves = 0;
    std::size_t blocks = 0, above_6 = 0, above_10 = 0; // of surprise, in nats
    double most = 0;
};

counts search(const std::vector<cfloat>& iq, std::uint8_t mode, std::size_t searches)
{
    front_end front(rate);
    std::vector<cfloat> received;
    front.push(iq.data(), iq.size(), received);
    sample_history history(received.size());
    history.append(received.data(), received.size());
    const auto end = static_cast<double>(history.end());

    const auto w = waveform_of(mode);
    slip_search look(w);
    frame_view view(w);
    std::mt19937 random(2);
    std::uniform_real_distribution<double> anywhere(2 * block_samples,
                                                    end - 4 * block_samples);
    counts c;
    for (; c.searches < searches; ++c.searches) {
        expected_block here{ { anywhere(random), 0, 0, double(receive_samples) },
                             100 + std::uint32_t(random() % 1000) };
        view.read(history, here.place, end, 1);
        const double power = view.power(1);
        // as behind a call that was as strong, of any C/N0, still or moving
        const signal_levels levels(
            w, power, power * std::pow(10, -0.5 * (c.searches % 5)));
        const slip_search::known signal{
            mode, levels, c.searches % fading_speeds, std::int64_t{ here.number } - 2, end
        };
        c.waits += look.look(history, here, signal, 1).has_value();
        c.moves += look.look(history, here, signal, 2).has_value();
        for (std::size_t n = 0; n < 50; ++n, ++c.blocks) {
            here.place.at += 7;
            const double surprise = look.weigh(history, here, signal).surprise;
            c.above_6 += surprise > 6;
            c.above_10 += surprise > 10;
            c.most = std::max(c.most, surprise);
        }
    }
    return c;
}

/* P(sum of so many exponential ones > x) */
double gamma_tail(int shape, double x)
{
    double term = 1, sum = 0;
    for (int k = 0; k < shape; term *= x / ++k)
        sum += term;
    return sum * std::exp(-x);
}

} // namespace

BOOST_AUTO_TEST_CASE(neither_noise_nor_fm_moves_a_tracker)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    const std::size_t searches =
        suite.argc > 1 ? std::strtoul(suite.argv[1], nullptr, 10) : 100;
    fm_options with_tone;
    with_tone.ctcss_hz = 88.5;
    const std::vector<std::int16_t> silence(8000 * seconds);
    const std::vector<std::pair<std::string, std::vector<cfloat>>> signals{
        { "noise", noise(1) },
        { "FM with speech", fm(speech(), {}) },
        { "FM with speech and a tone", fm(speech(), with_tone) },
        { "FM of silence", fm(silence, {}) },
        { "FM of a tone", fm(silence, with_tone) }
    };
    for (const auto& [name, iq] : signals)
        for (const std::uint8_t mode : { 0, 16 + 4 }) {
            const auto c = search(iq, mode, searches);
            const auto share = [&](std::size_t count) {
                return static_cast<double>(count) / static_cast<double>(c.blocks);
            };
            BOOST_TEST_MESSAGE(name << ", mode " << int{ mode } << ": of " << c.searches
                                    << " searches " << c.waits << " wait, " << c.moves
                                    << " move; surprise above 6: " << share(c.above_6)
                                    << " (gamma: " << gamma_tail(2, 6)
                                    << "), above 10: " << share(c.above_10) << " ("
                                    << gamma_tail(2, 10) << "), most " << c.most);
            BOOST_TEST(c.moves == 0u, name);
            BOOST_TEST(c.waits <= 1u, name);
            BOOST_TEST(share(c.above_6) < 1.5 * gamma_tail(2, 6), name);
        }
}

/* What the thresholds say of themselves. */
BOOST_AUTO_TEST_CASE(thresholds_follow_from_their_rates)
{
    constexpr double looks = 817 * 3 + 51;
    BOOST_TEST(gamma_tail(2, slip_search::surprising) < 1 / 8e4);
    BOOST_TEST(looks * gamma_tail(2, slip_search::surprising_somewhere) < 1 / 1.3e3);
    BOOST_TEST(looks * gamma_tail(3, slip_search::surprising_twice) < 1 / 1.3e6);
}

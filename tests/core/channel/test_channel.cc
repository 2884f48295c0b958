/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE channel
#include "helpers.h"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <random>
#include <stdexcept>

using namespace securevoice;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

channel_options everything()
{
    channel_options o;
    o.cn0_dbhz = 45;
    o.offset_hz = -1234.5;
    o.drift_hz_per_s = 20;
    o.clock_ppm = 17;
    o.doppler_hz = 12;
    o.rician_k_db = 3;
    o.seed = 99;
    return o;
}

void refuses(void (*spoil)(channel_options&), const char* word)
{
    channel_options o;
    spoil(o);
    BOOST_CHECK_EXCEPTION(
        channel{ o }, std::invalid_argument, [word](const std::invalid_argument& e) {
            return std::string(e.what()).find(word) != std::string::npos;
        });
}

} // namespace

BOOST_AUTO_TEST_CASE(default_channel_changes_nothing)
{
    const auto in = tone(0.1, 1000);
    BOOST_CHECK(through({}, in) == in);
}

BOOST_AUTO_TEST_CASE(offset_is_exact)
{
    // An hour of samples would be too long for a test; the phase after ten seconds shows
    // an error of a microhertz.
    channel_options o;
    o.offset_hz = 1500.25;
    const std::size_t count = 480000;
    const auto out = through(o, samples(count, 1.0F));
    const auto wanted = tone(o.offset_hz / o.sample_rate, count);
    float worst = 0;
    for (std::size_t n = 0; n < count; ++n)
        worst = std::max(worst, std::abs(out[n] - wanted[n]));
    BOOST_TEST(worst < 1e-6F);
}

BOOST_AUTO_TEST_CASE(drift_adds_to_the_offset)
{
    channel_options o;
    o.offset_hz = 100;
    o.drift_hz_per_s = -50;
    const auto out = through(o, samples(96000, 1.0F));
    // Phase advance per sample at 0 and 2 s: 100 Hz and 0 Hz.
    const auto hz = [&](std::size_t n) {
        return std::arg(out[n + 1] * std::conj(out[n])) / (2 * M_PI) * o.sample_rate;
    };
    BOOST_TEST(std::abs(hz(0) - 100) < 0.01);
    BOOST_TEST(std::abs(hz(48000) - 50) < 0.01);
    BOOST_TEST(std::abs(hz(95998)) < 0.01);
}

BOOST_AUTO_TEST_CASE(chunking_changes_nothing)
{
    const auto in = tone(0.02, 30000);
    const auto whole = through(everything(), in);
    channel c(everything());
    samples chunked;
    std::mt19937 random(5);
    for (std::size_t n = 0; n < in.size();) {
        const auto count =
            std::min<std::size_t>(in.size() - n, random() % (random() % 2 ? 4 : 3000));
        c.process(in.data() + n, count, chunked);
        n += count;
    }
    c.finish(chunked);
    BOOST_TEST(chunked.size() == whole.size());
    BOOST_CHECK(chunked == whole);
}

BOOST_AUTO_TEST_CASE(seed_decides_the_output)
{
    const auto in = tone(0.02, 5000);
    const auto first = through(everything(), in);
    BOOST_CHECK(through(everything(), in) == first);
    auto other = everything();
    other.seed = 100;
    BOOST_CHECK(through(other, in) != first);
}

// Written down on one machine: the others must give the same octets.
BOOST_AUTO_TEST_CASE(output_is_the_same_on_every_machine)
{
    const auto out = through(everything(), tone(0.02, 20000));
    std::uint64_t digest = 0xcbf29ce484222325U; // FNV-1a (Fowler, Noll, Vo)
    for (const auto& sample : out)
        for (const auto part : { sample.real(), sample.imag() }) {
            std::uint32_t bits;
            std::memcpy(&bits, &part, sizeof bits);
            for (int i = 0; i < 4; ++i, bits >>= 8)
                digest = (digest ^ (bits & 0xff)) * 0x100000001b3U;
        }
    BOOST_TEST(digest == 17400940682428816730U);
}

BOOST_AUTO_TEST_CASE(bad_options_are_refused_by_name)
{
    refuses([](channel_options& o) { o.sample_rate = 0; }, "sample rate");
    refuses([](channel_options& o) { o.sample_rate = -48000; }, "sample rate");
    refuses([](channel_options& o) { o.sample_rate = NAN; }, "sample rate");
    refuses([](channel_options& o) { o.sample_rate = infinity; }, "sample rate");
    refuses([](channel_options& o) { o.cn0_dbhz = NAN; }, "C/N0");
    refuses([](channel_options& o) { o.cn0_dbhz = -infinity; }, "C/N0");
    refuses([](channel_options& o) { o.cn0_dbhz = 1000; }, "C/N0");
    refuses([](channel_options& o) { o.signal_power = 0; }, "power");
    refuses([](channel_options& o) { o.signal_power = NAN; }, "power");
    refuses([](channel_options& o) { o.offset_hz = 24001; }, "offset");
    refuses([](channel_options& o) { o.offset_hz = -infinity; }, "offset");
    refuses([](channel_options& o) { o.drift_hz_per_s = 1e9; }, "drift");
    refuses([](channel_options& o) { o.clock_ppm = 20000; }, "clock");
    refuses([](channel_options& o) { o.clock_ppm = NAN; }, "clock");
    refuses([](channel_options& o) { o.doppler_hz = -1; }, "Doppler");
    refuses([](channel_options& o) { o.doppler_hz = 24000; }, "Doppler");
    refuses([](channel_options& o) { o.rician_k_db = 6; }, "Rician");
    refuses([](channel_options& o) { o.doppler_hz = 5, o.rician_k_db = NAN; }, "Rician");
    refuses([](channel_options& o) { o.doppler_hz = 5, o.rician_k_db = infinity; },
            "Rician");
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace gr::securevoice;

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(an_exception_stops_the_output)
{
    ::securevoice::heard_block good, bad;
    good.kind = ::securevoice::kind::secure;
    bad.codec = 99; // no such vocoder
    auto sink = gr::blocks::vector_sink_f::make();
    auto decoder = voice_decoder::make();
    auto top = gr::make_top_block("broken");
    top->connect(
        bench::record_source(std::vector{ good, good, bad, good, good }), 0, decoder, 0);
    top->connect(decoder, 0, sink, 0);
    top->run(); // ends
    BOOST_TEST(sink->data().size() <= 2 * bench::block_samples);
}

BOOST_AUTO_TEST_CASE(any_samples_are_taken)
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinite = std::numeric_limits<float>::infinity();
    std::vector<float> speech = bench::speech(64000);
    for (std::size_t n = 0; n < speech.size(); n += 97)
        speech[n] = n % 2 ? nan : n % 3 ? infinite : -1e9f;
    auto sink = gr::blocks::vector_sink_f::make();
    auto top = gr::make_top_block("samples");
    auto encoder = voice_encoder::make();
    auto sealer = seal::make("ours", "3200", "narrow", "secure", false, bench::keys());
    auto mod = modulator::make();
    auto demod = demodulator::make();
    auto opener = open::make({ "ours" }, false, bench::keys());
    auto decoder = voice_decoder::make();
    const std::vector<gr::basic_block_sptr> chain = { gr::blocks::vector_source_f::make(
                                                          speech),
                                                      encoder,
                                                      sealer,
                                                      mod,
                                                      demod,
                                                      opener,
                                                      decoder,
                                                      sink };
    for (std::size_t n = 0; n + 1 < chain.size(); ++n)
        top->connect(chain[n], 0, chain[n + 1], 0);
    top->run();
    BOOST_TEST(sink->data().size() == 101 * bench::block_samples);
    for (const auto x : sink->data())
        BOOST_REQUIRE((std::isfinite(x) && std::abs(x) <= 1));
}

BOOST_AUTO_TEST_CASE(noise_is_silence)
{
    std::mt19937 rng(7);
    std::normal_distribution<float> normal;
    std::vector<gr_complex> noise(20 * 48000);
    for (auto& x : noise)
        x = { normal(rng), normal(rng) };
    for (std::size_t n = 0; n < noise.size(); n += 1001)
        noise[n] = { std::numeric_limits<float>::quiet_NaN(),
                     std::numeric_limits<float>::infinity() };
    auto sink = gr::blocks::vector_sink_f::make();
    auto status = gr::blocks::message_debug::make();
    auto top = gr::make_top_block("noise");
    auto demod = demodulator::make();
    auto opener = open::make({ "ours" }, false, bench::keys());
    auto decoder = voice_decoder::make();
    top->connect(gr::blocks::vector_source_c::make(noise), 0, demod, 0);
    top->connect(demod, 0, opener, 0);
    top->connect(opener, 0, decoder, 0);
    top->connect(decoder, 0, sink, 0);
    top->msg_connect(opener, "status", status, "store");
    top->run();
    BOOST_TEST(sink->data().empty());
    for (const auto& s : bench::stored(status))
        BOOST_TEST(bench::text(s, "kind") == "none");
}

BOOST_AUTO_TEST_SUITE_END()

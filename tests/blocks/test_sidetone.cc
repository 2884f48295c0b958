/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include "../core/chain/tone_search.h"

#include <gnuradio/securevoice/sidetone.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace gr::securevoice;
using ::securevoice::coded_frame;
using ::securevoice::kind;

namespace {

constexpr double full_scale = 32768;

/*! A transmission's frames: blocks s secure, c clear. */
std::vector<coded_frame> transmission(const std::string& kinds)
{
    std::vector<coded_frame> frames(1);
    frames[0].what = coded_frame::type::start;
    for (const auto k : kinds) {
        coded_frame frame;
        frame.kind = k == 's' ? kind::secure : kind::clear;
        frames.push_back(frame);
    }
    frames.emplace_back();
    frames.back().what = coded_frame::type::closing;
    return frames;
}

std::vector<float> hear(const std::vector<coded_frame>& frames)
{
    auto top = gr::make_top_block("sidetone");
    auto tone = sidetone::make();
    auto sink = gr::blocks::vector_sink_f::make();
    top->connect(bench::record_source(frames), 0, tone, 0);
    top->connect(tone, 0, sink, 0);
    top->run();
    return sink->data();
}

} // namespace

BOOST_AUTO_TEST_SUITE(sidetones)

BOOST_AUTO_TEST_CASE(a_tone_for_clear_and_silence_for_secure)
{
    const auto sound = hear(
        transmission(std::string(10, 's') + std::string(70, 'c') + std::string(5, 's')));
    BOOST_REQUIRE(sound.size() == 85 * bench::block_samples);
    for (std::size_t n = 0; n < sound.size(); ++n) {
        const auto clear =
            n >= 10 * bench::block_samples && n < 80 * bench::block_samples;
        if (!clear)
            BOOST_REQUIRE(sound[n] == 0.0f);
        BOOST_REQUIRE(std::abs(sound[n]) < 0.3f);
    }
    BOOST_TEST(tone_search::warns_at(sound, 10 * bench::block_samples, full_scale));
    BOOST_TEST(
        tone_search::warns_at(sound, 10 * bench::block_samples + 40000, full_scale));
}

BOOST_AUTO_TEST_CASE(no_blocks_no_samples)
{
    BOOST_TEST(hear(transmission("")).empty());
    std::vector<coded_frame> aborted(2);
    aborted[0].what = coded_frame::type::start;
    aborted[1].what = coded_frame::type::abort;
    BOOST_TEST(hear(aborted).empty());
}

BOOST_AUTO_TEST_CASE(the_seal_tells_it_what_was_sent)
{
    // A whole call in clear, and one that only asked for it.
    for (const bool clear : { true, false }) {
        auto top = gr::make_top_block("tap");
        auto encoder = voice_encoder::make();
        auto sealer = seal::make(
            "ours", "3200", "narrow", clear ? "clear" : "secure", true, bench::keys());
        if (!clear) // which the encoder does not mark
            sealer->set_kind("clear");
        auto tone = sidetone::make();
        auto sink = gr::blocks::vector_sink_f::make();
        auto mod = modulator::make();
        auto iq = gr::blocks::vector_sink_c::make();
        top->connect(
            gr::blocks::vector_source_f::make(bench::speech(6400)), 0, encoder, 0);
        top->connect(encoder, 0, sealer, 0);
        top->connect(sealer, 0, mod, 0);
        top->connect(sealer, 0, tone, 0);
        top->connect(mod, 0, iq, 0);
        top->connect(tone, 0, sink, 0);
        top->run();
        const auto sound = sink->data();
        BOOST_REQUIRE(sound.size() == 13 * bench::block_samples); // with END twice more
        BOOST_TEST(tone_search::warns_at(sound, 0, full_scale) == clear);
        if (!clear)
            BOOST_TEST(std::all_of(
                sound.begin(), sound.end(), [](float x) { return x == 0.0f; }));
    }
}

BOOST_AUTO_TEST_SUITE_END()

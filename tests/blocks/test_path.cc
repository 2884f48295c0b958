/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include "core/chain/speech_encoder.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace gr::securevoice;
using bench::keys;

namespace {

/*! A call through all blocks, without a channel. */
struct call {
    call(const std::string& codec,
         const std::vector<std::string>& receiver_keys,
         double sample_rate = 48000,
         const std::string& kind = "secure",
         bool secure_only = false)
    {
        auto top = gr::make_top_block("call");
        auto encoder = voice_encoder::make(codec);
        auto sealer = seal::make("ours", codec, "narrow", kind, true, keys());
        auto mod = modulator::make(sample_rate);
        auto demod = demodulator::make(sample_rate);
        auto call_receiver = open::make(receiver_keys, secure_only, keys(), true);
        auto decoder = voice_decoder::make();
        auto source = gr::blocks::vector_source_f::make(speech);
        auto spoken_sink = bench::record_sink<::securevoice::spoken_block>();
        auto heard_sink = bench::record_sink<::securevoice::heard_block>();
        auto audio_sink = gr::blocks::vector_sink_f::make();
        auto iq_sink = gr::blocks::vector_sink_c::make();
        auto tx_debug = gr::blocks::message_debug::make();
        auto rx_debug = gr::blocks::message_debug::make();
        auto symbol_debug = gr::blocks::message_debug::make();
        top->connect(source, 0, encoder, 0);
        top->connect(encoder, 0, sealer, 0);
        top->connect(encoder, 0, spoken_sink, 0);
        top->connect(sealer, 0, mod, 0);
        top->connect(mod, 0, demod, 0);
        top->connect(mod, 0, iq_sink, 0);
        top->connect(demod, 0, call_receiver, 0);
        top->connect(call_receiver, 0, decoder, 0);
        top->connect(call_receiver, 0, heard_sink, 0);
        top->connect(decoder, 0, audio_sink, 0);
        top->msg_connect(sealer, "status", tx_debug, "store");
        top->msg_connect(call_receiver, "status", rx_debug, "store");
        top->msg_connect(demod, "symbols", symbol_debug, "store");
        top->run();
        spoken = bench::records<::securevoice::spoken_block>(spoken_sink);
        heard = bench::records<::securevoice::heard_block>(heard_sink);
        audio = audio_sink->data();
        iq = iq_sink->data();
        tags = iq_sink->tags();
        sent_status = bench::stored(tx_debug);
        heard_status = bench::stored(rx_debug);
        symbols = bench::stored(symbol_debug);
    }

    std::vector<float> speech = bench::speech(40 * bench::block_samples);
    std::vector<::securevoice::spoken_block> spoken;
    std::vector<::securevoice::heard_block> heard;
    std::vector<float> audio;
    std::vector<gr_complex> iq;
    std::vector<gr::tag_t> tags;
    std::vector<pmt::pmt_t> sent_status, heard_status, symbols;
};

std::vector<::securevoice::voice_field> voices(const call& c, bool sent)
{
    std::vector<::securevoice::voice_field> all;
    if (sent) {
        for (const auto& s : c.spoken)
            if (s.flags & ::securevoice::spoken_block::voice_present)
                all.push_back(s.voice);
    } else {
        for (const auto& h : c.heard)
            if (h.what == ::securevoice::heard_block::action::play)
                all.push_back(h.voice);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(path)

BOOST_AUTO_TEST_CASE(every_codec_arrives_whole)
{
    for (const auto& codec : codec_names()) {
        const call c(codec, { "theirs", "ours" });
        BOOST_TEST_CONTEXT(codec)
        {
            BOOST_TEST(voices(c, true).size() ==
                       41u); // 40, and the one that release begins
            BOOST_TEST((voices(c, true) == voices(c, false)));
            BOOST_TEST(c.audio.size() == 41 * bench::block_samples);
            BOOST_TEST(*std::max_element(c.audio.begin(), c.audio.end()) > 0.05f);
            for (const auto& h : c.heard)
                BOOST_TEST((h.kind == ::securevoice::kind::secure ||
                            h.what != ::securevoice::heard_block::action::play));
        }
    }
}

BOOST_AUTO_TEST_CASE(status_of_both_sides)
{
    const call c("3200", { "ours" });
    BOOST_REQUIRE(!c.sent_status.empty());
    BOOST_TEST(bench::text(c.sent_status.front(), "state") == "sending");
    BOOST_TEST(bench::text(c.sent_status.front(), "kind") == "none"); // no block yet
    const auto sent = c.sent_status.back();
    BOOST_TEST(bench::text(sent, "state") == "idle");
    BOOST_TEST(bench::text(sent, "kind") == "none");
    BOOST_TEST(bench::text(sent, "key_name") == "ours");
    BOOST_TEST(bench::number(sent, "secure_blocks") == 43); // 41 and END twice more
    BOOST_TEST(bench::number(sent, "clear_blocks") == 0);
    BOOST_TEST(bench::number(sent, "number") == 42);
    BOOST_TEST(c.sent_status.size() <= 4 + 43 / 6u);

    BOOST_REQUIRE(c.heard_status.size() > 3u);
    const auto middle = c.heard_status[c.heard_status.size() / 2];
    BOOST_TEST(bench::text(middle, "state") == "secure");
    BOOST_TEST(bench::text(middle, "kind") == "secure");
    BOOST_TEST(bench::text(middle, "key_name") == "ours");
    BOOST_TEST(bench::text(middle, "codec") == "3200");
    BOOST_TEST(bench::number(middle, "cn0") > 50);
    BOOST_TEST(std::abs(bench::number(middle, "offset_hz")) < 1);
    const auto heard = c.heard_status.back();
    BOOST_TEST(bench::text(heard, "state") == "ended");
    BOOST_TEST(bench::text(heard, "kind") == "none");
    BOOST_TEST(bench::number(heard, "heard") == 41);
    BOOST_TEST(bench::number(heard, "lost") == 0);
    BOOST_TEST(bench::number(heard, "refused") == 0);
    BOOST_TEST(c.heard_status.size() <= 5 + 45 * 0.08 / 0.5);
}

BOOST_AUTO_TEST_CASE(symbols_are_qpsk)
{
    const call c("1300", { "ours" });
    BOOST_REQUIRE(c.symbols.size() >= 43u);
    const auto points = pmt::c32vector_elements(pmt::cdr(c.symbols[20]));
    BOOST_REQUIRE(points.size() == ::securevoice::data_symbols);
    for (const auto& p : points) {
        BOOST_TEST(std::abs(std::abs(p.real()) - M_SQRT1_2) < 0.15);
        BOOST_TEST(std::abs(std::abs(p.imag()) - M_SQRT1_2) < 0.15);
    }
}

BOOST_AUTO_TEST_CASE(tags_mark_the_burst)
{
    const call c("3200", { "ours" }, 100000);
    BOOST_REQUIRE(c.tags.size() == 2u);
    const auto find = [&](const char* key) {
        return std::find_if(c.tags.begin(), c.tags.end(), [&](const auto& t) {
            return pmt::eq(t.key, pmt::mp(key));
        });
    };
    BOOST_REQUIRE((find("tx_sob") != c.tags.end() && find("tx_eob") != c.tags.end()));
    BOOST_TEST(find("tx_sob")->offset == 0u);
    BOOST_TEST(find("tx_eob")->offset == c.iq.size() - 1);
    BOOST_TEST(pmt::eq(find("tx_sob")->value, pmt::PMT_T));
    BOOST_TEST(pmt::eq(find("tx_eob")->value, pmt::PMT_T));
    double power = 0;
    for (const auto& x : c.iq)
        power += std::norm(x) / static_cast<double>(c.iq.size());
    BOOST_TEST(std::abs(power - 1) < 0.05);
    BOOST_TEST(voices(c, false).size() == 41u);
}

BOOST_AUTO_TEST_CASE(wrong_key_hears_nothing)
{
    for (const std::vector<std::string>& held :
         { std::vector<std::string>{ "theirs" }, {} }) {
        const call c("3200", held);
        BOOST_TEST(c.audio.empty());
        BOOST_TEST(voices(c, false).empty());
        BOOST_REQUIRE(!c.heard_status.empty());
        BOOST_TEST(bench::text(c.heard_status.back(), "kind") == "encrypted-no-key");
        BOOST_TEST(bench::number(c.heard_status.back(), "heard") == 0);
        for (const auto& status : c.heard_status)
            BOOST_TEST(bench::text(status, "key_name").empty());
    }
}

BOOST_AUTO_TEST_CASE(secure_only_refuses_clear)
{
    const call heard("3200", { "ours" }, 48000, "clear");
    BOOST_TEST(voices(heard, false).size() > 30u);
    BOOST_TEST(bench::text(heard.heard_status[heard.heard_status.size() / 2], "kind") ==
               "clear");
    const call refused("3200", { "ours" }, 48000, "clear", true);
    BOOST_TEST(voices(refused, false).empty());
    BOOST_TEST(bench::number(refused.heard_status.back(), "refused") > 30);
}

BOOST_AUTO_TEST_SUITE_END()

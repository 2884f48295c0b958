/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <gnuradio/blocks/head.h>
#include <codec2/codec2.h>
#include <boost/test/unit_test.hpp>

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <random>

using namespace gr::securevoice;

namespace {
std::atomic<bool> no_vocoder{ false };
}

/*! In the place of libcodec2's: there is no memory for a vocoder while no_vocoder is
 * set. */
__attribute__((visibility("default"))) struct CODEC2* codec2_create(int mode)
{
    static const auto real =
        reinterpret_cast<struct CODEC2* (*)(int)>(dlsym(RTLD_NEXT, "codec2_create"));
    return no_vocoder ? nullptr : real(mode);
}

namespace {

constexpr std::size_t frame_samples = 3840; // of IQ at 48000/s
constexpr std::size_t tail_samples = 480;   // at most: the filters' after a burst

/*! A running transmitter whose speech is handed out block by block. */
class sender
{
public:
    sender()
        : speech(gnuradio::make_block_sptr<bench::paced_speech>(
              bench::speech(60 * bench::block_samples))),
          encoder(voice_encoder::make()),
          sealer(seal::make("ours", "3200", "narrow", "secure", true, bench::keys())),
          mod(modulator::make()),
          sealed(bench::record_sink<::securevoice::coded_frame>()),
          iq(gr::blocks::vector_sink_c::make()),
          status(gr::blocks::message_debug::make()),
          top(gr::make_top_block("sender"))
    {
        top->connect(speech, 0, encoder, 0);
        top->connect(encoder, 0, sealer, 0);
        top->connect(sealer, 0, sealed, 0);
        top->connect(sealer, 0, mod, 0);
        top->connect(mod, 0, iq, 0);
        top->msg_connect(sealer, "status", status, "store");
        top->start();
    }
    ~sender() { end(); }

    void end()
    {
        speech->end();
        top->wait();
    }
    /*! Speaks so many blocks and waits until they are on the air. */
    void speak(std::size_t blocks)
    {
        speech->allow(blocks);
        spoken += blocks;
        BOOST_REQUIRE(bench::eventually(
            [&] { return iq->data().size() >= (1 + spoken) * frame_samples; }));
    }
    void post(const pmt::pmt_t& message)
    {
        encoder->_post(pmt::mp("conf"), message);
        sealer->_post(pmt::mp("conf"), message);
    }
    /*! Number of reports of a state, with or without an error. */
    std::size_t reports(const std::string& state, const std::string& error = "") const
    {
        const auto all = bench::stored(status);
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [&](const auto& s) {
                return bench::text(s, "state") == state &&
                       bench::text(s, "error") == error;
            }));
    }
    std::vector<::securevoice::coded_frame> frames() const
    {
        return bench::records<::securevoice::coded_frame>(sealed);
    }
    /*! True if the samples end with what was spoken and the last has the tag of the
     * end. */
    bool silent_after_what_was_spoken() const
    {
        const auto size = iq->data().size();
        const auto tags = iq->tags();
        return size <= (1 + spoken) * frame_samples + tail_samples && tags.size() == 2 &&
               pmt::eq(tags.back().key, pmt::mp("tx_eob")) &&
               tags.back().offset == size - 1;
    }

    std::size_t spoken = 0;
    std::shared_ptr<bench::paced_speech> speech;
    voice_encoder::sptr encoder;
    seal::sptr sealer;
    modulator::sptr mod;
    gr::blocks::vector_sink_b::sptr sealed;
    gr::blocks::vector_sink_c::sptr iq;
    gr::blocks::message_debug::sptr status;
    gr::top_block_sptr top;
};

const std::string wiped = "the keys were wiped: load them again";
const auto zeroize = pmt::cons(pmt::mp("zeroize"), pmt::PMT_T);

pmt::pmt_t ptt(bool pressed)
{
    return pmt::cons(pmt::mp("ptt"), pmt::from_bool(pressed));
}

} // namespace

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(without_a_vocoder_no_sample_more_and_nothing_in_clear)
{
    sender s;
    s.speak(10);
    no_vocoder = true; // which `clear` wants a new one of
    s.post(pmt::cons(pmt::mp("kind"), pmt::mp("clear")));
    bench::let_messages_come();
    s.spoken +=
        30; // of 50 more: the command waits for 0.2 s, and what this machine takes
    s.end();
    no_vocoder = false;
    BOOST_TEST(s.silent_after_what_was_spoken());
    for (const auto& f : s.frames())
        BOOST_TEST((f.kind != ::securevoice::kind::clear));
}

BOOST_AUTO_TEST_CASE(zeroize_in_mid_call)
{
    for (const std::string how : { "message", "method", "seal alone", "encoder alone" }) {
        BOOST_TEST_CONTEXT(how)
        {
            sender s;
            s.speak(10);
            if (how == "message")
                s.post(zeroize);
            if (how == "method" || how == "seal alone")
                s.sealer->zeroize();
            if (how == "method" || how == "encoder alone")
                s.encoder->zeroize();
            if (how == "encoder alone")
                BOOST_REQUIRE(bench::eventually([&] { return s.reports("idle") == 1; }));
            else
                BOOST_REQUIRE(
                    bench::eventually([&] { return s.reports("zeroized") == 1; }));
            s.end(); // speaks 50 blocks more
            BOOST_TEST(s.silent_after_what_was_spoken());
            BOOST_TEST(bench::text(bench::stored(s.status).back(), "key_name").empty() ==
                       (how != "encoder alone"));
        }
    }
}

BOOST_AUTO_TEST_CASE(after_zeroize_calls_are_refused)
{
    sender s;
    s.speak(5);
    s.post(zeroize);
    for (std::size_t over = 1; over <= 2; ++over) {
        s.post(ptt(true));
        bench::let_messages_come();
        s.speech->allow(10); // 0.5 s at most may have been captured before
        BOOST_REQUIRE(
            bench::eventually([&] { return s.reports("zeroized", wiped) == over; }));
        s.post(ptt(false));
    }
    BOOST_CHECK_THROW(s.sealer->set_kind("secure"), std::runtime_error);
    s.end();
    BOOST_TEST(s.silent_after_what_was_spoken());
    for (const auto& f : s.frames())
        BOOST_TEST((f.kind != ::securevoice::kind::clear));
}

BOOST_AUTO_TEST_CASE(after_zeroize_clear_has_to_be_asked_for)
{
    sender s;
    s.speak(5);
    s.post(zeroize);
    s.post(pmt::cons(pmt::mp("kind"), pmt::mp("clear")));
    s.post(ptt(true));
    bench::let_messages_come();
    s.speech->allow(
        30); // 0.2 s and what this machine takes may have been captured before
    BOOST_REQUIRE(bench::eventually([&] {
        const auto frames = s.frames();
        return std::count_if(frames.begin(), frames.end(), [](const auto& f) {
                   return f.kind == ::securevoice::kind::clear;
               }) >= 5;
    }));
    BOOST_TEST((s.frames().back().kind == ::securevoice::kind::clear));
    s.post(zeroize); // again, in that call
    BOOST_REQUIRE(bench::eventually([&] {
        return s.frames().back().what == ::securevoice::coded_frame::type::abort;
    }));
    const auto size = s.frames().size();
    s.end();
    BOOST_TEST(s.frames().size() <= size + 1); // the encoder's own abort
}

BOOST_AUTO_TEST_CASE(a_lost_device_ends_the_flowgraph)
{
    auto top = gr::make_top_block("lost");
    auto speech = gnuradio::make_block_sptr<bench::paced_speech>(bench::speech(64000));
    auto encoder = voice_encoder::make();
    auto sealer = seal::make("ours", "3200", "narrow", "secure", false, bench::keys());
    auto mod = modulator::make();
    auto device = gr::blocks::head::make(sizeof(gr_complex), 10000); // then it is gone
    auto iq = gr::blocks::vector_sink_c::make();
    const std::vector<gr::basic_block_sptr> chain = { speech, encoder, sealer,
                                                      mod,    device,  iq };
    for (std::size_t n = 0; n + 1 < chain.size(); ++n)
        top->connect(chain[n], 0, chain[n + 1], 0);
    speech->end();
    top->run(); // ends
    BOOST_TEST(iq->data().size() == 10000u);
}

BOOST_AUTO_TEST_CASE(a_flowgraph_stopped_in_mid_call_begins_a_new_one)
{
    sender s;
    s.speak(5);
    s.top->stop();
    s.speech->allow(1); // it waits for that
    s.top->wait();
    const auto first = s.frames();
    s.top->start();
    s.speech->allow(5);
    BOOST_REQUIRE(
        bench::eventually([&] { return s.frames().size() >= first.size() + 5; }));
    const auto all = s.frames();
    s.end();
    const auto begun = std::find_if(
        all.begin() + static_cast<long>(first.size()), all.end(), [](const auto& f) {
            return f.what == ::securevoice::coded_frame::type::start;
        });
    BOOST_REQUIRE((begun != all.end()));
    BOOST_TEST(std::distance(all.begin(), begun) <= static_cast<long>(first.size()) + 1);
    BOOST_TEST((begun->bits != first.front().bits)); // another salt
    BOOST_TEST(s.reports("failed") == 0u);
    const auto frames = s.frames();
    BOOST_TEST((frames.back().what == ::securevoice::coded_frame::type::closing));
}

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
    auto call_receiver = open::make({ "ours" }, false, bench::keys(), true);
    auto decoder = voice_decoder::make();
    const std::vector<gr::basic_block_sptr> chain = { gr::blocks::vector_source_f::make(
                                                          speech),
                                                      encoder,
                                                      sealer,
                                                      mod,
                                                      demod,
                                                      call_receiver,
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
    auto call_receiver = open::make({ "ours" }, false, bench::keys(), true);
    auto decoder = voice_decoder::make();
    top->connect(gr::blocks::vector_source_c::make(noise), 0, demod, 0);
    top->connect(demod, 0, call_receiver, 0);
    top->connect(call_receiver, 0, decoder, 0);
    top->connect(decoder, 0, sink, 0);
    top->msg_connect(call_receiver, "status", status, "store");
    top->run();
    BOOST_TEST(sink->data().empty());
    for (const auto& s : bench::stored(status))
        BOOST_TEST(bench::text(s, "kind") == "none");
}

BOOST_AUTO_TEST_SUITE_END()

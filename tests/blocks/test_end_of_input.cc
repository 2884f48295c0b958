/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <gnuradio/blocks/null_sink.h>
#include <boost/test/unit_test.hpp>

#include <time.h>

using namespace gr::securevoice;
using bench::keys;

namespace {

double cpu_seconds()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void connect(const gr::top_block_sptr& top,
             const std::vector<gr::basic_block_sptr>& chain)
{
    for (std::size_t n = 0; n + 1 < chain.size(); ++n)
        top->connect(chain[n], 0, chain[n + 1], 0);
}

template <typename Record>
std::vector<Record> run(const gr::basic_block_sptr& source,
                        const std::vector<gr::basic_block_sptr>& chain)
{
    auto top = gr::make_top_block("end");
    auto sink = bench::record_sink<Record>();
    auto last = source;
    for (const auto& block : chain) {
        top->connect(last, 0, block, 0);
        last = block;
    }
    top->connect(last, 0, sink, 0);
    top->run();
    return bench::records<Record>(sink);
}

/*! IQ of one call from `ours`. */
std::vector<gr_complex> call(std::size_t blocks)
{
    auto top = gr::make_top_block("call");
    auto sink = gr::blocks::vector_sink_c::make();
    connect(
        top,
        { gr::blocks::vector_source_f::make(bench::speech(blocks * bench::block_samples)),
          voice_encoder::make(),
          seal::make("ours", "3200", "narrow", "secure", false, keys()),
          modulator::make(),
          sink });
    top->run();
    return sink->data();
}

} // namespace

BOOST_AUTO_TEST_SUITE(end_of_input)

BOOST_AUTO_TEST_CASE(speech_encoder_marks_the_last_block)
{
    using ::securevoice::spoken_block;
    for (const std::size_t samples :
         { std::size_t(1), std::size_t(639), std::size_t(641), std::size_t(20000) }) {
        const auto blocks =
            run<spoken_block>(gr::blocks::vector_source_f::make(bench::speech(samples)),
                              { voice_encoder::make() });
        BOOST_REQUIRE(blocks.size() == 2 + (samples - 1) / bench::block_samples);
        BOOST_TEST((blocks.front().flags & spoken_block::start) != 0);
        for (std::size_t n = 1; n < blocks.size(); ++n)
            BOOST_TEST(((blocks[n].flags & spoken_block::end) != 0) ==
                       (n + 1 == blocks.size()));
    }
    BOOST_TEST(run<spoken_block>(gr::blocks::vector_source_f::make({}),
                                 { voice_encoder::make() })
                   .empty());
    BOOST_TEST(run<spoken_block>(gr::blocks::vector_source_f::make(bench::speech(20000)),
                                 { voice_encoder::make("3200", false) })
                   .empty());
}

BOOST_AUTO_TEST_CASE(frames_end_with_the_closing_word)
{
    using ::securevoice::coded_frame;
    const auto frames = run<coded_frame>(
        gr::blocks::vector_source_f::make(bench::speech(6400)),
        { voice_encoder::make(),
          seal::make("ours", "3200", "narrow", "secure", false, keys()) });
    BOOST_REQUIRE(frames.size() == 1 + 11 + 2 + 1u);
    BOOST_TEST((frames.front().what == coded_frame::type::start));
    BOOST_TEST((frames.back().what == coded_frame::type::closing));
    for (std::size_t n = 1; n + 1 < frames.size(); ++n) {
        BOOST_TEST((frames[n].what == coded_frame::type::block));
        BOOST_TEST(frames[n].number == n - 1);
    }
}

BOOST_AUTO_TEST_CASE(a_burst_without_its_end_is_closed)
{
    using ::securevoice::coded_frame;
    auto frames = run<coded_frame>(
        gr::blocks::vector_source_f::make(bench::speech(6400)),
        { voice_encoder::make(),
          seal::make("ours", "3200", "narrow", "secure", false, keys()) });
    frames.resize(5);
    auto top = gr::make_top_block("cut");
    auto sink = gr::blocks::vector_sink_c::make();
    auto mod = modulator::make();
    top->connect(bench::record_source(frames), 0, mod, 0);
    top->connect(mod, 0, sink, 0);
    top->run();
    const auto tags = sink->tags();
    BOOST_REQUIRE(tags.size() == 2u);
    BOOST_TEST(pmt::eq(tags[1].key, pmt::mp("tx_eob")));
    BOOST_TEST(tags[1].offset == sink->data().size() - 1);
    BOOST_TEST(sink->data().size() > 5 * 3840u);
    BOOST_TEST(sink->data().size() < 6 * 3840u);
}

BOOST_AUTO_TEST_CASE(waiting_costs_no_computing_time)
{
    auto speech = gnuradio::make_block_sptr<bench::paced_speech>(bench::speech(64000));
    auto encoder = voice_encoder::make();
    auto sealer = seal::make("ours", "3200", "narrow", "secure", false, keys());
    auto mod = modulator::make();
    auto demod = demodulator::make();
    auto call_receiver = open::make({ "ours" }, false, keys(), true);
    auto decoder = voice_decoder::make();
    auto sink = gr::blocks::null_sink::make(sizeof(float));
    auto top = gr::make_top_block("idle");
    connect(top, { speech, encoder, sealer, mod, demod, call_receiver, decoder, sink });
    speech->allow(5);
    top->start();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const double before = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    BOOST_TEST(cpu_seconds() - before < 0.1);
    speech->end();
    top->wait();
}

BOOST_AUTO_TEST_CASE(a_flowgraph_can_run_again)
{
    auto source = gr::blocks::vector_source_f::make(bench::speech(6400));
    auto encoder = voice_encoder::make();
    auto sink = bench::record_sink<::securevoice::spoken_block>();
    auto top = gr::make_top_block("twice");
    top->connect(source, 0, encoder, 0);
    top->connect(encoder, 0, sink, 0);
    top->run();
    const auto once = sink->data().size();
    source->rewind();
    top->run(); // push-to-talk is pressed, as at the beginning
    BOOST_TEST(sink->data().size() == 2 * once);
}

BOOST_AUTO_TEST_CASE(a_receiver_hears_the_call_after_the_end_of_its_input)
{
    constexpr std::size_t blocks = 10;
    auto source = gr::blocks::vector_source_c::make(call(blocks));
    auto call_receiver = open::make({ "ours" }, false, keys(), true);
    auto status = gr::blocks::message_debug::make();
    auto sink = gr::blocks::vector_sink_f::make();
    auto top = gr::make_top_block("twice");
    connect(top,
            { source, demodulator::make(), call_receiver, voice_decoder::make(), sink });
    top->msg_connect(call_receiver, "status", status, "store");
    double newest = 0;
    for (std::size_t run = 1; run <= 3; ++run) {
        BOOST_TEST_CONTEXT("run " << run)
        {
            top->run();
            BOOST_TEST(sink->data().size() == run * (blocks + 1) * bench::block_samples);
            const auto last = bench::stored(status).back();
            BOOST_TEST(bench::text(last, "state") == "ended");
            BOOST_TEST(bench::number(last, "heard") == run * (blocks + 1.0));
            BOOST_TEST(bench::number(last, "time") >
                       newest); // one time line for all rules
            newest = bench::number(last, "time");
            source->set_data(call(blocks));
            source->rewind();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_receiver_stopped_in_mid_call_hears_the_next_one)
{
    auto cut = call(20);
    cut.resize(40000);
    auto source = gr::blocks::vector_source_c::make(cut);
    auto call_receiver = open::make({ "ours" }, false, keys(), true);
    auto sink = gr::blocks::vector_sink_f::make();
    auto top = gr::make_top_block("twice");
    connect(top,
            { source, demodulator::make(), call_receiver, voice_decoder::make(), sink });
    top->run();
    const auto first = sink->data().size();
    BOOST_TEST(first > 4 * bench::block_samples);
    BOOST_TEST(first < 12 * bench::block_samples);
    source->set_data(call(20));
    source->rewind();
    top->run();
    BOOST_TEST(sink->data().size() == first + 21 * bench::block_samples);
}

BOOST_AUTO_TEST_SUITE_END()

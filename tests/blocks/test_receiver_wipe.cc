/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <gnuradio/block_detail.h>
#include <gnuradio/buffer.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace gr::securevoice;
using bench::keys;
using ::securevoice::heard_block;
using ::securevoice::soft_frame;

namespace {

/*! Takes nothing until it is opened, as a loudspeaker that was stopped. */
class stopped_sink : public gr::sync_block
{
public:
    stopped_sink()
        : gr::sync_block(
              "stopped_sink",
              gr::io_signature::make(1, 1, static_cast<int>(item_octets<heard_block>)),
              gr::io_signature::make(0, 0, 0))
    {
    }
    void open()
    {
        const std::lock_guard lock(d_mutex);
        d_open = true;
        d_changed.notify_all();
    }
    int
    work(int count, gr_vector_const_void_star& input_items, gr_vector_void_star&) override
    {
        std::unique_lock lock(d_mutex);
        d_changed.wait(lock, [this] { return d_open; });
        const auto* in = static_cast<const std::uint8_t*>(input_items[0]);
        for (int n = 0; n < count; ++n) {
            heard_block heard;
            std::memcpy(&heard,
                        in + static_cast<std::size_t>(n) * item_octets<heard_block>,
                        sizeof heard);
            d_played += heard.what == heard_block::action::play ? 1 : 0;
        }
        return count;
    }
    std::size_t played()
    {
        const std::lock_guard lock(d_mutex);
        return d_played;
    }

private:
    std::mutex d_mutex;
    std::condition_variable d_changed;
    bool d_open = false;
    std::size_t d_played = 0;
};

/*! A call of 20 blocks and the one that release begins, without its header: its first
 * blocks are decrypted together, once the pieces in them give it. */
std::vector<soft_frame> without_header()
{
    auto top = gr::make_top_block("call");
    auto source =
        gr::blocks::vector_source_f::make(bench::speech(20 * bench::block_samples));
    auto encoder = voice_encoder::make("3200");
    auto sealer = seal::make("ours", "3200", "narrow", "secure", false, keys());
    auto mod = modulator::make();
    auto demod = demodulator::make();
    auto sink = bench::record_sink<soft_frame>();
    top->connect(source, 0, encoder, 0);
    top->connect(encoder, 0, sealer, 0);
    top->connect(sealer, 0, mod, 0);
    top->connect(mod, 0, demod, 0);
    top->connect(demod, 0, sink, 0);
    top->run();
    auto frames = bench::records<soft_frame>(sink);
    for (auto& f : frames)
        if (f.what == soft_frame::type::start)
            f.llr.fill(0);
    return frames;
}

/*! What comes out of a receiver that was stopped with decrypted blocks inside. */
struct stopped_receiver {
    explicit stopped_receiver(bool wiped)
    {
        auto top = gr::make_top_block("receiver");
        auto call_receiver = open::make({ "ours" }, false, keys(), true);
        auto sink = gnuradio::make_block_sptr<stopped_sink>();
        auto status = gr::blocks::message_debug::make();
        top->connect(bench::record_source(without_header()), 0, call_receiver, 0);
        top->connect(call_receiver, 0, sink, 0);
        top->msg_connect(call_receiver, "status", status, "store");
        top->start();
        const auto heard = [&] {
            const auto all = bench::stored(status);
            return all.empty() ? 0.0 : bench::number(all.back(), "heard");
        };
        BOOST_REQUIRE(bench::eventually([&] { return heard() > 0; }));
        decrypted = static_cast<std::size_t>(heard());
        room = static_cast<std::size_t>(call_receiver->detail()->output(0)->bufsize());
        if (wiped) {
            const auto before = bench::stored(status).size();
            call_receiver->_post(pmt::mp("conf"),
                                 pmt::cons(pmt::mp("zeroize"), pmt::PMT_T));
            BOOST_REQUIRE(
                bench::eventually([&] { return bench::stored(status).size() > before; }));
        }
        sink->open();
        top->wait();
        played = sink->played();
    }

    std::size_t decrypted = 0; // when the first ones were
    std::size_t room = 0;      // records that were handed on before the wipe, at most
    std::size_t played = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(receiver_wipe)

BOOST_AUTO_TEST_CASE(what_was_decrypted_and_not_handed_on_is_heard_no_more)
{
    const stopped_receiver wiped(true);
    BOOST_REQUIRE(wiped.decrypted > wiped.room);
    BOOST_TEST(wiped.played <= wiped.room);
    BOOST_TEST(stopped_receiver(false).played == 21u); // the control
}

BOOST_AUTO_TEST_SUITE_END()

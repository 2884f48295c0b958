/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <gnuradio/blocks/multiply_const.h>
#include <gnuradio/blocks/null_sink.h>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <memory>
#include <optional>

// Commands count from the moment at which they are given, whatever waits between the
// microphone and the Voice Encoder.

using namespace gr::securevoice;
using ::securevoice::spoken_block;

namespace {

using clock = std::chrono::steady_clock;
constexpr double rate = 8000;
constexpr long marks = 32000; // samples, 4 s: more than ever waits
/*! How much later than a sound card this test's microphone may be asked for the first
 * time. */
constexpr double granularity = 0.02;

double now()
{
    return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

void pause(double seconds)
{
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/*! Captures at 8000 samples/s whether it is read or not, as a sound server does; each
 * sample says its number. */
class microphone : public gr::sync_block
{
public:
    microphone()
        : gr::sync_block("microphone",
                         gr::io_signature::make(0, 0, 0),
                         gr::io_signature::make(1, 1, sizeof(float)))
    {
    }
    int work(int count,
             gr_vector_const_void_star&,
             gr_vector_void_star& output_items) override
    {
        if (d_begin == 0)
            d_begin = now();
        count = std::min(count, 80);
        const double ahead = d_begin + static_cast<double>(d_next + count) / rate - now();
        if (ahead > 0)
            pause(ahead);
        auto* out = static_cast<float*>(output_items[0]);
        for (int n = 0; n < count; ++n, ++d_next)
            out[n] = static_cast<float>(d_next % marks + 1) / 32768;
        return count;
    }
    /*! Time at which a sample was captured. */
    double time_of(long sample) const
    {
        return d_begin + static_cast<double>(sample) / rate;
    }
    /*! Number of the newest sample that says this. */
    long number_of(std::int16_t mark) const
    {
        const auto captured = static_cast<long>((now() - d_begin) * rate);
        return captured - ((captured - (mark - 1)) % marks + marks) % marks;
    }

private:
    std::atomic<double> d_begin{ 0 };
    long d_next = 0;
};

/*! Takes a block each 80 ms, or slower; begins late, or stalls once. */
class radio : public gr::sync_block
{
public:
    radio(
        const microphone& m, double late, double stall_at, double stall, double slowness)
        : gr::sync_block("radio",
                         gr::io_signature::make(1, 1, item_octets<spoken_block>),
                         gr::io_signature::make(0, 0, 0)),
          d_microphone(m),
          d_late(late),
          d_stall_at(stall_at),
          d_stall(stall),
          d_slowness(slowness)
    {
    }
    /*! Blocks on the air, with the time of their first and last sample of speech. */
    struct sent {
        spoken_block block;
        double first;
        double last;
    };
    std::vector<sent> all()
    {
        std::lock_guard lock(d_mutex);
        return d_all;
    }
    int work(int, gr_vector_const_void_star& input_items, gr_vector_void_star&) override
    {
        if (d_late > 0)
            pause(std::exchange(d_late, 0));
        if (d_begin == 0)
            d_begin = d_free = now();
        if (d_stall > 0 && now() - d_begin > d_stall_at) {
            pause(std::exchange(d_stall, 0));
            d_free = now();
        }
        sent s{ {}, 0, 0 };
        std::memcpy(&s.block, input_items[0], sizeof s.block);
        if (s.block.flags & spoken_block::voice_present) {
            pause(std::max(0.0, d_free - now()));
            d_free += 0.08 * d_slowness;
            for (const auto mark : s.block.speech)
                if (mark != 0) { // filled up after the release
                    s.last = d_microphone.time_of(d_microphone.number_of(mark));
                    s.first = s.first == 0 ? s.last : s.first;
                }
        }
        std::lock_guard lock(d_mutex);
        d_all.push_back(s);
        return 1;
    }

private:
    const microphone& d_microphone;
    double d_late, d_stall_at, d_stall, d_slowness;
    double d_begin = 0, d_free = 0;
    std::mutex d_mutex;
    std::vector<sent> d_all;
};

struct path {
    const char* name;
    double late, stall, slowness;
};
const std::vector<path> paths = {
    { "prompt", 0, 0, 1 },
    { "begins late", 2, 0, 1 },
    { "stalls for 1.5 s", 0, 1.5, 1 },
    { "stalls for 2.5 s", 0, 2.5, 1 },
    { "slow all the time", 0, 0, 1.25 },
};

/*! A microphone, what may stand between, a Voice Encoder and a radio, running. */
struct call {
    explicit call(const path& p, bool begin_in_fm, bool ptt = true)
        : name(p.name),
          mic(gnuradio::make_block_sptr<microphone>()),
          encoder(voice_encoder::make("3200", ptt, begin_in_fm)),
          air(gnuradio::make_block_sptr<radio>(*mic, p.late, 1.0, p.stall, p.slowness)),
          top(gr::make_top_block("call"))
    {
        auto gain = gr::blocks::multiply_const_ff::make(1); // one buffer more
        top->connect(mic, 0, gain, 0);
        top->connect(gain, 0, encoder, 0);
        top->connect(encoder, 0, air, 0);
        top->start();
    }
    ~call()
    {
        top->stop();
        top->wait();
    }
    std::string name;
    std::shared_ptr<microphone> mic;
    voice_encoder::sptr encoder;
    std::shared_ptr<radio> air;
    gr::top_block_sptr top;
};

std::vector<std::unique_ptr<call>> all_calls(bool begin_in_fm, bool ptt = true)
{
    std::vector<std::unique_ptr<call>> calls;
    for (const auto& p : paths)
        calls.push_back(std::make_unique<call>(p, begin_in_fm, ptt));
    return calls;
}

bool ended(call& c)
{
    const auto all = c.air->all();
    return !all.empty() && all.back().block.flags & spoken_block::end;
}

} // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(nothing_captured_before_a_command_is_marked_for_it)
{
    auto calls = all_calls(false);
    pause(5.0);
    const double given = now();
    for (auto& c : calls)
        c->encoder->set_kind("fm");
    const auto marked = [](call& c) {
        std::size_t count = 0;
        for (const auto& s : c.air->all())
            count += s.block.commanded != 0;
        return count;
    };
    for (auto& c : calls) // the control: it is obeyed
        BOOST_TEST(bench::eventually([&] { return marked(*c) > 3; }), c->name);
    for (auto& c : calls)
        for (const auto& s : c->air->all())
            if (s.block.commanded != 0) {
                BOOST_TEST((s.block.flags & spoken_block::analog) != 0);
                BOOST_TEST(s.first >= given, c->name << ": " << given - s.first << " s");
            }
    // Where nothing waits it is prompt: the margin, a block, and what a busy machine
    // adds.
    for (const auto& s : calls[0]->air->all())
        if (s.block.commanded != 0) {
            BOOST_TEST(s.first - given < 1.0);
            break;
        }
}

BOOST_AUTO_TEST_CASE(the_last_words_before_a_release_are_sent_whatever_stalls)
{
    auto calls = all_calls(true);
    pause(5.0);
    const double given = now();
    for (auto& c : calls)
        c->encoder->set_ptt(false);
    const double told = now();
    for (auto& c : calls) {
        BOOST_TEST(bench::eventually([&] { return ended(*c); }), c->name);
        const auto last = c->air->all().back();
        BOOST_TEST(last.last >= given - granularity,
                   c->name << ": " << given - last.last << " s are missing");
        BOOST_TEST(last.last <= told + 1.0,
                   c->name << ": " << last.last - told << " s too long");
        BOOST_TEST(last.first > 0, c->name);
    }
}

BOOST_AUTO_TEST_CASE(words_from_before_a_press_are_not_sent_whatever_stalls)
{
    auto calls = all_calls(true);
    pause(4.0);
    for (auto& c : calls)
        c->encoder->set_ptt(false);
    const double given = now();
    for (auto& c : calls)
        c->encoder->set_ptt(true);
    for (auto& c : calls) {
        std::optional<radio::sent> first;
        const auto begun = [&] {
            bool again = false;
            for (const auto& s : c->air->all()) {
                if (again && s.block.flags & spoken_block::voice_present) {
                    first = s;
                    return true;
                }
                again = again || s.block.flags & spoken_block::end;
            }
            return false;
        };
        BOOST_TEST_REQUIRE(bench::eventually(begun), c->name);
        BOOST_TEST(first->first >= given - granularity,
                   c->name << ": " << given - first->first << " s from before");
        BOOST_TEST(first->first < given + 1.0, c->name);
    }
}

BOOST_AUTO_TEST_CASE(a_release_does_not_wait_for_a_microphone_that_gives_nothing)
{
    auto speech = gnuradio::make_block_sptr<bench::paced_speech>(
        bench::speech(20 * bench::block_samples));
    auto encoder = voice_encoder::make();
    auto sink = bench::record_sink<spoken_block>();
    auto top = gr::make_top_block("hung");
    top->connect(speech, 0, encoder, 0);
    top->connect(encoder, 0, sink, 0);
    speech->allow(5);
    top->start();
    const auto blocks = [&] { return bench::records<spoken_block>(sink); };
    BOOST_REQUIRE(bench::eventually([&] { return blocks().size() == 6; }));
    encoder->set_ptt(false);
    BOOST_TEST(bench::eventually([&] { return blocks().size() == 7; }));
    BOOST_TEST((blocks().back().flags & spoken_block::end) != 0);
    speech->end();
    top->wait();
    BOOST_TEST(blocks().size() == 7u);
}

BOOST_AUTO_TEST_CASE(push_to_talk_times_out)
{
    for (const bool off : { false, true }) {
        auto encoder = voice_encoder::make("3200", true, false, off ? "off" : "2");
        auto sealer =
            seal::make("ours", "3200", "narrow", "secure", false, bench::keys());
        auto source =
            gr::blocks::vector_source_f::make(bench::speech(100 * bench::block_samples));
        auto sink = bench::record_sink<::securevoice::coded_frame>();
        auto status = gr::blocks::message_debug::make();
        auto top = gr::make_top_block("stuck");
        top->connect(source, 0, encoder, 0);
        top->connect(encoder, 0, sealer, 0);
        top->connect(sealer, 0, sink, 0);
        top->msg_connect(sealer, "status", status, "store");
        top->run();
        // Start frame, blocks, END twice more, closing word; 2 s are 25 blocks.
        BOOST_TEST(bench::records<::securevoice::coded_frame>(sink).size() ==
                   1 + (off ? 101u : 25u) + 2 + 1);
        const auto all = bench::stored(status);
        const bool told = std::any_of(all.begin(), all.end(), [](const auto& s) {
            return bench::text(s, "error").find("time-out") != std::string::npos;
        });
        BOOST_TEST(told == !off);
        source->rewind(); // a stuck button begins nothing in the next run either
        const auto before = sink->data().size();
        top->run();
        BOOST_TEST((sink->data().size() > before) == off);
    }
    BOOST_CHECK_THROW(voice_encoder::make("3200", true, false, "0"),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench.h"

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace gr::securevoice;
using ::securevoice::kind;

namespace {

/*! A running call whose speech is handed out block by block. */
class live_call
{
public:
    explicit live_call(bool allow_clear = true,
                       bool ptt = true,
                       bool allow_fm = false,
                       const std::string& kind = "secure")
        : speech(gnuradio::make_block_sptr<bench::paced_speech>(
              bench::speech(800 * bench::block_samples))),
          encoder(voice_encoder::make("3200", ptt, kind == "fm")),
          sealer(seal::make(
              "ours", "3200", "narrow", kind, allow_clear, bench::keys(), "", allow_fm)),
          sealed(bench::record_sink<::securevoice::coded_frame>()),
          heard(bench::record_sink<::securevoice::heard_block>()),
          status(gr::blocks::message_debug::make()),
          top(gr::make_top_block("live"))
    {
        auto mod = modulator::make();
        auto demod = demodulator::make();
        auto call_receiver = open::make({ "ours" }, false, bench::keys(), true);
        top->connect(speech, 0, encoder, 0);
        top->connect(encoder, 0, sealer, 0);
        top->connect(sealer, 0, sealed, 0);
        top->connect(sealer, 0, mod, 0);
        top->connect(mod, 0, demod, 0);
        top->connect(demod, 0, call_receiver, 0);
        top->connect(call_receiver, 0, heard, 0);
        top->msg_connect(sealer, "status", status, "store");
        top->start();
    }

    ~live_call()
    {
        speech->hang_up();
        top->wait();
    }

    /*! Speaks so many blocks and waits until they are sealed. */
    void speak(std::size_t blocks)
    {
        const auto size = gr::securevoice::coded_frame_size();
        const auto wanted = sealed->data().size() / size + blocks + (begun ? 0 : 1);
        begun = true;
        said += blocks;
        speech->allow(blocks);
        BOOST_REQUIRE(
            bench::eventually([&] { return sealed->data().size() / size >= wanted; }));
    }

    /*! Speaks until a block is sent so: `clear` and `fm` wait for speech that was
     * captured after them, 0.2 s and what this machine takes. \return blocks before it */
    std::size_t speak_until(::securevoice::coded_frame::type what, kind k)
    {
        for (std::size_t n = 0; n < 300; ++n) {
            speak(1);
            const auto last = bench::records<::securevoice::coded_frame>(sealed).back();
            if (last.what == what && last.kind == k)
                return n;
        }
        BOOST_FAIL("the command is not obeyed");
        return 0;
    }
    std::size_t speak_until_clear()
    {
        return speak_until(::securevoice::coded_frame::type::block, kind::clear);
    }

    /*! A message on both ports. */
    void post(const pmt::pmt_t& message)
    {
        encoder->_post(pmt::mp("conf"), message);
        sealer->_post(pmt::mp("conf"), message);
        bench::let_messages_come();
    }

    /*! Ends the call. \return what was heard: s, c or f for each block */
    std::string kinds()
    {
        speech->hang_up();
        top->wait();
        std::string all;
        for (const auto& h : bench::records<::securevoice::heard_block>(heard))
            if (h.what == ::securevoice::heard_block::action::play)
                all += h.kind == kind::secure  ? 's'
                       : h.kind == kind::clear ? 'c'
                       : h.kind == kind::fm    ? 'f'
                                               : '?';
        return all.substr(0,
                          said); // after which the rest of the speech is of no interest
    }

    std::size_t said = 0; // blocks
    bool begun = false;
    std::shared_ptr<bench::paced_speech> speech;
    voice_encoder::sptr encoder;
    seal::sptr sealer;
    gr::blocks::vector_sink_b::sptr sealed, heard;
    gr::blocks::message_debug::sptr status;
    gr::top_block_sptr top;
};

pmt::pmt_t pair(const char* key, const char* value)
{
    return pmt::cons(pmt::mp(key), pmt::mp(value));
}

pmt::pmt_t dict(const char* key, const pmt::pmt_t& value)
{
    return pmt::dict_add(pmt::make_dict(), pmt::mp(key), value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_switch)

/*! What is heard of 10 secure blocks, those that `clear` waited for, 10 clear and 10
 * secure ones. */
std::string there_and_back(std::size_t waited)
{
    BOOST_TEST(waited >= 2u); // 0.2 s
    return std::string(10 + waited, 's') + std::string(10, 'c') + std::string(10, 's');
}

BOOST_AUTO_TEST_CASE(messages_change_secure_at_once_and_clear_after_what_was_captured)
{
    live_call call;
    call.speak(10);
    call.post(pair("kind", "clear"));
    const auto waited = call.speak_until_clear();
    call.speak(9);
    call.post(dict("kind", pmt::mp("secure")));
    call.speak(10);
    BOOST_TEST(call.kinds() == there_and_back(waited));
}

BOOST_AUTO_TEST_CASE(setters_do_the_same)
{
    live_call call;
    call.speak(10);
    call.sealer->set_kind("clear");
    call.encoder->set_kind("clear");
    const auto waited = call.speak_until_clear();
    call.speak(9);
    call.sealer->set_kind("secure");
    call.encoder->set_kind("secure");
    call.speak(10);
    BOOST_TEST(call.kinds() == there_and_back(waited));
}

BOOST_AUTO_TEST_CASE(either_block_may_be_told_first)
{
    for (const bool encoder_first : { false, true }) {
        live_call call;
        call.speak(10);
        if (encoder_first)
            call.encoder->set_kind("clear");
        else
            call.sealer->set_kind("clear");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (encoder_first)
            call.sealer->set_kind("clear");
        else
            call.encoder->set_kind("clear");
        const auto waited = call.speak_until_clear();
        BOOST_TEST(call.kinds() == std::string(10 + waited, 's') + "c");
    }
}

BOOST_AUTO_TEST_CASE(without_the_encoders_mark_nothing_is_clear_and_that_is_told)
{
    live_call call;
    call.speak(10);
    call.sealer->set_kind("clear"); // without the encoder's mark
    call.speak(150);                // it may wait for 11 s
    const auto told = [&] {
        const auto all = bench::stored(call.status);
        return std::any_of(all.begin(), all.end(), [](const auto& s) {
            return bench::text(s, "error").find("same commands") != std::string::npos;
        });
    };
    BOOST_TEST(bench::eventually(told));
    call.encoder->set_kind("clear");
    const auto waited = call.speak_until_clear();
    BOOST_TEST(call.kinds() == std::string(160 + waited, 's') + "c");
}

BOOST_AUTO_TEST_CASE(without_the_sealers_command_nothing_is_clear_and_that_is_told)
{
    live_call call;
    call.speak(10);
    call.encoder->set_kind("clear");
    bench::let_messages_come();
    call.speak(60);
    const auto told = [&] {
        const auto all = bench::stored(call.status);
        return std::any_of(all.begin(), all.end(), [](const auto& s) {
            return bench::text(s, "error").find("not obeyed") != std::string::npos;
        });
    };
    BOOST_TEST(bench::eventually(told));
    BOOST_TEST(call.kinds() == std::string(70, 's'));
}

BOOST_AUTO_TEST_CASE(a_refused_command_changes_nothing_for_the_next_one)
{
    for (const bool fm_allowed : { false, true }) { // and clear is not
        live_call call(!fm_allowed, true, fm_allowed);
        call.speak(10);
        call.post(pair("kind", fm_allowed ? "clear" : "fm"));
        call.speak(20); // the encoder has marked them
        call.post(pair("kind", fm_allowed ? "fm" : "clear"));
        if (fm_allowed) {
            const auto waited =
                call.speak_until(::securevoice::coded_frame::type::analog, kind::fm);
            BOOST_TEST(waited >= 3u);
            BOOST_TEST(call.kinds() == std::string(30 + waited, 's') + "f");
        } else {
            const auto waited = call.speak_until_clear();
            BOOST_TEST(waited >= 2u);
            BOOST_TEST(call.kinds() == std::string(30 + waited, 's') + "c");
        }
    }
}

BOOST_AUTO_TEST_CASE(
    a_command_between_release_and_end_ends_with_its_transmission_and_that_is_told)
{
    for (const bool late : { false, true }) {
        live_call call;
        call.speak(10);
        if (late) {
            call.encoder->set_ptt(false); // acts up to 0.5 s later
            bench::let_messages_come();
            call.post(pair("kind", "clear"));
        } else {
            call.post(pair("kind", "clear")); // the control
            call.speak_until_clear();
            call.encoder->set_ptt(false);
            bench::let_messages_come();
        }
        call.speech->allow(40);
        BOOST_REQUIRE(bench::eventually([&] {
            const auto all = bench::stored(call.status);
            return bench::text(all.back(), "state") == "idle" &&
                   bench::number(all.back(), "secure_blocks") > 10;
        }));
        const auto all = bench::stored(call.status);
        BOOST_TEST(late == std::any_of(all.begin(), all.end(), [](const auto& s) {
                       return bench::text(s, "error")
                                  .find("'clear' came as the transmission ended") == 0;
                   }));
        BOOST_TEST(bench::text(all.back(), "wanted") == "secure");
        BOOST_TEST((bench::number(all.back(), "clear_blocks") > 0) == !late);
    }
}

BOOST_AUTO_TEST_CASE(malformed_messages_change_nothing)
{
    const std::vector<pmt::pmt_t> malformed = {
        pair("kind", "toggle"),
        pair("kind", "Clear"),
        pair("mode", "clear"),
        dict("kind", pmt::from_long(67)),
        dict("kind", pmt::PMT_NIL),
        pmt::dict_add(
            dict("kind", pmt::mp("clear")), pmt::mp("volume"), pmt::from_long(11)),
        pmt::dict_add(dict("kind", pmt::mp("clear")), pmt::mp("ptt"), pmt::mp("no")),
        pmt::mp("clear"),
        pmt::mp("kind"),
        pmt::PMT_NIL,
        pmt::PMT_T,
        pmt::from_long(1),
        pmt::make_dict(),
        pmt::make_u8vector(3000, 255),
        pmt::make_vector(2, pmt::mp("clear")),
        pmt::list2(pmt::mp("kind"), pmt::mp("clear")),
        pmt::cons(pmt::cons(pmt::mp("kind"), pmt::mp("clear")), pmt::mp("kind")),
        pmt::cons(pmt::from_long(1), pmt::mp("clear")),
        pmt::mp("zeroize"),
        pair("zeroize", "true"),
        dict("zeroize", pmt::PMT_F),
        dict("zeroize", pmt::PMT_NIL),
        dict("zeroize", pmt::from_long(1)),
        dict("Zeroize", pmt::PMT_T),
        pmt::dict_add(dict("zeroize", pmt::PMT_T), pmt::mp("kind"), pmt::mp("clear")),
        pmt::dict_add(dict("ptt", pmt::PMT_F), pmt::mp("zeroize"), pmt::PMT_T),
    };
    live_call call;
    call.speak(5);
    std::size_t reported = 0;
    for (const auto& message : malformed) {
        call.post(message);
        ++reported;
        const auto errors = [&] {
            const auto all = bench::stored(call.status);
            return static_cast<std::size_t>(
                std::count_if(all.begin(), all.end(), [](auto& s) {
                    return !bench::text(s, "error").empty();
                }));
        };
        BOOST_TEST(bench::eventually([&] { return errors() == reported; }),
                   pmt::write_string(message).substr(0, 60));
    }
    call.speak(25);
    BOOST_TEST(call.kinds() == std::string(30, 's'));
}

BOOST_AUTO_TEST_CASE(clear_is_refused_where_it_is_not_allowed)
{
    live_call call(false);
    call.speak(10);
    call.post(pair("kind", "clear"));
    call.speak(20);
    const auto all = bench::stored(call.status);
    BOOST_TEST(std::any_of(all.begin(), all.end(), [](const auto& s) {
        return bench::text(s, "error").find("allow_clear") != std::string::npos;
    }));
    BOOST_TEST(call.kinds() == std::string(30, 's'));
}

BOOST_AUTO_TEST_CASE(fm_is_sent_announced_and_followed)
{
    live_call call(false, true, true);
    call.speak(10);
    call.post(pair("kind", "fm"));
    // The last of the blocks before it announces FM, ends the digital transmission and is
    // secure.
    const auto waited =
        call.speak_until(::securevoice::coded_frame::type::analog, kind::fm);
    BOOST_TEST(waited >= 3u);
    call.speak(18);
    call.post(pair("kind", "secure"));
    call.speak(10); // the start frame behind FM takes the time of one block
    BOOST_TEST(call.kinds() == std::string(10 + waited, 's') + std::string(19, 'f') +
                                   std::string(10, 's'));
    const auto all = bench::stored(call.status);
    BOOST_TEST(std::any_of(all.begin(), all.end(), [](const auto& s) {
        return bench::text(s, "kind") == "fm" && bench::number(s, "fm_blocks") > 0;
    }));
}

BOOST_AUTO_TEST_CASE(a_call_can_begin_in_fm)
{
    live_call call(false, true, true, "fm");
    call.begun = true; // no start frame
    call.speak(30);
    BOOST_TEST(call.kinds() == std::string(30, 'f'));
}

BOOST_AUTO_TEST_CASE(fm_is_refused_where_it_is_not_allowed)
{
    live_call call;
    call.speak(10);
    call.post(pair("kind", "fm"));
    call.speak(20);
    const auto all = bench::stored(call.status);
    BOOST_TEST(std::any_of(all.begin(), all.end(), [](const auto& s) {
        return bench::text(s, "error").find("allow_fm") != std::string::npos;
    }));
    BOOST_TEST(call.kinds() == std::string(30, 's'));
}

BOOST_AUTO_TEST_CASE(push_to_talk)
{
    live_call call(true, false);
    using ::securevoice::coded_frame;
    const auto frames = [&] { return bench::records<coded_frame>(call.sealed); };
    call.speech->allow(5);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    BOOST_TEST(frames().empty());
    for (int over = 0; over < 2; ++over) {
        const auto before = frames().size();
        call.post(dict("ptt", pmt::PMT_T));
        call.speech->allow(20); // 0.5 s at most may have been captured before
        BOOST_REQUIRE(
            bench::eventually([&] { return frames().size() >= before + 1 + 13; }));
        call.post(dict("ptt", pmt::PMT_F));
        BOOST_REQUIRE(bench::eventually(
            [&] { return frames().back().what == coded_frame::type::closing; }));
        const auto all = frames();
        BOOST_TEST(all.size() <= before + 1 + 20 + 1 + 2 +
                                     1); // the block that release begins, END twice more
        BOOST_TEST((all[before].what == coded_frame::type::start));
    }
    call.encoder->set_ptt(true);
    bench::let_messages_come();
    call.speech->allow(20);
    const auto starts = [&] {
        const auto all = frames();
        return std::count_if(all.begin(), all.end(), [](const auto& f) {
            return f.what == coded_frame::type::start;
        });
    };
    BOOST_TEST(bench::eventually([&] { return starts() == 3; }));
}

BOOST_AUTO_TEST_CASE(switching_all_the_time_loses_nothing)
{
    live_call call;
    std::string expected;
    for (int n = 0; n < 24; ++n) {
        const bool clear = n % 2;
        call.post(pair("kind", clear ? "clear" : "secure"));
        if (clear)
            expected += std::string(call.speak_until_clear(), 's') + 'c';
        call.speak(4);
        expected += std::string(4, clear ? 'c' : 's');
    }
    BOOST_TEST(call.kinds() == expected);
}

BOOST_AUTO_TEST_SUITE_END()

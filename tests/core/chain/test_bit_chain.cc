/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE bit_chain
#include "bit_air.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace bit_air;
namespace data = boost::unit_test::data;

namespace {

std::vector<heard_block> hear(call_receiver& o,
                              const std::vector<coded_frame>& frames,
                              std::uint32_t track = 1,
                              bool started = true)
{
    std::vector<heard_block> all;
    for (const auto& f : frames)
        o.receive(soft(f, track, started),
                  [&](const heard_block& b) { all.push_back(b); });
    return all;
}

const std::vector<codec> all_codecs{ codec::c3200, codec::c2400, codec::c1600,
                                     codec::c1400, codec::c1300, codec::c1200,
                                     codec::c700c };

} // namespace

BOOST_AUTO_TEST_CASE(a_secure_call_is_heard_by_the_holder_of_the_key_at_every_rate)
{
    const auto key = make_key("alpha");
    for (const auto c : all_codecs) {
        std::mt19937 rng(1);
        sealer s(secure_sender(key, c));
        const auto call = send_call(s, c, std::vector<kind>(20, kind::secure), rng);
        call_receiver o(holder({ make_key("beta"), key }));
        const auto heard = played(hear(o, call.frames));
        BOOST_TEST_CONTEXT(codec_name(c))
        {
            BOOST_REQUIRE_EQUAL(heard.size(), 20u);
            for (std::size_t n = 0; n < heard.size(); ++n) {
                BOOST_TEST(heard[n].number == n);
                BOOST_TEST((heard[n].kind == kind::secure));
                BOOST_TEST((heard[n].voice == call.voices[n]));
            }
            const auto status = o.status();
            BOOST_TEST((status.state == heard_state::ended));
            BOOST_TEST(status.key_name == "alpha");
            BOOST_TEST(status.codec == codec_name(c));
            BOOST_TEST(status.heard == 20u);
            BOOST_TEST(status.refused == 0u);
            BOOST_TEST(status.lost == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_the_key_nothing_is_heard_and_the_state_says_why)
{
    std::mt19937 rng(2);
    sealer s(secure_sender(make_key("alpha"), codec::c1300));
    const auto call =
        send_call(s, codec::c1300, std::vector<kind>(30, kind::secure), rng);
    for (const auto& keys :
         { std::vector<key_ptr>{}, std::vector<key_ptr>{ make_key("beta") } }) {
        call_receiver o(holder(keys));
        BOOST_TEST(hear(o, call.frames).empty());
        BOOST_TEST((o.status().state == heard_state::encrypted_no_key));
        BOOST_TEST(o.status().heard == 0u);
        BOOST_TEST(o.status().refused == 32u); // with the two blocks that repeat END
        BOOST_TEST(o.status().key_name == "");
    }
}

BOOST_AUTO_TEST_CASE(eight_good_blocks_go_by_before_no_key_is_said)
{
    std::mt19937 rng(3);
    sealer s(secure_sender(make_key("alpha"), codec::c3200));
    auto call = send_call(s, codec::c3200, std::vector<kind>(12, kind::secure), rng);
    call_receiver o(holder({}));
    call.frames.resize(1 + 7);
    hear(o, call.frames);
    BOOST_TEST((o.status().state == heard_state::pending));
}

BOOST_AUTO_TEST_CASE(the_receiver_follows_every_switch_in_the_very_next_block)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(4);
    std::vector<kind> kinds;
    for (int n = 0; n < 200; ++n)
        kinds.push_back(n / 25 % 2 ? kind::clear : kind::secure);
    sealer s(secure_sender(key, codec::c3200));
    const auto call = send_call(s, codec::c3200, kinds, rng);
    call_receiver o(holder({ key }));
    const auto heard = played(hear(o, call.frames));
    BOOST_REQUIRE_EQUAL(heard.size(), kinds.size());
    for (std::size_t n = 0; n < kinds.size(); ++n) {
        BOOST_TEST(heard[n].number == n);
        BOOST_TEST((heard[n].kind == kinds[n]));
        BOOST_TEST((heard[n].voice == call.voices[n]));
    }
    BOOST_TEST(s.status().secure_blocks == 100u);
    BOOST_TEST(s.status().clear_blocks == 102u);
}

BOOST_AUTO_TEST_CASE(without_the_key_only_the_clear_part_is_heard)
{
    std::mt19937 rng(5);
    std::vector<kind> kinds(60, kind::secure);
    std::fill(kinds.begin() + 20, kinds.begin() + 40, kind::clear);
    sealer s(secure_sender(make_key("alpha"), codec::c1600));
    const auto call = send_call(s, codec::c1600, kinds, rng);
    call_receiver o(holder({ make_key("beta") }));
    const auto heard = played(hear(o, call.frames));
    BOOST_REQUIRE_EQUAL(heard.size(), 20u);
    for (std::size_t n = 0; n < heard.size(); ++n) {
        BOOST_TEST(heard[n].number == 20 + n);
        BOOST_TEST((heard[n].kind == kind::clear));
    }
    BOOST_TEST((o.status().state == heard_state::encrypted_no_key));
}

BOOST_AUTO_TEST_CASE(a_secure_only_receiver_mutes_clear)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(6);
    std::vector<kind> kinds(60, kind::secure);
    std::fill(kinds.begin() + 20, kinds.begin() + 40, kind::clear);
    sealer s(secure_sender(key, codec::c1600));
    const auto call = send_call(s, codec::c1600, kinds, rng);
    auto options = holder({ key });
    options.secure_only = true;
    call_receiver o(options);
    const auto heard = played(hear(o, call.frames));
    for (const auto& b : heard)
        BOOST_TEST((b.kind == kind::secure));
    BOOST_TEST(heard.size() == 40u);
    BOOST_TEST(o.status().refused == 20u);
}

BOOST_AUTO_TEST_CASE(a_lost_start_header_costs_no_speech)
{
    const auto key = make_key("alpha");
    for (const auto c : all_codecs) {
        std::mt19937 rng(7);
        sealer s(secure_sender(key, c));
        auto call = send_call(s, c, std::vector<kind>(30, kind::secure), rng);
        call.frames.erase(call.frames.begin());
        call_receiver o(holder({ key }));
        const auto heard = played(hear(o, call.frames));
        BOOST_REQUIRE_EQUAL(heard.size(), 30u);
        BOOST_TEST(heard.front().number == 0u);
    }
}

/* Of a clear call as of a secure one: its first blocks wait for the header, and none of
 * them is older than what was played. */
BOOST_AUTO_TEST_CASE(a_lost_start_header_costs_no_clear_speech)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(7);
    sealer s(secure_sender(key, codec::c1300));
    auto call = send_call(s, codec::c1300, std::vector<kind>(40, kind::clear), rng);
    call.frames.erase(call.frames.begin());
    for (const auto& keys : { std::vector<key_ptr>{ key }, std::vector<key_ptr>{} }) {
        call_receiver o(holder(keys));
        const auto heard = played(hear(o, call.frames));
        BOOST_REQUIRE_EQUAL(heard.size(), 40u);
        for (std::size_t n = 0; n < heard.size(); ++n)
            BOOST_TEST(heard[n].number == n);
    }
}

/* The signal is lost and found anew, or another tracker finds it too: the header is
 * known, and so is what was heard. */
BOOST_AUTO_TEST_CASE(a_call_that_is_found_anew_goes_on_at_once_and_is_counted_once)
{
    const auto key = make_key("alpha");
    for (const bool secure : { true, false })
        for (const bool lost : { true, false })
            for (const std::ptrdiff_t gap : { 0, 2, 20 }) {
                std::mt19937 rng(31);
                sealer s(secure_sender(key, codec::c1300));
                const auto call =
                    send_call(s,
                              codec::c1300,
                              std::vector<kind>(60, secure ? kind::secure : kind::clear),
                              rng);
                const auto at = [&](std::ptrdiff_t n) {
                    return call.frames.begin() + 1 + n;
                };
                call_receiver o(holder({ key }));
                auto heard = played(hear(o, { call.frames.begin(), at(30) }));
                BOOST_TEST(heard.size() == 30u);
                if (lost) {
                    soft_frame gone;
                    gone.what = soft_frame::type::lost_track;
                    gone.track = 1;
                    gone.time = heard.back().time;
                    o.receive(gone, [](const heard_block&) {});
                }
                const auto later =
                    played(hear(o, { at(30 + gap), call.frames.end() }, 2, false));
                BOOST_TEST_CONTEXT("secure " << secure << ", lost " << lost << ", gap "
                                             << gap)
                {
                    const auto status = o.status();
                    BOOST_TEST((status.state == heard_state::ended));
                    BOOST_TEST(status.replayed == 0u);
                    if (!secure && !lost && gap < 7)
                        continue; // anybody's, while the old signal may still go on
                    BOOST_REQUIRE_EQUAL(later.size(), static_cast<std::size_t>(30 - gap));
                    BOOST_TEST(later.front().number == static_cast<unsigned>(30 + gap));
                    BOOST_TEST(status.heard == static_cast<unsigned>(60 - gap));
                    BOOST_TEST(status.lost == static_cast<unsigned>(gap));
                    BOOST_TEST(status.refused == 0u);
                }
            }
}

/* As behind a hole in the samples: a tracker finds nothing any more, another one finds
 * what was missed when it is too late. */
BOOST_AUTO_TEST_CASE(speech_is_as_long_as_the_signal_where_trackers_change)
{
    const auto key = make_key("alpha");
    for (const bool lost : { false, true }) {
        std::mt19937 rng(34);
        sealer s(secure_sender(key, codec::c1300));
        const auto call =
            send_call(s, codec::c1300, std::vector<kind>(60, kind::secure), rng);
        call_receiver o(holder({ key }));
        std::vector<heard_block> heard;
        const auto keep = [&](const heard_block& b) { heard.push_back(b); };
        for (std::size_t n = 0; n <= 40; ++n) {
            auto frame = soft(call.frames[n], 1);
            if (n > 30) { // ten blocks of noise
                std::normal_distribution<float> noise;
                for (auto& x : frame.llr)
                    x = noise(rng);
            }
            o.receive(frame, keep);
        }
        if (lost) {
            soft_frame gone;
            gone.what = soft_frame::type::lost_track;
            gone.track = 1;
            gone.time = heard.back().time;
            o.receive(gone, keep);
        }
        for (std::size_t n = 31; n < call.frames.size(); ++n)
            o.receive(soft(call.frames[n], 2, false), keep);
        BOOST_TEST_CONTEXT("lost " << lost)
        {
            BOOST_TEST(std::count_if(heard.begin(), heard.end(), [](const auto& b) {
                           return b.what != heard_block::action::finish;
                       }) == 60);
            BOOST_TEST(o.status().heard == 50u);
            BOOST_TEST(o.status().lost == 10u);
            BOOST_TEST(o.status().replayed == 0u);
            BOOST_TEST(o.status().refused == 0u);
            BOOST_TEST((o.status().state == heard_state::ended));
        }
    }
}

/* Two trackers of one signal, block by block. */
BOOST_AUTO_TEST_CASE(a_second_look_at_a_block_is_no_replay)
{
    const auto key = make_key("alpha");
    for (const auto k : { kind::secure, kind::clear }) {
        std::mt19937 rng(32);
        sealer s(secure_sender(key, codec::c1300));
        const auto call = send_call(s, codec::c1300, std::vector<kind>(40, k), rng);
        call_receiver o(holder({ key }));
        std::vector<heard_block> heard;
        const auto keep = [&](const heard_block& b) { heard.push_back(b); };
        std::size_t replays = 0;
        const auto look = [&](std::size_t n, std::uint32_t track, double late) {
            auto frame = soft(call.frames[n], track, track == 1);
            frame.time += late;
            o.receive(frame, keep);
            replays += o.status().state == heard_state::replay_refused;
        };
        for (std::size_t n = 0; n < call.frames.size(); ++n) {
            look(n, 1, 0);
            if (n >= 10)
                look(n, 2, 0.004);
        }
        BOOST_TEST(played(heard).size() == 40u);
        BOOST_TEST(o.status().replayed == 0u);
        BOOST_TEST(o.status().lost == 0u);
        BOOST_TEST(o.status().heard == 40u);
        BOOST_TEST(replays == 0u);
        if (k == kind::clear)
            continue; // later, anybody could have made it
        // What comes later is one, by whatever signal.
        const auto before = played(heard).size();
        for (std::size_t n = 5; n < 40; ++n)
            look(n, 3, 0.5);
        BOOST_TEST(played(heard).size() == before);
        BOOST_TEST(o.status().replayed == 30u);
    }
}

/* The block that closes the call for FM is lost; the one before it announced FM, too. */
BOOST_AUTO_TEST_CASE(one_lost_block_does_not_mute_announced_fm)
{
    const auto key = make_key("alpha");
    for (const std::size_t missing : { 0u, 1u, 2u }) {
        std::mt19937 rng(33);
        auto options = secure_sender(key, codec::c1300);
        options.allow_fm = true;
        sealer s(options);
        std::vector<coded_frame> frames;
        const auto keep = [&](const coded_frame& f) {
            if (f.what == coded_frame::type::start || f.what == coded_frame::type::block)
                frames.push_back(f);
        };
        s.seal(press(), keep);
        for (int n = 0; n < 20; ++n)
            s.seal(spoken(random_voice(rng, codec::c1300)), keep);
        s.command(kind::fm);
        s.seal(spoken(random_voice(rng, codec::c1300)), keep);
        s.seal(spoken(random_voice(rng, codec::c1300), spoken_block::analog, 1), keep);
        BOOST_REQUIRE_EQUAL(frames.size(), 23u); // the last one closes
        const double carrier = soft(frames.back()).time + 0.08;
        frames.resize(frames.size() - missing);

        call_receiver o(holder({ key }));
        std::size_t fm = 0;
        const auto count = [&](const heard_block& b) {
            fm += b.what == heard_block::action::play && b.kind == kind::fm;
        };
        for (const auto& f : frames)
            o.receive(soft(f), count);
        const auto analog = [&](double time) {
            soft_frame f;
            f.what = soft_frame::type::analog;
            f.spoken = 1;
            f.time = time;
            o.receive(f, count);
        };
        for (int n = 0; n < 20; ++n)
            analog(carrier + 0.08 * n);
        BOOST_TEST_CONTEXT("blocks missing: " << missing)
        {
            BOOST_TEST(fm == (missing < 2 ? 20u : 0u)); // nobody announced it
            BOOST_TEST((o.status().state ==
                        (missing < 2 ? heard_state::fm : heard_state::fm_unannounced)));
            soft_frame gone;
            gone.what = soft_frame::type::carrier_lost;
            gone.time = carrier + 1.7;
            o.receive(gone, count);
            fm = 0;
            analog(carrier + 3); // another carrier: anybody's
            BOOST_TEST(fm == 0u);
            BOOST_TEST((o.status().state == heard_state::fm_unannounced));
        }
    }
}

BOOST_AUTO_TEST_CASE(late_entry_takes_six_blocks_wherever_one_joins)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(8);
    sealer s(secure_sender(key, codec::c700c));
    const auto call =
        send_call(s, codec::c700c, std::vector<kind>(60, kind::secure), rng);
    for (std::size_t join = 1; join < 50; ++join) {
        call_receiver o(holder({ key }));
        const std::vector<coded_frame> rest(call.frames.begin() + static_cast<long>(join),
                                            call.frames.end());
        const auto heard = played(hear(o, rest, 1, false));
        BOOST_REQUIRE(!heard.empty());
        BOOST_TEST(heard.front().number == join - 1 + 5); // block numbers start at 0
    }
}

BOOST_AUTO_TEST_CASE(blocks_swapped_doubled_or_moved_are_refused_and_the_others_play)
{
    const auto key = make_key("alpha");
    for (const std::size_t distance : { 1u, 2u, 16u, 24u }) {
        std::mt19937 rng(9);
        sealer s(secure_sender(key, codec::c1300));
        auto call = send_call(s, codec::c1300, std::vector<kind>(60, kind::secure), rng);
        // The tracker counts on: a moved block comes with the number of its place.
        auto moved = call.frames;
        std::swap(moved[11].bits, moved[11 + distance].bits);
        call_receiver o(holder({ key }));
        const auto heard = played(hear(o, moved));
        std::set<unsigned> numbers;
        for (const auto& b : heard) {
            BOOST_TEST((b.voice == call.voices[b.number]));
            BOOST_TEST(numbers.insert(b.number).second);
        }
        BOOST_TEST(numbers.count(10u) == 0u);
        BOOST_TEST(numbers.count(static_cast<unsigned>(10 + distance)) == 0u);
        BOOST_TEST(numbers.size() == 58u);
        BOOST_TEST(o.status().heard == 58u);
        BOOST_TEST(o.status().lost + o.status().refused == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_repeated_block_is_played_once)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(10);
    sealer s(secure_sender(key, codec::c1300));
    auto call = send_call(s, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    call.frames.insert(call.frames.begin() + 8, call.frames[7]);
    call_receiver o(holder({ key }));
    BOOST_TEST(played(hear(o, call.frames)).size() == 20u);
    BOOST_TEST(o.status().refused == 1u);
}

BOOST_AUTO_TEST_CASE(a_block_of_another_transmission_of_the_same_key_is_refused)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(11);
    sealer s(secure_sender(key, codec::c1300));
    auto first = send_call(s, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    const auto second =
        send_call(s, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    first.frames[8] = second.frames[8];
    call_receiver o(holder({ key }));
    const auto heard = played(hear(o, first.frames));
    BOOST_TEST(heard.size() == 19u);
    for (const auto& b : heard)
        BOOST_TEST(b.number != 7u);
}

BOOST_AUTO_TEST_CASE(after_four_silent_slots_a_block_is_held_until_a_second_one_verifies)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(12);
    sealer s(secure_sender(key, codec::c1300));
    const auto call =
        send_call(s, codec::c1300, std::vector<kind>(60, kind::secure), rng);
    std::mt19937 noise(13);
    call_receiver o(holder({ key }));
    std::vector<heard_block> all;
    for (std::size_t n = 0; n < call.frames.size(); ++n) {
        auto frame = soft(call.frames[n]);
        const bool single = n == 21;
        if (n > 10 && n < 40 && !single)
            for (auto& l : frame.llr)
                l = std::normal_distribution<float>()(noise);
        o.receive(frame, [&](const heard_block& b) { all.push_back(b); });
    }
    for (const auto& b : played(all))
        BOOST_TEST(b.number != 20u); // frame 21 is block 20: one alone never plays
    BOOST_TEST(played(all).size() == 60u - 29u);
}

BOOST_AUTO_TEST_CASE(two_calls_with_the_same_key_and_speech_share_nothing)
{
    const auto key = make_key("alpha");
    std::array<sent_call, 2> calls;
    for (auto& call : calls) {
        std::mt19937 rng(14);
        sealer s(secure_sender(key, codec::c3200));
        call = send_call(s, codec::c3200, std::vector<kind>(250, kind::secure), rng);
    }
    BOOST_TEST((calls[0].voices == calls[1].voices));
    double same = 0, total = 0;
    for (std::size_t n = 1; n < calls[0].frames.size(); ++n)
        for (std::size_t b = 0; b < block_code_bits; ++b, ++total)
            same += calls[0].frames[n].bits[b] == calls[1].frames[n].bits[b];
    // The code bits of a block come from K = 328 fair ones: 5 sigma of the mean of 252
    // such blocks.
    BOOST_TEST(std::abs(same / total - 0.5) < 5 * 0.5 / std::sqrt(252.0 * 328.0));
}

BOOST_AUTO_TEST_CASE(nothing_goes_out_without_a_key_or_a_permission)
{
    sealer_options none;
    BOOST_CHECK_THROW(sealer{ none }, std::invalid_argument);
    none.first = kind::clear;
    BOOST_CHECK_THROW(sealer{ none }, std::invalid_argument);
    auto strict = secure_sender(make_key("alpha"), codec::c3200);
    strict.allow_clear = false;
    sealer s(strict);
    BOOST_CHECK_THROW(s.command(kind::clear), std::invalid_argument);
    BOOST_CHECK_THROW(s.command(kind::none), std::invalid_argument);
    BOOST_TEST((s.wanted() == kind::secure));
}

BOOST_AUTO_TEST_CASE(clear_waits_for_speech_captured_after_the_command)
{
    std::mt19937 rng(15);
    sealer s(secure_sender(make_key("alpha"), codec::c3200));
    const auto ignore = [](const coded_frame&) {};
    s.seal(press(), ignore);
    s.seal(spoken(random_voice(rng, codec::c3200)), ignore);
    s.command(kind::clear);
    for (int n = 0; n < 3; ++n) { // captured before: still secure
        s.seal(spoken(random_voice(rng, codec::c3200), 0, 0), ignore);
        BOOST_TEST((s.status().sent == kind::secure));
    }
    s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
    BOOST_TEST((s.status().sent == kind::clear));
    s.command(kind::secure); // acts at once, whatever speech the block holds
    s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
    BOOST_TEST((s.status().sent == kind::secure));
    s.command(kind::clear);
    s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
    BOOST_TEST((s.status().sent == kind::secure));
}

BOOST_AUTO_TEST_CASE(a_clear_command_lapses_unused_and_ends_with_its_transmission)
{
    std::mt19937 rng(16);
    std::int64_t now = 1800000000;
    auto options = secure_sender(make_key("alpha"), codec::c3200);
    options.clock = [&] { return now; };
    const auto ignore = [](const coded_frame&) {};
    for (const auto& [wait, expected] : { std::pair{ 9, kind::clear },
                                          std::pair{ 11, kind::secure },
                                          std::pair{ -5, kind::secure } }) {
        sealer s(options);
        s.command(kind::clear);
        now += wait;
        s.seal(press(), ignore);
        s.seal(spoken(random_voice(rng, codec::c3200), spoken_block::end, 1), ignore);
        BOOST_TEST((s.status().sent == expected));
        s.seal(press(), ignore);
        s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
        BOOST_TEST((s.status().sent == kind::secure));
    }
}

BOOST_AUTO_TEST_CASE(a_station_without_key_can_talk_in_clear)
{
    std::mt19937 rng(17);
    sealer_options options;
    options.allow_clear = true;
    options.first = kind::clear;
    options.mode.codec = codec::c1200;
    sealer s(options);
    BOOST_CHECK_THROW(s.command(kind::secure), std::invalid_argument);
    const auto call = send_call(s, codec::c1200, std::vector<kind>(20, kind::clear), rng);
    call_receiver o(holder({ make_key("alpha") }));
    const auto heard = played(hear(o, call.frames));
    BOOST_REQUIRE_EQUAL(heard.size(), 20u);
    BOOST_TEST((heard.back().kind == kind::clear));
    BOOST_TEST((heard.back().voice == call.voices.back()));
}

BOOST_AUTO_TEST_CASE(abort_sends_nothing_more)
{
    std::mt19937 rng(18);
    sealer s(secure_sender(make_key("alpha"), codec::c3200));
    std::vector<coded_frame> out;
    const auto keep = [&](const coded_frame& f) { out.push_back(f); };
    s.seal(press(), keep);
    s.seal(spoken(random_voice(rng, codec::c3200)), keep);
    spoken_block abort;
    abort.flags = spoken_block::abort;
    s.seal(abort, keep);
    BOOST_TEST((out.back().what == coded_frame::type::abort));
    const auto size = out.size();
    s.seal(spoken(random_voice(rng, codec::c3200)), keep);
    BOOST_TEST(out.size() == size);
    BOOST_TEST(!s.status().sending);
}

BOOST_AUTO_TEST_CASE(when_the_numbers_are_used_up_a_new_transmission_begins)
{
    std::mt19937 rng(19);
    sealer s(secure_sender(make_key("alpha"), codec::c700c));
    unsigned starts = 0, closings = 0;
    std::uint16_t largest = 0;
    const auto look = [&](const coded_frame& f) {
        starts += f.what == coded_frame::type::start;
        closings += f.what == coded_frame::type::closing;
        if (f.what == coded_frame::type::block)
            largest = std::max(largest, f.number);
    };
    s.seal(press(), look);
    const auto voice = random_voice(rng, codec::c700c);
    for (unsigned n = 0; n < max_blocks + 10; ++n)
        s.seal(spoken(voice), look);
    BOOST_TEST(starts == 2u);
    BOOST_TEST(closings == 1u);
    BOOST_TEST(largest == max_blocks - 1);
    BOOST_TEST(s.status().sending);
}

BOOST_AUTO_TEST_CASE(noise_gives_no_audio_and_no_verdict)
{
    std::mt19937 rng(20);
    std::normal_distribution<float> noise;
    call_receiver o(holder({ make_key("alpha") }));
    soft_frame frame;
    frame.what = soft_frame::type::start;
    frame.track = 1;
    frame.started = 1;
    frame.sync_quality = 0.05f;
    for (unsigned n = 0; n < 400; ++n) {
        for (auto& l : frame.llr)
            l = 3 * noise(rng);
        o.receive(frame, [](const heard_block&) { BOOST_ERROR("noise was heard"); });
        frame.what = soft_frame::type::block;
        frame.number = static_cast<std::uint16_t>(n);
        frame.mode = static_cast<std::uint8_t>(n % 7);
        frame.time = 0.08 * n;
    }
    BOOST_TEST((o.status().state == heard_state::pending));
}

BOOST_AUTO_TEST_CASE(the_same_key_twice_is_refused)
{
    auto one = make_key("one");
    auto octets = std::array<std::uint8_t, 32>{};
    std::copy_n(one->key.data(), 32, octets.begin());
    auto two = std::make_shared<named_key>(
        named_key{ "two", secret_key::take(octets.data(), octets.size()) });
    BOOST_CHECK_THROW(call_receiver(holder({ one, two })), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_clear_command_does_not_outlive_an_abort_or_a_failure)
{
    std::mt19937 rng(21);
    for (const bool by_exception : { false, true }) {
        sealer s(secure_sender(make_key("alpha"), codec::c3200));
        const auto ignore = [](const coded_frame&) {};
        s.seal(press(), ignore);
        s.command(kind::clear);
        s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
        BOOST_TEST((s.status().sent == kind::clear));
        if (by_exception) {
            const auto fail = [](const coded_frame&) {
                throw std::runtime_error("device");
            };
            BOOST_CHECK_THROW(s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), fail),
                              std::runtime_error);
        } else {
            spoken_block abort;
            abort.flags = spoken_block::abort;
            s.seal(abort, ignore);
        }
        s.seal(press(), ignore);
        s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), ignore);
        BOOST_TEST((s.status().sent == kind::secure));
    }
}

namespace {

/*! A sealer that is told when each command was given, and blocks that say after which one
 * they were captured. */
struct told_sealer {
    explicit told_sealer(bool allow_clear = true, bool allow_fm = false)
        : s([&] {
              auto o = secure_sender(make_key("alpha"), codec::c3200);
              o.allow_clear = allow_clear;
              o.allow_fm = allow_fm;
              return o;
          }())
    {
        s.seal(press(), [](const coded_frame&) {});
    }
    /*! What a block is sent as. */
    kind speak(std::uint64_t commanded, kind of = kind::clear)
    {
        auto block = spoken(random_voice(rng, codec::c3200), spoken_block::analog);
        block.commanded = commanded;
        block.commanded_kind = of;
        s.seal(block, [](const coded_frame&) {});
        return s.status().sent;
    }
    std::mt19937 rng{ 22 };
    sealer s;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_refused_command_neither_permits_clear_nor_prevents_it)
{
    told_sealer t;
    BOOST_CHECK_THROW(t.s.command(kind::fm, 1000), std::invalid_argument);
    BOOST_TEST(
        (t.speak(1000, kind::fm) == kind::secure)); // the speech encoder was told of it
    t.s.command(kind::clear, 2000);
    for (int n = 0; n < 30; ++n)
        BOOST_TEST((t.speak(1000, kind::fm) == kind::secure));
    BOOST_TEST((t.speak(2000) == kind::clear));

    told_sealer other(false, true);
    BOOST_CHECK_THROW(other.s.command(kind::clear, 1000), std::invalid_argument);
    BOOST_TEST((other.speak(1000) == kind::secure));
    other.s.command(kind::fm, 2000);
    BOOST_TEST((other.speak(1000) == kind::secure));
    other.speak(2000, kind::fm);
    BOOST_TEST((other.speak(2000, kind::fm) == kind::fm));
}

BOOST_AUTO_TEST_CASE(
    the_speech_encoder_may_be_told_a_little_earlier_of_the_same_command_only)
{
    told_sealer t;
    t.s.command(kind::clear, 5000, 1000);
    BOOST_TEST((t.speak(3999) == kind::secure));
    BOOST_TEST((t.speak(4500, kind::fm) == kind::secure)); // another command
    BOOST_TEST((t.speak(4000) == kind::clear));
    told_sealer exact;
    exact.s.command(kind::clear, 5000);
    BOOST_TEST((exact.speak(4999) == kind::secure));
    BOOST_TEST((exact.speak(5001) ==
                kind::clear)); // captured after a later one: after this one, too
}

/* Within the time by which the speech encoder may be told earlier, the mark of the first
 * `clear` would do for the second. */
BOOST_AUTO_TEST_CASE(clear_given_again_after_secure_waits_for_new_speech)
{
    constexpr std::uint64_t ms = 1'000'000;
    told_sealer t;
    t.s.command(kind::clear, 5000 * ms, 1000 * ms);
    BOOST_TEST((t.speak(4999 * ms) == kind::clear));
    t.s.command(kind::secure, 5100 * ms, 1000 * ms);
    BOOST_TEST((t.speak(4999 * ms) == kind::secure));
    t.s.command(kind::clear, 5200 * ms, 1000 * ms);
    for (const std::uint64_t mark : { 4999, 5001, 5100, 0 })
        BOOST_TEST((t.speak(mark * ms) == kind::secure));
    BOOST_TEST((t.speak(5199 * ms) == kind::clear)); // spoken since
    BOOST_TEST((t.speak(0) == kind::secure)); // from before, however it came to be late
    BOOST_TEST((t.speak(5199 * ms) == kind::clear));
}

/* A command between two blocks: the next one is secure still, and says what follows. */
BOOST_AUTO_TEST_CASE(clear_never_follows_a_secure_block_that_did_not_announce_it)
{
    std::mt19937 rng(23);
    const auto key = make_key("alpha");
    sealer s(secure_sender(key, codec::c3200));
    std::vector<coded_frame> frames;
    const auto keep = [&](const coded_frame& f) { frames.push_back(f); };
    s.seal(press(), keep);
    for (int n = 0; n < 6; ++n)
        s.seal(spoken(random_voice(rng, codec::c3200)), keep);
    s.command(kind::clear);
    std::vector<kind> sent;
    for (int n = 0; n < 4; ++n) {
        s.seal(spoken(random_voice(rng, codec::c3200), 0, 1), keep);
        sent.push_back(s.status().sent);
    }
    BOOST_TEST((sent == std::vector<kind>{
                            kind::secure, kind::clear, kind::clear, kind::clear }));
    call_receiver o(holder({ key }));
    std::vector<std::size_t> heard; // blocks out, one more with each frame that is heard
    for (const auto& f : frames)
        heard.push_back(played(hear(o, { f })).size());
    heard.erase(heard.begin(),
                heard.begin() + 8); // start frame, six blocks, the announcing one
    BOOST_TEST(
        (heard == std::vector<std::size_t>{
                      0, 2, 1 })); // at the second check, not at the third keyed octet

    sealer in_clear(secure_sender(
        key, codec::c3200)); // nothing secure before it: nothing to announce
    in_clear.command(kind::clear);
    in_clear.seal(press(), keep);
    in_clear.seal(spoken(random_voice(rng, codec::c3200), 0, 1), keep);
    BOOST_TEST((in_clear.status().sent == kind::clear));
}

BOOST_AUTO_TEST_CASE(commands_that_reach_one_side_only_are_told)
{
    told_sealer t; // the speech encoder knows of none
    t.s.command(kind::clear, 5000);
    for (int n = 0; n < 137; ++n)
        t.speak(0);
    BOOST_TEST(!t.s.status().unmarked);
    t.speak(0);
    BOOST_TEST(t.s.status().unmarked);
    BOOST_TEST((t.speak(5000) == kind::clear)); // it was late
    BOOST_TEST(!t.s.status().unmarked);

    told_sealer quiet; // the sealer knows of none
    BOOST_TEST((quiet.speak(0) == kind::secure));
    BOOST_TEST(!quiet.s.status().unasked);
    BOOST_TEST((quiet.speak(5000) == kind::secure));
    BOOST_TEST(quiet.s.status().unasked);
    // A refused command is known.
    told_sealer strict(false);
    BOOST_CHECK_THROW(strict.s.command(kind::clear, 5000), std::invalid_argument);
    strict.speak(5000);
    BOOST_TEST(!strict.s.status().unasked);
    // Nor is it said of a block that is sent as it is marked.
    told_sealer later;
    later.s.command(kind::clear, 5000);
    BOOST_TEST((later.speak(6000) == kind::clear));
    BOOST_TEST(!later.s.status().unasked);
}

BOOST_AUTO_TEST_CASE(a_command_does_not_outlive_a_restart)
{
    told_sealer t;
    t.s.command(kind::clear, 5000);
    BOOST_TEST((t.speak(5000) == kind::clear));
    t.s.restart();
    BOOST_TEST(!t.s.status().sending);
    std::vector<coded_frame> frames;
    t.s.seal(press(), [&](const coded_frame& f) { frames.push_back(f); });
    BOOST_REQUIRE(frames.size() == 1u); // not a word of the transmission before
    BOOST_TEST((frames[0].what == coded_frame::type::start));
    BOOST_TEST((t.speak(5000) == kind::secure));
}

namespace {

/*! Two calls on two trackers, slot by slot; the second begins \p later slots after the
 * first. */
std::vector<heard_block>
hear_both(call_receiver& o, const sent_call& one, const sent_call& two, std::size_t later)
{
    std::vector<heard_block> all;
    const auto keep = [&](const heard_block& b) { all.push_back(b); };
    for (std::size_t n = 0; n < std::max(one.frames.size(), two.frames.size() + later);
         ++n) {
        if (n < one.frames.size())
            o.receive(soft(one.frames[n], 1), keep);
        if (n >= later && n - later < two.frames.size()) {
            auto frame = soft(two.frames[n - later], 2);
            frame.time = 0.08 * static_cast<double>(n);
            o.receive(frame, keep);
        }
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_secure_call_takes_the_floor_from_a_clear_one_and_ends_it_first)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(23);
    sealer clear_sender(secure_sender(make_key("other"), codec::c1600));
    const auto clear =
        send_call(clear_sender, codec::c1600, std::vector<kind>(40, kind::clear), rng);
    sealer secure_one(secure_sender(key, codec::c1300));
    const auto secure =
        send_call(secure_one, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    call_receiver o(holder({ key }));
    const auto all = hear_both(o, clear, secure, 10);
    kind now = kind::none;
    std::size_t heard_secure = 0;
    for (const auto& b : all) {
        if (b.what == heard_block::action::finish)
            now = kind::none;
        if (b.what != heard_block::action::play)
            continue;
        BOOST_TEST(
            (now == kind::none || now == b.kind)); // never mixed without an end between
        now = b.kind;
        heard_secure += b.kind == kind::secure;
    }
    BOOST_TEST(heard_secure == 20u);
}

BOOST_AUTO_TEST_CASE(clear_of_another_call_stays_muted_in_a_fade_of_a_secure_one)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(24);
    sealer secure_one(secure_sender(key, codec::c1300));
    auto secure =
        send_call(secure_one, codec::c1300, std::vector<kind>(60, kind::secure), rng);
    sealer clear_sender(secure_sender(make_key("other"), codec::c1600));
    const auto clear =
        send_call(clear_sender, codec::c1600, std::vector<kind>(40, kind::clear), rng);
    for (std::size_t n = 20; n < 31; ++n) // a fade of 11 slots
        for (auto& bit : secure.frames[n].bits)
            bit = rng() & 1;
    call_receiver o(holder({ key }));
    for (const auto& b : played(hear_both(o, secure, clear, 12)))
        BOOST_TEST((b.kind == kind::secure));
    BOOST_TEST(o.status().refused > 0u);
}

/* Late entry finds the call once more, with blocks that were heard: while its tracker
 * lives, when it is lost, and after END. */
BOOST_AUTO_TEST_CASE(clear_voice_is_not_heard_twice)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(24);
    sealer s(secure_sender(key, codec::c3200));
    const auto call = send_call(s, codec::c3200, std::vector<kind>(40, kind::clear), rng);
    const auto at = [&](std::ptrdiff_t n) { return call.frames.begin() + 1 + n; };
    for (const auto& keys : { std::vector<key_ptr>{ key }, std::vector<key_ptr>{} })
        for (const bool lost : { false, true })
            for (const bool ended : { false, true }) {
                call_receiver o(holder(keys));
                auto heard = played(
                    hear(o, { call.frames.begin(), ended ? call.frames.end() : at(20) }));
                if (lost) {
                    soft_frame gone;
                    gone.what = soft_frame::type::lost_track;
                    gone.track = 1;
                    gone.time = heard.back().time;
                    o.receive(gone, [](const heard_block&) {});
                }
                for (const auto& b :
                     played(hear(o, { at(5), call.frames.end() }, 2, false)))
                    heard.push_back(b);
                BOOST_TEST_CONTEXT("keys " << keys.size() << ", lost " << lost
                                           << ", ended " << ended)
                {
                    // who still listens to the old tracker waits until it is silent for
                    // 0.5 s
                    BOOST_TEST(heard.size() == (ended || lost ? 40u : 34u));
                    std::set<std::uint32_t> numbers;
                    for (const auto& b : heard)
                        BOOST_TEST(numbers.insert(b.number).second);
                }
            }
}

/* Samples are missing, twice: each time the tracker that goes on hears nothing, silence
 * goes out in the place of its blocks, and what another one brings for
 * the same time comes too late. A call is its header: what is lost is lost once, whoever
 * brings the rest. */
BOOST_AUTO_TEST_CASE(what_several_trackers_lose_of_a_call_is_lost_once)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(28);
    sealer s(secure_sender(key, codec::c3200));
    const auto call =
        send_call(s, codec::c3200, std::vector<kind>(60, kind::secure), rng);
    call_receiver o(holder({ key }));
    std::size_t heard = 0;
    const auto count = [&](const heard_block& b) {
        heard += b.what == heard_block::action::play;
    };
    const auto bring = [&](std::uint32_t track, std::size_t from, std::size_t to) {
        for (auto n = from; n < to; ++n)
            o.receive(soft(call.frames[1 + n], track, false), count);
    };
    // Noise, then the tracker is given up.
    const auto lose = [&](std::uint32_t track, std::size_t from, std::size_t slots) {
        for (auto n = from; n < from + slots; ++n)
            o.receive(soft(call.frames[1 + n], track, false, 1e-9, &rng), count);
        soft_frame gone;
        gone.what = soft_frame::type::lost_track;
        gone.track = track;
        gone.time = 0.08 * static_cast<double>(1 + from + slots);
        o.receive(gone, count);
    };
    o.receive(soft(call.frames[0], 1), count);
    bring(1, 0, 10);
    BOOST_TEST(heard == 10u);
    lose(1, 10, 12);
    bring(2, 10, 22); // verified, and too late
    BOOST_TEST(heard == 10u);
    BOOST_TEST(o.status().lost == 12u);
    lose(2, 22, 3);
    bring(3, 25, 35);
    BOOST_TEST(heard == 20u);
    BOOST_TEST(o.status().lost == 15u);
    lose(3, 35, 12);
    bring(4, 47, 62); // to the END and its repetitions
    BOOST_TEST(heard == 33u);
    BOOST_TEST((o.status().state == heard_state::ended));
    BOOST_TEST(o.status().heard == 33u);
    BOOST_TEST(o.status().lost == 27u); // 60 were sent
}

/* Clear blocks under the header of a call, 50 ms behind its own: who came first is
 * heard. */
BOOST_AUTO_TEST_CASE(clear_voice_beside_a_clear_call_does_not_mute_it)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(27);
    sealer s(secure_sender(key, codec::c3200));
    const auto call = send_call(s, codec::c3200, std::vector<kind>(80, kind::clear), rng);
    call_receiver o(holder({ key }));
    std::vector<heard_block> heard;
    const auto keep = [&](const heard_block& b) { heard.push_back(b); };
    for (std::size_t n = 0; n < 60; ++n) {
        const auto genuine = soft(call.frames[n], 1);
        o.receive(genuine, keep);
        if (n < 10)
            continue;
        auto forged =
            soft(call.frames[n + 20], 2, false); // stands for one of an attacker
        forged.time = genuine.time + 0.05;
        o.receive(forged, keep);
    }
    heard = played(heard);
    BOOST_REQUIRE_EQUAL(heard.size(), 59u);
    for (std::size_t n = 0; n < heard.size(); ++n)
        BOOST_TEST(heard[n].number == n);
}

/* The newest that was played is FM, 80 ms at the time of block 12. */
BOOST_AUTO_TEST_CASE(what_is_older_than_the_fm_that_was_heard_is_not_heard_any_more)
{
    const auto key = make_key("alpha");
    for (const auto k : { kind::secure, kind::clear }) {
        std::mt19937 rng(26);
        sealer s(secure_sender(key, codec::c3200));
        const auto call = send_call(s, codec::c3200, std::vector<kind>(30, k), rng);
        call_receiver o(holder({ key }));
        soft_frame fm;
        fm.what = soft_frame::type::analog;
        fm.spoken = 1;
        fm.time = soft(call.frames[1 + 12]).time;
        std::vector<heard_block> heard;
        o.receive(fm, [&](const heard_block& b) { heard.push_back(b); });
        BOOST_REQUIRE_EQUAL(played(heard).size(), 1u);
        const auto later = played(hear(o, call.frames));
        BOOST_REQUIRE_EQUAL(later.size(), 17u);
        BOOST_TEST(later.front().number == 13u);
    }
}

/* Trackers of two calls that are over, with END or without, hear the third one as if it
 * were theirs, a block earlier than its own tracker, which looks for its mode. */
BOOST_AUTO_TEST_CASE(calls_that_are_over_take_no_verifications_from_the_next_one)
{
    const auto key = make_key("alpha");
    for (const bool ended : { true, false }) {
        std::mt19937 rng(25);
        call_receiver o(holder({ make_key("beta"), make_key("gamma"), key }));
        std::vector<heard_block> heard;
        const auto keep = [&](const heard_block& b) { heard.push_back(b); };
        const auto next_call = [&] {
            sealer s(secure_sender(key, codec::c3200));
            return send_call(s, codec::c3200, std::vector<kind>(10, kind::secure), rng);
        };
        constexpr std::uint32_t over = 2;
        constexpr std::uint32_t silent = 8; // slots behind a call without END
        for (std::uint32_t track = 1; track <= over; ++track) {
            auto frames = next_call().frames;
            if (!ended)
                frames.resize(frames.size() - 3);
            for (const auto& f : frames) {
                auto frame = soft(f, track);
                frame.time += 2 * track;
                o.receive(frame, keep);
            }
            auto noise = soft(frames.back(), track, true, 1e-9, &rng);
            for (std::uint32_t n = 1; !ended && n <= silent; ++n) {
                ++noise.number;
                noise.time += n == 1 ? 2 * track + 0.08 : 0.08;
                o.receive(noise, keep);
            }
        }

        heard.clear();
        const auto call = next_call();
        const auto time_of = [](std::size_t n) {
            return 8 + 0.08 * static_cast<double>(n);
        };
        for (std::size_t n = 0; n <= call.frames.size(); ++n) {
            for (std::uint32_t track = 1; track <= over && n < call.frames.size();
                 ++track) {
                auto ghost = soft(call.frames[n], track);
                ghost.what = soft_frame::type::block;
                ghost.number = 40 * track + static_cast<std::uint32_t>(n);
                ghost.time = time_of(n);
                o.receive(ghost, keep);
            }
            if (n == 0)
                continue;
            auto frame = soft(call.frames[n - 1], over + 1);
            frame.time = time_of(n - 1);
            o.receive(frame, keep);
        }
        heard = played(heard);
        BOOST_TEST_CONTEXT("ended " << ended)
        {
            BOOST_REQUIRE_EQUAL(heard.size(), 10u);
            BOOST_TEST(heard.front().number == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reply_right_after_the_end_loses_nothing)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(25);
    sealer s(secure_sender(key, codec::c1300));
    const auto one = send_call(s, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    const auto two = send_call(s, codec::c1300, std::vector<kind>(20, kind::secure), rng);
    call_receiver o(holder({ key }));
    BOOST_TEST(played(hear_both(o, one, two, one.frames.size())).size() == 40u);
}

BOOST_AUTO_TEST_CASE(a_header_alone_shows_no_key_name)
{
    const auto key = make_key("alpha");
    std::mt19937 rng(26);
    sealer s(secure_sender(key, codec::c1300));
    const auto call = send_call(s, codec::c1300, std::vector<kind>(10, kind::clear), rng);
    call_receiver o(holder({ key }));
    BOOST_TEST(played(hear(o, call.frames)).size() > 0u);
    BOOST_TEST(o.status().key_name == "");
}

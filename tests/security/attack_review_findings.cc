/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// What the review of docs/security-review.md found, each as an attack that no longer
// works.
#define BOOST_TEST_MODULE review_findings
#include "station.h"

#include "core/chain/sealer.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace attack;

namespace {

struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 8 };
    station s{ { key } };
    call make(std::size_t blocks, std::uint8_t salt = 1, kind k = kind::secure)
    {
        return { key, { codec::c1300 }, salt, std::vector<kind>(blocks, k), rng };
    }
};

/*! Replayed headers and junk under them, while a call begins on another track. */
void starve(int headers, int tracks)
{
    world w;
    std::vector<call> old;
    for (int n = 0; n < headers * tracks; ++n)
        old.push_back(w.make(8, static_cast<std::uint8_t>(100 + n)));
    const auto c = w.make(60);
    w.s.now = call_start - 10;
    auto junk = [&](int track, std::uint32_t n, double time) {
        auto f = frame_of({ codec::c1300 }, n, random_bits(random_piece(w.rng), w.rng));
        auto soft = bit_air::soft(f, static_cast<std::uint32_t>(track), true);
        soft.time = time;
        w.s.receiver->hear(soft);
    };
    // late entry into replayed calls whose blocks were damaged: only pieces are needed;
    // simplest: start frames
    for (int n = 0; n < headers * tracks; ++n) {
        w.s.now += 0.08;
        w.s.hear(old[static_cast<std::size_t>(n)].start(),
                 static_cast<std::uint32_t>(1 + n / headers));
    }
    std::size_t played = 0;
    w.s.now = call_start;
    w.s.hear(c.start(), 9);
    for (std::uint32_t n = 0; n < 60; ++n) {
        w.s.now = call_start + 0.0801 + 0.08 * n;
        const double slot =
            std::floor((w.s.now - call_start + 1000) / 0.08) * 0.08 + 0.001;
        for (int t = 0; t < tracks; ++t)
            junk(1 + t, 200 + n, slot);
        auto soft = bit_air::soft(c.block(n), 9, true);
        soft.time = slot + 0.04;
        played += w.s.receiver->hear(soft).size();
    }
    BOOST_TEST(played == 60u);
}

} // namespace

BOOST_AUTO_TEST_CASE(clear_on_a_second_track_under_the_header_of_a_live_secure_call)
{
    world w;
    const auto c = w.make(100);
    const public_session attacker(c.head());
    text_field lie{};
    lie[1] = 0x55;
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    std::size_t real = 0, forged = 0, shown_clear = 0;
    for (std::uint32_t n = 0; n < 100; ++n) {
        w.s.now = call_start + 0.1 + 0.08 * n;
        real += w.s.hear(c.block(n), 1).size();
        if (n == 10)
            w.s.hear(c.start(), 2);
        if (n >= 10) {
            for (auto& b :
                 w.s.hear(frame_of(c.m, n + 1000, attacker.seal(n + 1000, lie)), 2))
                forged += b.kind == kind::clear;
            shown_clear += w.s.status().state != heard_state::secure;
        }
    }
    BOOST_TEST(forged == 0u);
    BOOST_TEST(real == 100u);
}

BOOST_AUTO_TEST_CASE(forged_clear_end_on_a_second_track_closes_the_salt)
{
    world w;
    const auto c = w.make(3000);
    const public_session attacker(c.head());
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    std::mt19937 luck(5);
    int killed = -1, ends = 0;
    for (std::uint32_t n = 0; n < 3000; ++n) {
        w.s.now = call_start + 0.1 + 0.08 * n;
        const auto played = w.s.hear(c.block(n), 1).size();
        if (n > 12 && played == 0 && killed < 0) {
            killed = static_cast<int>(n);
            break;
        }
        if (n == 10)
            w.s.hear(c.start(), 2);
        if (n >= 10) {
            text_field t{};
            t[1] = 1;
            const bool end = n > 14 && n % 2;
            ends += end;
            if (end)
                t[0] = signal_end;
            auto b = attacker.seal(n + 1, t);
            b.tag.back() = static_cast<std::uint8_t>(luck());
            w.s.hear(frame_of(c.m, n + 1, b), 2);
        }
    }
    BOOST_TEST(killed == -1); // the control, too: each block of the call was played
    BOOST_TEST(ends > 1000);
}

BOOST_AUTO_TEST_CASE(recorded_while_the_host_slept)
{
    // Samples stop for a time, and go on with what was sent in the meantime.
    const auto played = [](double asleep) {
        world w;
        const auto c = w.make(160);
        const auto hear = [&](std::uint32_t n, double wall) {
            w.s.now = wall;
            auto soft = bit_air::soft(c.block(n), 1, true);
            soft.time = 1000 + 0.08 * n;
            return w.s.receiver->hear(soft).size();
        };
        w.s.now = call_start;
        w.s.hear(c.start(), 1);
        std::size_t before = 0, after = 0;
        for (std::uint32_t n = 0; n < 50; ++n)
            before += hear(n, call_start + 0.1 + 0.08 * n);
        for (std::uint32_t n = 60; n < 160; ++n)
            after += hear(n, call_start + asleep + 0.1 + 0.08 * n);
        BOOST_TEST(before == 50u);
        return after;
    };
    BOOST_TEST(played(600) == 0u); // 9.9 minutes old
    BOOST_TEST(played(0) == 100u); // the control: awake
}

BOOST_AUTO_TEST_CASE(the_command_secure_outlives_a_transmission)
{
    std::mt19937 rng(1);
    auto o = bit_air::secure_sender(key_of("alpha", 1), codec::c1300);
    o.first = kind::clear;
    sealer s(o);
    s.command(kind::secure);
    std::vector<kind> sent;
    auto keep = [&](const coded_frame& f) {
        if (f.what == coded_frame::type::block)
            sent.push_back(f.kind);
    };
    for (int calls = 0; calls < 2; ++calls) {
        s.seal(bit_air::press(), keep);
        s.seal(bit_air::spoken(bit_air::random_voice(rng, codec::c1300)), keep);
        s.seal(
            bit_air::spoken(bit_air::random_voice(rng, codec::c1300), spoken_block::end),
            keep);
    }
    BOOST_TEST((sent[4] == kind::secure));
    // mid-call interruption
    sealer t(o);
    sent.clear();
    t.seal(bit_air::press(), keep);
    t.command(kind::secure);
    t.seal(bit_air::spoken(bit_air::random_voice(rng, codec::c1300)), keep);
    t.interrupt();
    t.seal(bit_air::press(), keep);
    t.seal(bit_air::spoken(bit_air::random_voice(rng, codec::c1300)), keep);
    BOOST_TEST((sent.back() == kind::secure));
}

BOOST_AUTO_TEST_CASE(a_recording_with_a_replay_after_64_transmissions)
{
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng(3);
    ear e(key);
    auto play = [&](const call& c, std::uint32_t track, double at) {
        std::size_t n = 0;
        auto st = bit_air::soft(c.start(), track);
        st.time = at;
        e.hear(st);
        for (std::size_t k = 0; k < c.blocks.size(); ++k) {
            auto f = bit_air::soft(c.block(k), track);
            f.time = at + 0.08 * (1 + static_cast<double>(k));
            n += e.hear(f).size();
        }
        soft_frame gone;
        gone.what = soft_frame::type::lost_track;
        gone.track = track;
        gone.time = at + 2;
        e.hear(gone);
        return n;
    };
    std::vector<call> calls;
    for (int n = 0; n < 65; ++n)
        calls.emplace_back(key,
                           mode{ codec::c1300 },
                           static_cast<std::uint8_t>(n),
                           std::vector<kind>(6, kind::secure),
                           rng);
    double at = 0;
    std::uint32_t track = 1;
    for (auto& c : calls) {
        BOOST_TEST(play(c, track++, at) == 6u); // the control
        at += 5;
    }
    BOOST_TEST(play(calls[0], track++, at) == 0u);
}

BOOST_AUTO_TEST_CASE(age_of_a_live_call_beside_a_replay)
{
    world w;
    const auto old = w.make(20, 7);
    BOOST_TEST(w.s.hear_call(old, 1, call_start) == 20u);
    key_ptr key = w.key;
    const double t0 = call_start + 3600;
    auto sender = session_for_tests::with_salt(
        &key->key, { codec::c1300 }, static_cast<std::int64_t>(t0), salt_value{ 0x31 });
    w.s.now = t0;
    w.s.hear(start_of(sender.head()), 2);
    w.s.hear(old.start(), 3);
    double worst = 0;
    std::size_t played = 0, shown = 0, replayed = 0;
    for (std::uint32_t n = 0; n < 20; ++n) {
        w.s.now = t0 + 0.1 + 0.08 * n;
        text_field t{};
        t[1] = 1;
        played += w.s.hear(frame_of({ codec::c1300 }, n, sender.seal(kind::secure, t)), 2)
                      .size();
        replayed += w.s.hear(old.block(n), 3).size();
        const auto st = w.s.status();
        if (st.state == heard_state::secure && st.age) {
            ++shown;
            worst = std::max(worst, *st.age);
        }
    }
    BOOST_TEST(worst < 10);
    BOOST_TEST(replayed == 0u);
    BOOST_TEST(played == 20u);
    BOOST_TEST(shown == 20u);
    BOOST_TEST(w.s.status().replayed > 0u); // the replay was there
}

BOOST_AUTO_TEST_CASE(junk_leaves_enough_verifications)
{
    starve(1, 2);
    starve(2, 1);
    starve(4, 1);
}

BOOST_AUTO_TEST_CASE(forged_clear_end_in_a_fade_kills_a_secure_call)
{
    world w;
    const auto c = w.make(3000);
    const public_session attacker(c.head());
    w.s.now = call_start;
    w.s.hear(c.start(), 1);
    BOOST_TEST(w.s.hear_blocks(c, 0, 50, 1, call_start + 0.1, true) == 50u);
    w.s.lose(1);
    std::mt19937 luck(5);
    int ends = 0;
    std::uint32_t n = 62;
    w.s.hear(c.start(), 2);
    for (; n < 2500; ++n) {
        w.s.now = call_start + 0.1 + 0.08 * n;
        text_field t{};
        t[1] = 1;
        const bool end = n > 66 && n % 2;
        ends += end;
        if (end)
            t[0] = signal_end;
        auto b = attacker.seal(n, t);
        b.tag.back() = static_cast<std::uint8_t>(luck());
        w.s.hear(frame_of(c.m, n, b), 2);
        const auto r = w.s.memory->find(w.key->key, c.head().salt());
        if (r && r->closed)
            break;
    }
    w.s.lose(2);
    const auto after = w.s.hear_blocks(c, n + 5, n + 105, 3, call_start + 0.1, false);
    BOOST_TEST(after > 80u);
}

BOOST_AUTO_TEST_CASE(whose_key_is_shown)
{
    auto alpha = key_of("alpha", 1), beta = key_of("beta", 2);
    std::mt19937 rng(4);
    station s({ alpha, beta });
    const call a(alpha, { codec::c1300 }, 1, std::vector<kind>(40, kind::secure), rng);
    const call b(beta, { codec::c1300 }, 2, std::vector<kind>(40, kind::secure), rng);
    s.now = call_start;
    s.hear(a.start(), 1);
    s.hear(b.start(), 1);
    for (std::uint32_t n = 0; n < 10; ++n) {
        s.now = call_start + 0.1 + 0.08 * n;
        s.hear(a.block(n), 1);
    }
    int wrong = 0, played = 0;
    for (std::uint32_t n = 17; n < 25; ++n) {
        s.now = call_start + 0.1 + 0.08 * n;
        if (!s.hear(b.block(n), 1).empty()) {
            ++played;
            wrong += s.status().key_name != "beta";
        }
    }
    BOOST_TEST(wrong == 0);
    BOOST_TEST(played >= 7); // the control
}

BOOST_AUTO_TEST_CASE(zeroized_then_clear_told_to_the_sealer_only)
{
    std::mt19937 rng(1);
    sealer s(bit_air::secure_sender(key_of("alpha", 1), codec::c1300));
    const auto voice = bit_air::random_voice(rng, codec::c1300);
    std::vector<kind> sent;
    const auto keep = [&](const coded_frame& f) {
        if (f.what == coded_frame::type::block)
            sent.push_back(f.kind);
    };
    s.zeroize();
    s.command(kind::clear);
    s.seal(bit_air::press(), keep);
    BOOST_CHECK_THROW(s.seal(bit_air::spoken(voice, 0, 0), keep), keys_wiped);
    BOOST_TEST(sent.empty());
    // the control: told to both
    s.command(kind::clear);
    s.seal(bit_air::press(), keep);
    s.seal(bit_air::spoken(voice, 0, 2), keep);
    BOOST_TEST((sent == std::vector<kind>{ kind::clear }));
}

BOOST_AUTO_TEST_CASE(a_ghost_hides_no_verdict)
{
    world w;
    const auto c = w.make(30);
    w.s.hear_call(c, 1, call_start);
    w.s.hear_call(c, 2, call_start + 60);
    for (std::uint32_t n = 0; n < 3; ++n) {
        w.s.now += 0.08;
        w.s.hear(frame_of(c.m, n, random_bits(random_piece(w.rng), w.rng)), 3, false);
    }
    w.s.lose(3);
    BOOST_TEST((w.s.status().state == heard_state::replay_refused));
}

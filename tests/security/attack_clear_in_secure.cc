/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE clear_in_secure
#include "attack.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

constexpr std::size_t blocks = 120;

/*! A secure call, and clear blocks that anybody can make from its header: right salt,
 * right numbers, right public check. */
struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 1 };
    call sent;
    public_session everybody;

    explicit world(codec c)
        : sent(key, { c }, 6, std::vector<kind>(blocks, kind::secure), rng),
          everybody(sent.head())
    {
    }

    coded_frame forged(std::uint32_t n, std::uint8_t signalling = 0)
    {
        auto text = securevoice::test::random_text(sent.m.codec, rng);
        text[0] = signalling;
        auto block = everybody.seal(n, text);
        block.tag.back() = static_cast<std::uint8_t>(rng()); // the keyed octet: a guess
        return frame_of(sent.m, n, block);
    }

    /*! Every block from 10 on whose number leaves a rest below \p run is the
     * attacker's. */
    static bool covered(std::uint32_t n, unsigned run, unsigned period)
    {
        return n >= 10 && n % period < run;
    }
};

const codec some_codecs[] = { codec::c3200, codec::c1300, codec::c700c };

} // namespace

BOOST_AUTO_TEST_CASE(single_clear_blocks_in_a_secure_call_are_muted)
{
    for (const auto c : some_codecs)
        for (const unsigned period : { 2u, 3u, 4u, 5u, 10u }) {
            world w(c);
            ear e(w.key);
            e.hear(w.sent.start());
            std::size_t secure = 0;
            for (std::uint32_t n = 0; n < blocks; ++n) {
                if (world::covered(n, 1, period)) {
                    e.hear(w.forged(n));
                    continue;
                }
                ++secure;
                const auto played = e.hear(w.sent.block(n));
                BOOST_REQUIRE(played.size() == 1u); // the next secure block, at once
                BOOST_TEST(played[0].number == n);
            }
            BOOST_TEST(e.played().size() == secure);
            BOOST_TEST(strangers(e.played(), w.sent) == 0u);
            BOOST_TEST((e.status().state == heard_state::secure));
        }
}

/*! Nobody announced them: while the secure call is alive, for a second after its newest
 * block, runs of them stay muted too and are reported. Longer ones may be heard, but not
 * as secure nor as the group's, and the secure blocks behind them all play. */
BOOST_AUTO_TEST_CASE(runs_of_clear_blocks_never_pass_for_secure_and_secure_returns)
{
    for (const auto c : some_codecs)
        for (const unsigned run : { 2u, 3u, 4u, 6u, 10u, 16u }) {
            world w(c);
            ear e(w.key);
            e.hear(w.sent.start());
            std::size_t secure = 0, heard = 0;
            for (std::uint32_t n = 0; n < blocks; ++n) {
                const bool forged = world::covered(n, run, 20);
                for (const auto& b : e.hear(forged ? w.forged(n) : w.sent.block(n))) {
                    BOOST_TEST(
                        (b.kind == (world::covered(b.number, run, 20) ? kind::clear
                                                                      : kind::secure)));
                    if (b.kind == kind::secure) {
                        BOOST_TEST((b.voice == w.sent.voice(b.number)));
                        ++heard;
                    }
                }
                secure += !forged;
            }
            BOOST_TEST(heard == secure);
            BOOST_TEST((run > 10 || e.played().size() == secure));
            BOOST_TEST(e.ever(heard_state::clear_unknown));
            BOOST_TEST(!e.ever(heard_state::clear_group));
            BOOST_TEST((e.status().state == heard_state::secure));
        }
}

/*! A clear END of anybody, or many of them, does not end a secure call. */
BOOST_AUTO_TEST_CASE(a_clear_end_in_a_secure_call_does_not_end_it)
{
    for (const unsigned run : { 1u, 2u, 3u }) {
        world w(codec::c1300);
        ear e(w.key);
        e.hear(w.sent.start());
        std::size_t secure = 0;
        for (std::uint32_t n = 0; n < blocks; ++n) {
            const bool forged = world::covered(n, run, 20);
            e.hear(forged ? w.forged(n, signal_end) : w.sent.block(n));
            secure += !forged;
        }
        const auto heard =
            std::count_if(e.played().begin(), e.played().end(), [](const auto& b) {
                return b.kind == kind::secure;
            });
        BOOST_TEST(static_cast<std::size_t>(heard) == secure);
    }
}

BOOST_AUTO_TEST_CASE(a_receiver_for_secure_only_plays_none_of_them)
{
    for (const unsigned run : { 1u, 3u, 8u }) {
        world w(codec::c1300);
        auto options = bit_air::holder({ w.key });
        options.secure_only = true;
        ear e(options);
        e.hear(w.sent.start());
        std::size_t secure = 0;
        for (std::uint32_t n = 0; n < blocks; ++n) {
            const bool forged = world::covered(n, run, 20);
            e.hear(forged ? w.forged(n) : w.sent.block(n));
            secure += !forged;
        }
        BOOST_TEST(e.played().size() == secure);
        BOOST_TEST(strangers(e.played(), w.sent) == 0u);
        BOOST_TEST(e.status().refused == blocks - secure);
    }
}

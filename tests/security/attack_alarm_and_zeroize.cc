/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE alarm_and_zeroize
#include "attack.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 26 };
    call sent{ key, { codec::c1300 }, 5, std::vector<kind>(300, kind::secure), rng };

    /*! The call with, in its blocks [100, 200), something else in a share of the
     * slots. */
    template <typename Alter>
    bool alarm(Alter alter, unsigned of_ten)
    {
        ear e(key);
        bool raised = false;
        e.hear(sent.start());
        for (std::size_t n = 0; n < 300; ++n) {
            auto frame = bit_air::soft(sent.block(n));
            if (n >= 100 && n < 200 && n % 10 < of_ten)
                alter(frame);
            e.hear(frame);
            raised = raised || e.status().interference;
            if (raised && n > 290)
                BOOST_TEST(!e.status().interference); // it goes with its cause
        }
        BOOST_TEST((e.status().state == heard_state::secure));
        return raised;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(altered_blocks_raise_the_alarm)
{
    world w;
    const auto alter = [&](soft_frame& f) {
        f = bit_air::soft(
            frame_of({ codec::c1300 },
                     f.number,
                     random_bits(header_piece(w.sent.head(), f.number), w.rng)));
        f.time = 0.08 * (1 + f.number);
    };
    BOOST_TEST(w.alarm(alter, 7));
    BOOST_TEST(!w.alarm(alter, 4));
}

BOOST_AUTO_TEST_CASE(noise_does_not)
{
    world w;
    std::normal_distribution<float> noise;
    BOOST_TEST(!w.alarm(
        [&](soft_frame& f) {
            for (auto& llr : f.llr)
                llr = 2 * noise(w.rng);
        },
        7));
}

BOOST_AUTO_TEST_CASE(nor_does_a_call_under_another_key)
{
    world w;
    ear e(key_of("beta", 2));
    e.hear(w.sent.start());
    for (std::size_t n = 0; n < 200; ++n) {
        e.hear(w.sent.block(n));
        BOOST_TEST(!e.status().interference);
    }
    BOOST_TEST((e.status().state == heard_state::encrypted_no_key));
}

BOOST_AUTO_TEST_CASE(after_zeroize_nothing_secure_is_heard)
{
    world w;
    call_receiver o(bit_air::holder({ w.key }));
    std::size_t played = 0;
    bool finished = false;
    const auto sink = [&](const heard_block& b) {
        played += b.what == heard_block::action::play;
        finished = b.what == heard_block::action::finish;
    };
    o.receive(bit_air::soft(w.sent.start()), sink);
    for (std::size_t n = 0; n < 50; ++n)
        o.receive(bit_air::soft(w.sent.block(n)), sink);
    BOOST_TEST(played == 50u);
    o.zeroize(sink);
    BOOST_TEST(finished);
    BOOST_TEST(w.key->key.wiped());
    for (std::size_t n = 50; n < 100; ++n)
        o.receive(bit_air::soft(w.sent.block(n)), sink);
    o.receive(bit_air::soft(w.sent.start(), 2), sink);
    for (std::size_t n = 100; n < 150; ++n)
        o.receive(bit_air::soft(w.sent.block(n), 2), sink);
    BOOST_TEST(played == 50u);
    BOOST_TEST(o.status().heard == 50u);
    BOOST_TEST((o.status().state == heard_state::encrypted_no_key));
    o.zeroize(sink); // again: nothing left to do
}

BOOST_AUTO_TEST_CASE(a_receiver_takes_sixteen_keys_at_most)
{
    std::vector<key_ptr> keys;
    for (unsigned n = 0; n < call_receiver::max_keys; ++n)
        keys.push_back(key_of("k" + std::to_string(n), static_cast<std::uint8_t>(n + 1)));
    BOOST_CHECK_NO_THROW(call_receiver(bit_air::holder(keys)));
    keys.push_back(key_of("one more", 200));
    BOOST_CHECK_THROW(call_receiver(bit_air::holder(keys)), std::invalid_argument);
}

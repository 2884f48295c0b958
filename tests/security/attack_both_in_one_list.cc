/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE both_in_one_list
#include "attack.h"

#include <boost/test/unit_test.hpp>

using namespace attack;

namespace {

constexpr std::size_t blocks = 60;
constexpr std::size_t list = 32; // of the receiver

/*! Place of some block among the decoder's candidates, best first; -1: none. */
int place_of(const std::vector<polar_candidate>& candidates,
             codec c,
             const air_block& block)
{
    const auto bits = to_bits(c, block);
    for (std::size_t n = 0; n < candidates.size(); ++n)
        if (std::equal(candidates[n].others.begin(),
                       candidates[n].others.end(),
                       bits.others.begin()))
            return static_cast<int>(n);
    return -1;
}

std::vector<polar_candidate>
candidates_of(const soft_frame& frame, codec c, const air_block& block, std::size_t size)
{
    std::vector<polar_candidate> all;
    polar_list_decoder decoder(list);
    const auto keep = [&](const polar_candidate& candidate) {
        all.push_back(candidate);
        return false;
    };
    const auto bits = to_bits(c, block);
    decoder.decode(block_code(c), frame.llr.data(), bits.piece.data(), size, keep);
    return all;
}

/*!
 * A slot in which a real secure block and a forged clear one lie over each other. Where
 * their code bits agree the soft bits are strong, where they differ they are weak and
 * speak for the forged one.
 */
struct crossed_slot {
    text_field forged_text;
    air_block forged;
    soft_frame frame;
    int secure_place;
    int forged_place;
    int secure_in_small_list;

    crossed_slot(const call& sent, std::uint32_t n, float weak, std::mt19937& rng)
    {
        const auto c = sent.m.codec;
        forged_text = securevoice::test::random_text(c, rng);
        forged_text[0] = 0;
        forged = public_session(sent.head()).seal(n, forged_text);
        const auto secure_bits = sent.block(n).bits;
        const auto forged_bits = frame_of(sent.m, n, forged).bits;
        frame = bit_air::soft(sent.block(n));
        frame.time += block_seconds / 2; // well inside its slot, whose tries are counted
        for (std::size_t k = 0; k < block_code_bits; ++k)
            if (secure_bits[k] != forged_bits[k])
                frame.llr[k] = forged_bits[k] ? -weak : weak;
        const auto all = candidates_of(frame, c, forged, list);
        secure_place = place_of(all, c, sent.blocks[n]);
        forged_place = place_of(all, c, forged);
        secure_in_small_list =
            place_of(candidates_of(frame, c, forged, 4), c, sent.blocks[n]);
    }

    /*! The case that is meant: both are candidates, the forged one is the better. */
    bool both() const { return forged_place >= 0 && secure_place > forged_place; }
};

} // namespace

/*! Secure goes first over the whole list, however good the forged clear block looks. */
BOOST_AUTO_TEST_CASE(of_real_secure_and_forged_clear_in_one_list_the_secure_block_plays)
{
    const auto key = key_of("alpha", 1);
    for (const float weak : { 0.05f, 0.2f }) {
        std::size_t crossed = 0, outside_small_list = 0;
        for (const auto c : all_codecs) {
            std::mt19937 rng(1);
            const call sent(key, { c }, 1, std::vector<kind>(blocks, kind::secure), rng);
            ear holder(key);
            holder.hear(sent.start());
            for (std::uint32_t n = 0; n < blocks; ++n) {
                const crossed_slot slot(sent, n, weak, rng);
                if (!slot.both()) {
                    holder.hear(sent.block(n));
                    continue;
                }
                ++crossed;
                outside_small_list += slot.secure_in_small_list < 0;
                const auto played = holder.hear(slot.frame);
                BOOST_REQUIRE(played.size() == 1u);
                BOOST_TEST((played[0].kind == kind::secure));
                BOOST_TEST((played[0].voice == sent.voice(n)));
            }
            BOOST_TEST(strangers(holder.played(), sent) == 0u);
        }
        BOOST_TEST(crossed > 100u); // of 420
        if (weak > 0.1f)            // the secure block is found by the larger list only
            BOOST_TEST(outside_small_list > 100u);
    }
}

/*! The forged blocks are good ones: who has no key hears them, as clear. */
BOOST_AUTO_TEST_CASE(the_forged_block_is_what_a_keyless_receiver_would_play)
{
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(2);
    const call sent(
        key, { codec::c1200 }, 1, std::vector<kind>(blocks, kind::secure), rng);
    ear keyless(bit_air::holder({}));
    keyless.hear(sent.start());
    std::vector<text_field> texts;
    for (std::uint32_t n = 0; n < blocks; ++n) {
        const crossed_slot slot(sent, n, 0.05f, rng);
        BOOST_REQUIRE(slot.forged_place >= 0);
        texts.push_back(slot.forged_text);
        keyless.hear(slot.frame);
    }
    BOOST_TEST(keyless.played().size() == blocks);
    for (const auto& b : keyless.played()) {
        BOOST_TEST((b.kind == kind::clear));
        BOOST_TEST(
            std::equal(b.voice.begin(), b.voice.end(), texts[b.number].begin() + 1));
    }
}

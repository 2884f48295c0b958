/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE jammed_pieces
#include "attack.h"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace attack;

namespace {

constexpr std::size_t blocks = 70;
#ifdef SECUREVOICE_SANITIZE       // ten times as slow
constexpr std::size_t cuts = 4;   // places to join the call at
constexpr std::size_t step = 132; // symbols, from place to place
#else
constexpr std::size_t cuts = 32;
constexpr std::size_t step = 2;
#endif
constexpr unsigned normal = 6; // blocks until the first audio, without a jammer

struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 1 };
    call sent;

    explicit world(codec c)
        : sent(key, { c }, 3, std::vector<kind>(blocks, kind::secure), rng)
    {
    }

    /*! Blocks that go by, from joining on, until the first audio. */
    unsigned late_entry(std::size_t join, const std::function<void(soft_frame&)>& jam)
    {
        ear e(key);
        for (std::size_t n = join; n < blocks; ++n) {
            auto frame = bit_air::soft(sent.block(n), 1, false);
            jam(frame);
            if (!e.hear(frame).empty()) {
                BOOST_TEST(strangers(e.played(), sent) == 0u);
                return static_cast<unsigned>(n - join + 1);
            }
        }
        return 1000;
    }

    void noise(float& llr) { llr = 4 * std::normal_distribution<float>()(rng); }
};

} // namespace

BOOST_AUTO_TEST_CASE(without_a_jammer_late_entry_takes_six_blocks)
{
    for (const auto c : all_codecs) {
        world w(c);
        for (std::size_t join = 0; join < cuts; ++join)
            BOOST_TEST(w.late_entry(join, [](soft_frame&) {}) == normal);
    }
}

/*! A jammer that knows which blocks carry which words of the header, and has every
 * position of every period in turn. */
BOOST_AUTO_TEST_CASE(no_block_position_whose_jamming_more_than_doubles_late_entry)
{
    for (const auto c : { codec::c3200, codec::c1300, codec::c700c }) {
        world w(c);
        for (unsigned period = 2; period <= 16; ++period)
            for (unsigned position = 0; position < period; ++position)
                for (std::size_t join = 0; join < cuts; join += 3 + period % 3) {
                    const auto took = w.late_entry(join, [&](soft_frame& frame) {
                        if (frame.number % period == position)
                            for (auto& llr : frame.llr)
                                w.noise(llr);
                    });
                    BOOST_TEST(took <= 2 * normal,
                               codec_name(c) << ": " << took << " blocks with every "
                                             << period << "th jammed from " << position
                                             << ", joined at " << join);
                }
    }
}

/*!
 * The same symbols of every block, blanked or with noise in their place: the interleaver
 * has bits of few code words there, through which some bits of the piece alone are
 * decided. (At 3200 not even a known header helps against more than 16 symbols.)
 */
BOOST_AUTO_TEST_CASE(no_symbols_of_all_blocks_whose_jamming_more_than_doubles_late_entry)
{
    for (const auto c : all_codecs) {
        world w(c);
        for (const std::size_t width : { 11, 16, 22 })
            for (const bool blank : { true, false })
                for (std::size_t at = 0; at + width <= data_symbols; at += step) {
                    if (c == codec::c3200 && width > 16)
                        continue;
                    const auto took = w.late_entry(at % cuts, [&](soft_frame& frame) {
                        for (std::size_t k = 2 * at; k < 2 * (at + width); ++k)
                            if (blank)
                                frame.llr[k] = 0;
                            else
                                w.noise(frame.llr[k]);
                    });
                    BOOST_TEST(took <= 2 * normal,
                               codec_name(c)
                                   << ": " << took << " blocks with the " << width
                                   << " data symbols from " << at << " jammed");
                }
    }
}

/*! Wrong pieces instead of noise: every k-th block is a code word with the right number
 * and a piece of nobody's header. */
BOOST_AUTO_TEST_CASE(
    no_block_position_whose_piece_can_be_altered_to_more_than_double_late_entry)
{
    for (const auto c : { codec::c3200, codec::c700c }) {
        world w(c);
        for (unsigned period = 2; period <= 11; ++period)
            for (unsigned position = 0; position < period; ++position)
                for (std::size_t join = 0; join < cuts; join += 5) {
                    const auto took = w.late_entry(join, [&](soft_frame& frame) {
                        if (frame.number % period != position)
                            return;
                        auto bits = to_bits(c, w.sent.blocks[frame.number]);
                        for (auto& bit : bits.piece)
                            bit = static_cast<std::uint8_t>(w.rng() & 1);
                        frame.llr =
                            bit_air::soft(frame_of(w.sent.m, frame.number, bits)).llr;
                    });
                    BOOST_TEST(took <= 2 * normal,
                               codec_name(c) << ": " << took << " blocks with every "
                                             << period << "th piece altered from "
                                             << position << ", joined at " << join);
                }
    }
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE moved_blocks
#include "attack.h"
#include "burst.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

using namespace attack;

namespace {

constexpr std::size_t blocks = 100;
#ifdef SECUREVOICE_SANITIZE // ten times as slow
constexpr std::size_t distances[] = { 1, 16 };
#else
constexpr std::size_t distances[] = { 1, 2, 3, 8, 16, 24, 32 };
#endif

/*! Which block of the call each slot carries. */
using order = std::vector<std::size_t>;

order in_order()
{
    order o(blocks);
    std::iota(o.begin(), o.end(), 0);
    return o;
}

struct world {
    key_ptr key = key_of("alpha", 1);
    std::mt19937 rng{ 1 };
    call sent{ key, { codec::c1300 }, 5, std::vector<kind>(blocks, kind::secure), rng };

    /*! Soft bits: a moved block comes with the number of its slot, for the tracker counts
     * on. */
    std::multiset<std::uint32_t> heard_by_bits(const order& slots)
    {
        ear e(key);
        e.hear(sent.start());
        for (std::size_t n = 0; n < slots.size(); ++n) {
            auto frame = sent.block(slots[n]);
            frame.number = static_cast<std::uint16_t>(n);
            e.hear(frame);
        }
        BOOST_TEST(strangers(e.played(), sent) == 0u);
        return e.numbers();
    }

    /*! IQ: the slots of the burst in another order, number signs and all, over a noisy
     * channel. */
    std::multiset<std::uint32_t> heard_on_the_air(const order& slots)
    {
        return heard_on_the_air(slots, {}, 0);
    }

    /*! And blocks sent again over others, so strong that nothing is left of those.
     * \param again which over which \param late so many samples behind its beginning */
    std::multiset<std::uint32_t>
    heard_on_the_air(const order& slots,
                     const std::vector<std::pair<std::size_t, std::size_t>>& again,
                     long late)
    {
        const auto burst = burst_of(sent);
        const auto slot = static_cast<std::size_t>(block_seconds * burst_rate);
        const auto first = first_symbol_of(burst, 1 + blocks) + slot; // of block 0
        const auto at = [&](std::size_t n) {
            return burst.begin() + static_cast<long>(first + n * slot);
        };
        std::vector<cfloat> iq(burst.begin(), at(0));
        for (const auto from : slots)
            iq.insert(iq.end(), at(from), at(from + 1));
        iq.insert(iq.end(), at(blocks), burst.end());
        for (const auto& [from, over] : again)
            std::copy(
                at(from), at(from + 1), iq.begin() + (at(over) - burst.begin()) + late);
        const auto received = on_the_air(iq, 50, 200, 1);

        receiver_options r;
        r.demodulate.sample_rate = burst_rate;
        r.receive = bit_air::holder({ key });
        receiver hears(r);
        std::vector<heard_block> played;
        hears.on_block = [&](const heard_block& b) {
            if (b.what == heard_block::action::play)
                played.push_back(b);
        };
        std::vector<std::int16_t> speech;
        hears.push(received.data(), received.size(), speech);
        hears.finish(speech);
        BOOST_TEST(strangers(played, sent) == 0u);
        std::multiset<std::uint32_t> numbers;
        for (const auto& b : played)
            numbers.insert(b.number);
        return numbers;
    }
};

/*! The blocks in their places are heard once each; the others not at all. */
void check_bits(world& w, const order& slots)
{
    const auto heard = w.heard_by_bits(slots);
    for (std::uint32_t n = 0; n < blocks; ++n)
        BOOST_TEST(heard.count(n) == (slots[n] == n ? 1u : 0u), "block " << n);
}

/*! On the air the block before a moved one may be lost: its channel estimate leans on the
 * sync word that follows, which is another block's. */
void check_air(world& w, const order& slots)
{
    const auto heard = w.heard_on_the_air(slots);
    for (std::uint32_t n = 0; n < blocks; ++n) {
        if (slots[n] != n)
            BOOST_TEST(heard.count(n) == 0u, "moved block " << n);
        else if (n + 1 == blocks || slots[n + 1] == n + 1)
            BOOST_TEST(heard.count(n) == 1u, "block " << n);
        else
            BOOST_TEST(heard.count(n) <= 1u, "block " << n);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(swapped_blocks_are_refused_and_the_others_play)
{
    world w;
    for (const auto distance : distances) {
        auto slots = in_order();
        std::swap(slots[40], slots[40 + distance]);
        BOOST_TEST_CONTEXT("distance " << distance)
        {
            check_bits(w, slots);
            check_air(w, slots);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_block_sent_again_in_place_of_a_later_one_is_refused)
{
    world w;
    for (const auto distance : distances) {
        auto slots = in_order();
        slots[40 + distance] = 40;
        BOOST_TEST_CONTEXT("distance " << distance)
        {
            check_bits(w, slots);
            check_air(w, slots);
        }
    }
}

BOOST_AUTO_TEST_CASE(many_moved_blocks_at_once_are_refused_and_the_others_play)
{
    world w;
    auto slots = in_order();
    for (std::size_t n = 20; n + 24 < 70; n += 5)
        std::swap(slots[n], slots[n + (n % 2 ? 16 : 24)]);
    check_bits(w, slots);
    check_air(w, slots);
}

BOOST_AUTO_TEST_CASE(blocks_swapped_with_the_next_one_again_and_again_cost_no_others)
{
    world w;
    auto slots = in_order();
    for (std::size_t n = 20; n < 84; n += 8)
        std::swap(slots[n], slots[n + 1]);
    check_bits(w, slots);
    check_air(w, slots);
}

/*! The call seems to jump by a block and back: those that are sent are heard once, early
 * or not at all, and from the second one that is in its place on all are. */
BOOST_AUTO_TEST_CASE(blocks_in_a_row_that_come_a_block_early_cost_none_behind_them)
{
    world w;
    for (const std::size_t row : { 2u, 3u, 6u }) {
        auto slots = in_order();
        for (std::size_t n = 40; n < 40 + row; ++n)
            slots[n] = n + 1;
        const auto heard = w.heard_on_the_air(slots);
        for (std::uint32_t n = 0; n < blocks; ++n)
            BOOST_TEST_CONTEXT(row << " blocks, block " << n)
            {
                BOOST_TEST(heard.count(n) <= (n == 40 ? 0u : 1u));
                if (n < 39 || n > 40 + row)
                    BOOST_TEST(heard.count(n) == 1u);
            }
    }
}

/*! Sent again somewhere within others: whoever records a block has its pilots and sync
 * words, and so a place to go to. */
BOOST_AUTO_TEST_CASE(blocks_moved_by_a_part_of_a_block_cost_those_that_they_cover)
{
    world w;
    using pairs = std::vector<std::pair<std::size_t, std::size_t>>;
    const pairs once{ { 40, 41 } }, twice{ { 40, 41 }, { 41, 42 } };
    const pairs often{ { 20, 21 }, { 30, 32 }, { 39, 40 },
                       { 40, 41 }, { 50, 50 }, { 60, 75 } };
    for (const auto& again : { once, twice, often })
        for (const long late : { 10L, 500L, 1920L, 3300L }) {
            const auto heard = w.heard_on_the_air(in_order(), again, late);
            std::set<std::size_t> covered;
            for (const auto& [from, over] : again)
                covered.insert({ over - 1, over, over + 1 }); // and the word before
            for (std::uint32_t n = 0; n < blocks; ++n)
                BOOST_TEST_CONTEXT(again.size()
                                   << " blocks, " << late << " late, block " << n)
                {
                    BOOST_TEST(heard.count(n) <= 1u);
                    BOOST_TEST(heard.count(n) + covered.count(n) >= 1u);
                }
        }
}

/*! With soft bits the numbers can be anything: an attacker's are those of the blocks that
 * are sent again. */
BOOST_AUTO_TEST_CASE(a_doubled_block_with_its_own_number_plays_once)
{
    world w;
    for (const auto distance : distances) {
        ear e(w.key);
        e.hear(w.sent.start());
        for (std::size_t n = 0; n < blocks; ++n) {
            e.hear(w.sent.block(n));
            if (n == 40 + distance) {
                auto again = bit_air::soft(w.sent.block(40));
                again.time = 0.08 * static_cast<double>(n + 1);
                BOOST_TEST(e.hear(again).empty());
            }
        }
        BOOST_TEST(e.played().size() == blocks);
        BOOST_TEST(strangers(e.played(), w.sent) == 0u);
        BOOST_TEST(e.numbers().count(40) == 1u);
        BOOST_TEST(e.status().refused == 1u);
    }
}

BOOST_AUTO_TEST_CASE(dropped_blocks_are_missed_and_the_others_play)
{
    world w;
    for (const std::size_t distance : { 16u, 24u }) {
        ear e(w.key);
        e.hear(w.sent.start());
        for (std::size_t n = 0; n < blocks; ++n)
            if (n != 40 && n != 40 + distance)
                e.hear(w.sent.block(n));
        BOOST_TEST(e.played().size() == blocks - 2);
        BOOST_TEST(strangers(e.played(), w.sent) == 0u);
        BOOST_TEST(e.numbers().count(40) == 0u);
        BOOST_TEST(e.status().lost == 2u);
    }
}

/*! The attacker jams a part of the call and sends its blocks later, with their own
 * numbers, which nobody has heard yet. They do not fit the call's time line, which allows
 * one second. */
BOOST_AUTO_TEST_CASE(blocks_held_back_for_more_than_a_second_are_refused)
{
    world w;
    for (const std::size_t distance : { 16u, 24u, 32u }) {
        ear e(w.key);
        e.hear(w.sent.start());
        for (std::size_t n = 0; n < blocks; ++n) {
            if (n < 30 || n >= 30 + distance + 10) {
                e.hear(w.sent.block(n));
            } else if (n >=
                       30 + distance) { // 30, 31, ... in the places of 30 + distance, ...
                auto late = bit_air::soft(w.sent.block(n - distance));
                late.time = bit_air::soft(w.sent.block(n)).time;
                BOOST_TEST(e.hear(late).empty());
            }
        }
        BOOST_TEST(e.played().size() == blocks - distance - 10);
        BOOST_TEST(strangers(e.played(), w.sent) == 0u);
        BOOST_TEST(e.status().replayed == 10u);
    }
}

/*! Half the numbers apart two blocks carry the same piece of the header: there the number
 * in the tag alone tells them apart. */
BOOST_AUTO_TEST_CASE(a_block_32768_numbers_away_from_its_own_is_refused)
{
    constexpr std::uint32_t half = 32768;
    const auto key = key_of("alpha", 1);
    std::mt19937 rng(2);
    const call sent(
        key, { codec::c700c }, 5, std::vector<kind>(half + 40, kind::secure), rng);
    BOOST_REQUIRE((sent.blocks[10].piece == header_piece(sent.head(), half + 10)));
    ear e(key);
    e.hear(sent.start());
    for (std::uint32_t n = half; n < half + 40; ++n) {
        auto frame = sent.block(n);
        if (n % 4 == 3)
            frame.bits = sent.block(n - half).bits;
        e.hear(frame);
    }
    BOOST_TEST(e.played().size() == 30u);
    BOOST_TEST(strangers(e.played(), sent) == 0u);
}

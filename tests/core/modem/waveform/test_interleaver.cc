/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE interleaver

#include "core/modem/waveform/interleaver.h"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace securevoice;

namespace {

constexpr std::uint8_t narrow_1300 = 4, robust_1300 = 12;

coded_frame random_frame(coded_frame::type what,
                         std::uint8_t mode,
                         std::size_t number,
                         std::mt19937& random)
{
    coded_frame f;
    f.what = what;
    f.mode = mode;
    f.number = static_cast<std::uint16_t>(number);
    for (auto& bit : f.bits)
        bit = random() & 1u;
    return f;
}

struct burst {
    coded_frame start;
    std::vector<coded_frame> blocks, air;
};

burst make_burst(std::uint8_t mode, std::size_t blocks)
{
    std::mt19937 random(static_cast<unsigned>(mode + 100 * blocks));
    burst b;
    b.start = random_frame(coded_frame::type::start, mode, 0, random);
    interleaver mix(b.start);
    for (std::size_t n = 0; n < blocks; ++n) {
        b.blocks.push_back(random_frame(coded_frame::type::block, mode, n, random));
        b.air.push_back(mix.push(b.blocks.back()));
    }
    const std::size_t remaining = mix.remaining();
    for (std::size_t k = 0; k < remaining; ++k)
        b.air.push_back(mix.flush());
    return b;
}

soft_frame as_heard(const coded_frame& sent, soft_frame::type what, double time)
{
    soft_frame f;
    f.what = what;
    f.mode = sent.mode;
    f.number = sent.number;
    f.time = time;
    f.sync_quality = 0.5f;
    for (std::size_t n = 0; n < sent.bits.size(); ++n)
        f.llr[n] = sent.bits[n] ? -2.0f : 2.0f;
    return f;
}

/* Air blocks from \p first on, whose numbers are their times, to a receiver. */
std::vector<soft_frame> hear(const burst& b, bool start, std::size_t first)
{
    std::vector<soft_frame> out;
    const auto keep = [&](const soft_frame& f) { out.push_back(f); };
    deinterleaver d(profile_of(b.start.mode));
    if (start)
        d.push(as_heard(b.start, soft_frame::type::start, -1), 0, 1, keep);
    for (std::size_t n = first; n < b.air.size(); ++n)
        d.push(as_heard(b.air[n], soft_frame::type::block, static_cast<double>(n)),
               static_cast<std::uint32_t>(n),
               1,
               keep);
    return out;
}

bool same_bits(const coded_frame& sent, const soft_frame& heard, std::size_t count)
{
    for (std::size_t n = 0; n < count; ++n)
        if (heard.llr[n] == 0 || (heard.llr[n] < 0) != (sent.bits[n] != 0))
            return false;
    return true;
}

} // namespace

/* The rule of docs/protocol.md 3.5, written down once more. */
BOOST_AUTO_TEST_CASE(air_blocks_are_those_of_the_document)
{
    for (const std::size_t blocks : { 1u, 3u, 8u, 20u }) {
        const auto b = make_burst(robust_1300, blocks);
        BOOST_REQUIRE(b.air.size() == blocks + 7);
        for (std::size_t j = 0; j < b.air.size(); ++j) {
            BOOST_TEST(b.air[j].number == j);
            BOOST_TEST(b.air[j].mode == robust_1300);
            for (std::size_t m = 0; m < 352; ++m) {
                const long n = static_cast<long>(j) - static_cast<long>(m % 8);
                const bool there = n >= 0 && n < static_cast<long>(blocks);
                const auto& from =
                    there ? b.blocks[static_cast<std::size_t>(n)] : b.start;
                const std::size_t symbol = there ? m : (m + 37 * j) % 256;
                for (std::size_t bit = 0; bit < 2; ++bit)
                    BOOST_REQUIRE(b.air[j].bits[2 * m + bit] ==
                                  from.bits[2 * symbol + bit]);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(narrow_is_left_as_it_is)
{
    const auto b = make_burst(narrow_1300, 5);
    BOOST_REQUIRE(b.air.size() == 5u);
    for (std::size_t n = 0; n < 5; ++n)
        BOOST_TEST((b.air[n].bits == b.blocks[n].bits));
    const auto heard = hear(b, true, 0);
    BOOST_REQUIRE(heard.size() == 6u);
    BOOST_TEST((heard[0].what == soft_frame::type::start));
    for (std::size_t n = 0; n < 5; ++n) {
        BOOST_TEST(heard[n + 1].number == n);
        BOOST_TEST(heard[n + 1].time == static_cast<double>(n));
        BOOST_TEST(same_bits(b.blocks[n], heard[n + 1], block_code_bits));
    }
}

/* From the first block to the last, in order, the start frame before them and stronger
 * than sent. */
BOOST_AUTO_TEST_CASE(every_block_of_a_call_comes_back)
{
    for (const std::size_t blocks : { 1u, 3u, 8u, 20u }) {
        const auto b = make_burst(robust_1300, blocks);
        const auto heard = hear(b, true, 0);
        BOOST_REQUIRE(heard.size() == blocks + 1);
        BOOST_TEST((heard[0].what == soft_frame::type::start));
        BOOST_TEST(same_bits(b.start, heard[0], start_code_bits));
        for (std::size_t n = 0; blocks >= 7 && n < start_code_bits; ++n)
            BOOST_TEST(std::abs(heard[0].llr[n]) >= 2 * (1 + 3));
        for (std::size_t n = 0; n < blocks; ++n) {
            BOOST_TEST(heard[n + 1].number == n);
            BOOST_TEST(heard[n + 1].time == static_cast<double>(n));
            BOOST_TEST(same_bits(b.blocks[n], heard[n + 1], block_code_bits));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_header_comes_without_its_frame)
{
    const auto b = make_burst(robust_1300, 20);
    const auto heard = hear(b, false, 0);
    BOOST_REQUIRE(heard.size() == 21u);
    BOOST_TEST((heard[0].what == soft_frame::type::start));
    BOOST_TEST(same_bits(b.start, heard[0], start_code_bits));
}

/* Who joins at air block 10 gets block 6, of which half is left; what was missed says
 * nothing. */
BOOST_AUTO_TEST_CASE(late_entry_gets_what_is_left)
{
    const auto b = make_burst(robust_1300, 20);
    const auto heard = hear(b, false, 10);
    BOOST_REQUIRE(heard.size() == 14u);
    for (std::size_t k = 0; k < heard.size(); ++k) {
        const std::size_t n = 6 + k;
        BOOST_TEST(heard[k].number == n);
        BOOST_TEST(heard[k].time == static_cast<double>(n));
        for (std::size_t i = 0; i < block_code_bits; ++i) {
            const bool missed = n + i / 2 % 8 < 10;
            BOOST_REQUIRE((heard[k].llr[i] == 0) == missed);
            if (!missed)
                BOOST_REQUIRE((heard[k].llr[i] < 0) == (b.blocks[n].bits[i] != 0));
        }
    }
}

/* Air blocks 9 and 10 never come: all blocks do, without what those two held. */
BOOST_AUTO_TEST_CASE(air_blocks_that_are_skipped_say_nothing)
{
    const auto b = make_burst(robust_1300, 20);
    std::vector<soft_frame> out;
    const auto keep = [&](const soft_frame& f) { out.push_back(f); };
    deinterleaver d(profile::robust);
    for (std::size_t n = 0; n < b.air.size(); ++n)
        if (n != 9 && n != 10)
            d.push(as_heard(b.air[n], soft_frame::type::block, static_cast<double>(n)),
                   static_cast<std::uint32_t>(n),
                   1,
                   keep);
    BOOST_REQUIRE(out.size() == 21u);
    for (std::size_t n = 0; n < 20; ++n) {
        const auto& heard = out[n + 1];
        BOOST_TEST(heard.number == n);
        BOOST_TEST(heard.time == static_cast<double>(n));
        for (std::size_t i = 0; i < block_code_bits; ++i) {
            const std::size_t from = n + i / 2 % 8;
            const bool missed = from == 9 || from == 10;
            BOOST_REQUIRE((heard.llr[i] == 0) == missed);
            if (!missed)
                BOOST_REQUIRE((heard.llr[i] < 0) == (b.blocks[n].bits[i] != 0));
        }
    }
}

/* The input ends in the middle: blocks of which half has come are handed out. */
BOOST_AUTO_TEST_CASE(an_end_gives_what_has_come)
{
    const auto b = make_burst(robust_1300, 20);
    std::vector<soft_frame> out;
    const auto keep = [&](const soft_frame& f) { out.push_back(f); };
    deinterleaver d(profile::robust);
    for (std::size_t n = 0; n < 15; ++n)
        d.push(as_heard(b.air[n], soft_frame::type::block, static_cast<double>(n)),
               static_cast<std::uint32_t>(n),
               1,
               keep);
    BOOST_TEST(out.back().number == 7);
    d.finish(1, keep);
    BOOST_TEST(out.back().number == 11);
    BOOST_TEST(out.back().time == 11.0);
    d.finish(1, keep);
    BOOST_TEST(out.size() == 13u);
}

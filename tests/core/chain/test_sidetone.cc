/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE sidetone
#include "core/chain/transmitter.h"
#include "tone_search.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>

using namespace securevoice;
using tone_search::warns_at;

namespace {

constexpr std::size_t period = 5 * 8000;

key_ptr make_key()
{
    return std::make_shared<named_key>(named_key{ "alpha", secret_key::random() });
}

/*! What a sender hears. */
struct earphone {
    explicit earphone(bool allow_clear = true, kind first = kind::secure)
        : tx(options(allow_clear, first))
    {
        tx.on_sidetone = [this](const std::int16_t* samples, std::size_t count) {
            heard.insert(heard.end(), samples, samples + count);
        };
    }

    static transmitter_options options(bool allow_clear, kind first)
    {
        transmitter_options o;
        o.seal.key = make_key();
        o.seal.allow_clear = allow_clear;
        o.seal.first = first;
        return o;
    }

    void speak(std::size_t samples)
    {
        std::vector<std::int16_t> speech(samples);
        std::normal_distribution<double> noise(0, 3000);
        for (auto& x : speech)
            x = static_cast<std::int16_t>(noise(rng));
        tx.push(speech.data(), speech.size(), iq);
    }

    std::uint64_t blocks() const
    {
        return tx.status().secure_blocks + tx.status().clear_blocks;
    }

    /*! True if nothing is heard in these blocks. */
    bool silent(std::size_t from, std::size_t to) const
    {
        const auto at = [&](std::size_t n) {
            return heard.begin() + static_cast<long>(n * samples_per_block);
        };
        return std::all_of(at(from), at(to), [](auto x) { return x == 0; });
    }

    transmitter tx;
    std::vector<std::int16_t> heard;
    std::vector<cfloat> iq;
    std::mt19937 rng{ 1 };
};

constexpr std::size_t block(std::size_t n) { return n * samples_per_block; }

} // namespace

BOOST_AUTO_TEST_CASE(
    secure_is_silent_and_clear_sounds_at_its_start_and_every_five_seconds)
{
    earphone e;
    e.tx.press();
    e.speak(block(20) - 100);
    e.tx.command(kind::clear); // the block in work announces it
    e.speak(100 + block(150)); // 12 s
    e.tx.command(kind::secure);
    e.speak(block(10));
    e.tx.release(e.iq);
    BOOST_TEST(e.tx.status().clear_blocks == 150u);
    BOOST_REQUIRE(e.heard.size() == block(e.blocks()));
    BOOST_TEST(e.silent(0, 20));
    for (std::size_t first = 0; first < block(150); first += period)
        BOOST_TEST(warns_at(e.heard, block(20) + first));
    // Nothing but the tones: silence from 150 ms after each
    for (std::size_t n = 0; n < block(150); ++n)
        if (n % period >= clear_tone::length)
            BOOST_REQUIRE(e.heard[block(20) + n] == 0);
    BOOST_TEST(e.silent(170, e.blocks()));
}

BOOST_AUTO_TEST_CASE(what_was_only_asked_for_does_not_sound)
{
    earphone refused(false);
    refused.tx.press();
    refused.speak(block(5));
    BOOST_CHECK_THROW(refused.tx.command(kind::clear), std::invalid_argument);
    refused.speak(block(5));
    BOOST_TEST(refused.silent(0, refused.blocks()));

    earphone e; // the block begun before the command still goes out secure
    e.tx.press();
    e.speak(block(5) + 1);
    e.tx.command(kind::clear);
    e.speak(block(2));
    BOOST_REQUIRE(e.blocks() == 7u);
    BOOST_TEST(e.tx.status().clear_blocks == 1u);
    BOOST_TEST(e.silent(0, 6));
    BOOST_TEST(!e.silent(6, 7));
}

BOOST_AUTO_TEST_CASE(there_is_no_sound_between_transmissions)
{
    earphone e;
    e.speak(block(10));
    BOOST_TEST(e.heard.empty());
    e.tx.press();
    e.speak(block(3));
    e.tx.release(e.iq);
    const auto size = e.heard.size();
    BOOST_TEST(size == block(e.blocks()));
    e.speak(block(10));
    BOOST_TEST(e.heard.size() == size);
}

BOOST_AUTO_TEST_CASE(each_transmission_in_clear_begins_with_the_tone)
{
    earphone e(true, kind::clear);
    for (int over = 0; over < 3; ++over) {
        const auto first = e.heard.size();
        e.tx.press();
        e.speak(block(7));
        e.tx.release(e.iq);
        BOOST_TEST(warns_at(e.heard, first));
    }
}

BOOST_AUTO_TEST_CASE(a_block_of_no_known_kind_sounds)
{
    sidetone s;
    std::vector<std::int16_t> out;
    for (int n = 0; n < 2; ++n)
        s.take(coded_frame{}, out);
    BOOST_TEST(warns_at(out, 0));
}

BOOST_AUTO_TEST_CASE(the_kind_is_not_on_the_air)
{
    std::mt19937 rng(2);
    coded_frame start, secure, clear;
    start.what = coded_frame::type::start;
    for (auto& bit : secure.bits)
        bit = rng() & 1;
    clear.bits = secure.bits;
    secure.kind = kind::secure;
    clear.kind = kind::clear;
    modulator one(48000), two(48000);
    std::vector<cfloat> a, b;
    one.modulate(start, a);
    two.modulate(start, b);
    one.modulate(secure, a);
    two.modulate(clear, b);
    BOOST_TEST((a == b));
}

BOOST_AUTO_TEST_CASE(the_time_out_of_push_to_talk_is_heard_ten_seconds_before)
{
    for (const auto first : { kind::secure, kind::clear }) {
        auto options = earphone::options(true, first);
        options.limit = talk_limit_from("15");
        transmitter tx(options);
        std::vector<std::int16_t> heard;
        tx.on_sidetone = [&](const std::int16_t* samples, std::size_t count) {
            heard.insert(heard.end(), samples, samples + count);
        };
        std::vector<cfloat> iq;
        const std::vector<std::int16_t> speech(block(300));
        tx.press();
        tx.push(speech.data(), speech.size(), iq);
        const auto said = 187u + 1; // 15 s, in whole blocks
        BOOST_TEST(tx.status().secure_blocks + tx.status().clear_blocks == said + 2);
        BOOST_TEST(tx.status().timed_out);
        BOOST_TEST(!tx.status().sending);
        const auto at = block(said - talk_limit::warned_blocks);
        const auto energy = [&](std::size_t from, std::size_t to) {
            double sum = 0;
            for (auto n = from; n < to; ++n)
                sum += std::pow(heard.at(n), 2);
            return sum / static_cast<double>(to - from);
        };
        BOOST_TEST(energy(at, at + sidetone::end_length) > 1e7);
        if (first == kind::secure) {
            BOOST_TEST(energy(0, at) == 0);
            BOOST_TEST(energy(at + sidetone::end_length, heard.size()) == 0);
        }
    }
}

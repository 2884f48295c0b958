/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// Holes in the samples, samples that come twice, steps of the carrier: one call stays one
// call, each block is played once at most, and what is not played is lost.
#define BOOST_TEST_MODULE missing_samples
#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <set>
#include <vector>

using namespace securevoice;

namespace {

constexpr double rate = 48000;
constexpr std::size_t block = 3840; // samples

const key_ptr& our_key()
{
    static const auto key =
        std::make_shared<named_key>(named_key{ "ours", secret_key::random() });
    return key;
}

struct sent {
    std::vector<cfloat> iq;
    std::vector<voice_field> voices;
};

sent transmit(const mode& m)
{
    transmitter_options o;
    o.seal.key = our_key();
    o.seal.mode = m;
    o.sample_rate = rate;
    transmitter t(o);
    sent s;
    s.iq.resize(block);
    t.on_block = [&](kind, const voice_field& v) { s.voices.push_back(v); };
    std::mt19937 random(1);
    std::vector<std::int16_t> speech(5 * 8000);
    for (auto& x : speech)
        x = static_cast<std::int16_t>(random() % 8000);
    t.press();
    t.push(speech.data(), speech.size(), s.iq);
    t.release(s.iq);
    s.iq.resize(s.iq.size() + 2 * block);
    return s;
}

/* Loses these numbers of samples, a second apart from within block 15 on; below zero:
 * they come twice. */
std::vector<cfloat>
with_slips(const std::vector<cfloat>& iq, const std::vector<long>& sizes, double phase)
{
    std::vector<cfloat> out;
    auto at = static_cast<std::size_t>(block * (17 + phase));
    std::size_t from = 0;
    for (const long size : sizes) {
        out.insert(out.end(),
                   iq.begin() + static_cast<long>(from),
                   iq.begin() + static_cast<long>(at));
        from = static_cast<std::size_t>(static_cast<long>(at) + size);
        at += static_cast<std::size_t>(rate);
    }
    out.insert(out.end(), iq.begin() + static_cast<long>(from), iq.end());
    return out;
}

void check(const sent& s, std::vector<cfloat> iq, std::size_t most_lost)
{
    std::mt19937 random(2);
    std::normal_distribution<float> noise(0, 0.35f); // 53 dB-Hz
    for (auto& x : iq)
        x += cfloat(noise(random), noise(random));
    receiver_options o;
    o.demodulate.sample_rate = rate;
    o.receive.keys = { our_key() };
    receiver r(o);
    std::set<std::uint32_t> played, tracks;
    std::size_t slots = 0, calls = 0, twice = 0;
    r.on_frame = [&](const soft_frame& f) {
        if (f.what == soft_frame::type::block)
            tracks.insert(f.track);
    };
    r.on_block = [&](const heard_block& b) {
        if (b.what == heard_block::action::finish) {
            ++calls;
            return;
        }
        ++slots;
        if (b.what != heard_block::action::play)
            return;
        twice += !played.insert(b.number).second;
        BOOST_REQUIRE(b.number < s.voices.size());
        BOOST_TEST((b.voice == s.voices[b.number]));
    };
    std::vector<std::int16_t> speech;
    r.push(iq.data(), iq.size(), speech);
    r.finish(speech);
    const auto status = r.status();
    BOOST_TEST(played.size() + most_lost >= s.voices.size());
    BOOST_TEST(played.size() + status.lost == s.voices.size());
    BOOST_TEST(status.refused == 0u);
    BOOST_TEST(twice == 0u);
    BOOST_TEST(calls == 1u);
    BOOST_TEST(tracks.size() == 1u);
    BOOST_TEST(slots <= s.voices.size());
    BOOST_TEST((status.state == heard_state::ended));
}

const std::vector<mode> modes{ { codec::c3200, profile::narrow },
                               { codec::c700c, profile::narrow },
                               { codec::c1300, profile::robust },
                               { codec::c1300, profile::constant } };

} // namespace

BOOST_AUTO_TEST_CASE(a_call_without_a_hole_loses_nothing)
{
    for (const auto& m : modes) {
        const auto s = transmit(m);
        check(s, s.iq, 0);
    }
}

BOOST_AUTO_TEST_CASE(holes_and_surplus_cost_two_blocks_each_at_most)
{
    for (std::size_t k = 0; k < modes.size(); ++k) {
        const auto s = transmit(modes[k]);
        const double phase = 0.1 + 0.25 * static_cast<double>(k);
        for (const auto& sizes : { std::vector<long>{ 10, 10, 10 },
                                   std::vector<long>{ 5, 1000, -20 },
                                   std::vector<long>{ -100, -1000, 20 } })
            BOOST_TEST_CONTEXT(codec_name(modes[k].codec)
                               << " " << profile_name(modes[k].profile) << ", from "
                               << sizes[0] << " on")
        check(s, with_slips(s.iq, sizes, phase), 2 * sizes.size());
    }
}

BOOST_AUTO_TEST_CASE(a_step_of_the_carrier_is_no_forgery)
{
    for (const auto& m : modes) {
        const auto s = transmit(m);
        auto iq = s.iq;
        for (std::size_t n = 20 * block + 700; n < iq.size(); ++n)
            iq[n] *= std::polar(
                1.0f, static_cast<float>(2 * M_PI * std::fmod(50 * double(n) / rate, 1)));
        check(s, iq, 1);
    }
}

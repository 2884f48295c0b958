/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE whole_path
#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"
#include "core/channel/channel.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>

using namespace securevoice;

namespace {

constexpr double rate = 48000;

key_ptr make_key(const std::string& name)
{
    return std::make_shared<named_key>(named_key{ name, secret_key::random() });
}

/*! Something that a vocoder takes for speech: pulses of changing pitch through a changing
 * resonance. */
std::vector<std::int16_t> babble(double seconds, unsigned seed)
{
    std::mt19937 rng(seed);
    std::normal_distribution<double> noise;
    std::vector<std::int16_t> out(static_cast<std::size_t>(seconds * speech_rate));
    double pitch = 0, y1 = 0, y2 = 0;
    for (std::size_t n = 0; n < out.size(); ++n) {
        const double t = static_cast<double>(n) / speech_rate;
        pitch += (120 + 40 * std::sin(2.1 * t)) / speech_rate;
        double x = 0.05 * noise(rng);
        if (pitch >= 1) {
            pitch -= 1;
            x += 1;
        }
        const double formant = 2 * M_PI * (700 + 300 * std::sin(3.7 * t)) / speech_rate;
        const double y = x + 1.9 * std::cos(formant) * y1 - 0.9025 * y2;
        y2 = y1;
        y1 = y;
        out[n] = static_cast<std::int16_t>(std::clamp(2500 * y, -32000.0, 32000.0));
    }
    return out;
}

struct sent {
    std::vector<cfloat> iq;
    std::vector<voice_field> voices;
    std::vector<kind> kinds;
};

sent transmit(const key_ptr& key,
              codec c,
              double seconds,
              const std::function<void(transmitter&, std::size_t)>& before_block = {})
{
    transmitter_options options;
    options.seal.key = key;
    options.seal.mode.codec = c;
    options.seal.allow_clear = true;
    options.sample_rate = rate;
    transmitter t(options);
    sent s;
    t.on_block = [&](kind k, const voice_field& v) {
        s.kinds.push_back(k);
        s.voices.push_back(v);
    };
    const auto speech = babble(seconds, 1);
    t.press();
    for (std::size_t n = 0; n + samples_per_block <= speech.size();
         n += samples_per_block) {
        if (before_block)
            before_block(t, n / samples_per_block);
        t.push(speech.data() + n, samples_per_block, s.iq);
    }
    t.release(s.iq);
    return s;
}

struct heard {
    std::vector<heard_block> played;
    std::vector<std::int16_t> speech;
    receiver_status status;
};

heard receive(const std::vector<key_ptr>& keys,
              const std::vector<cfloat>& iq,
              bool secure_only = false)
{
    receiver_options options;
    options.demodulate.sample_rate = rate;
    options.receive.keys = keys;
    options.receive.secure_only = secure_only;
    receiver r(options);
    heard h;
    r.on_block = [&](const heard_block& b) {
        if (b.what == heard_block::action::play)
            h.played.push_back(b);
    };
    r.push(iq.data(), iq.size(), h.speech);
    r.finish(h.speech);
    h.status = r.status();
    return h;
}

std::vector<cfloat> air(const std::vector<cfloat>& iq,
                        double cn0,
                        double offset,
                        double ppm,
                        std::uint64_t seed,
                        double lead = 0.3)
{
    std::vector<cfloat> padded(static_cast<std::size_t>(lead * rate));
    padded.insert(padded.end(), iq.begin(), iq.end());
    padded.resize(padded.size() + static_cast<std::size_t>(0.3 * rate));
    channel_options options;
    options.sample_rate = rate;
    options.cn0_dbhz = cn0;
    options.offset_hz = offset;
    options.clock_ppm = ppm;
    options.seed = seed;
    channel c(options);
    std::vector<cfloat> out;
    c.process(padded.data(), padded.size(), out);
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_secure_call_over_a_noisy_channel_is_heard_bit_by_bit)
{
    const auto key = make_key("alpha");
    const auto call = transmit(key, codec::c3200, 40);
    const auto h = receive({ key }, air(call.iq, 39, 1500, 15, 1));
    BOOST_TEST(h.played.size() >= 0.99 * static_cast<double>(call.voices.size()));
    for (const auto& b : h.played) {
        BOOST_TEST((b.kind == kind::secure));
        BOOST_REQUIRE(b.number < call.voices.size());
        BOOST_TEST((b.voice == call.voices[b.number]));
    }
    BOOST_TEST((h.status.state == heard_state::ended));
    BOOST_TEST(std::abs(h.status.offset_hz - 1500) < 5);
    BOOST_TEST(std::abs(h.status.cn0_dbhz - 39) < 1.5);
}

BOOST_AUTO_TEST_CASE(the_lowest_rate_reaches_five_decibels_farther)
{
    const auto key = make_key("alpha");
    const auto call = transmit(key, codec::c700c, 40);
    const auto h = receive({ key }, air(call.iq, 34, -1200, -15, 2));
    BOOST_TEST(h.played.size() >= 0.99 * static_cast<double>(call.voices.size()));
    for (const auto& b : h.played)
        BOOST_TEST((b.voice == call.voices.at(b.number)));
}

BOOST_AUTO_TEST_CASE(the_receiver_follows_a_switch_every_two_seconds)
{
    const auto key = make_key("alpha");
    const auto call =
        transmit(key, codec::c1600, 40, [](transmitter& t, std::size_t block) {
            if (block % 50 == 25)
                t.command(kind::clear);
            if (block % 50 == 0 && block > 0)
                t.command(kind::secure);
        });
    for (std::size_t n = 0; n + 1 < call.kinds.size(); ++n)
        // The command comes between two blocks: the next one is secure still, and
        // announces clear.
        BOOST_TEST((call.kinds[n] == (n % 50 <= 25 ? kind::secure : kind::clear)));
    const auto h = receive({ key }, air(call.iq, 42, 300, 5, 3));
    BOOST_TEST(h.played.size() == call.voices.size());
    for (const auto& b : h.played) {
        BOOST_TEST((b.voice == call.voices.at(b.number)));
        BOOST_TEST((b.kind == call.kinds.at(b.number)));
    }
}

BOOST_AUTO_TEST_CASE(nobody_else_hears_a_sample)
{
    const auto call = transmit(make_key("alpha"), codec::c3200, 10);
    const auto iq = air(call.iq, 45, 300, 5, 4);
    for (const auto& keys :
         { std::vector<key_ptr>{}, std::vector<key_ptr>{ make_key("beta") } }) {
        const auto h = receive(keys, iq);
        BOOST_TEST(h.speech.empty());
        BOOST_TEST((h.status.state == heard_state::encrypted_no_key));
    }
}

BOOST_AUTO_TEST_CASE(who_joins_in_the_middle_hears_the_call_within_a_second)
{
    const auto key = make_key("alpha");
    const auto call = transmit(key, codec::c3200, 20);
    const auto iq = air(call.iq, 42, -900, 10, 5);
    std::mt19937 rng(6);
    unsigned in_time = 0;
    for (int n = 0; n < 20; ++n) {
        const double cut = std::uniform_real_distribution<double>(1, 15)(rng);
        const auto* rest = iq.data() + static_cast<std::size_t>(cut * rate);
        receiver_options options;
        options.demodulate.sample_rate = rate;
        options.receive.keys = { key };
        receiver r(options);
        std::vector<std::int16_t> speech;
        const auto second = static_cast<std::size_t>(rate);
        r.push(rest, second, speech);
        in_time += !speech.empty() && r.status().state == heard_state::secure;
        r.push(rest + second, second, speech);
        BOOST_TEST_CONTEXT("cut at " << cut << " s")
        BOOST_TEST(!speech.empty());
    }
    // One cut in some 200 takes longer: three misses of 20 would be one run in 10^4.
    BOOST_TEST(in_time >= 18u);
}

BOOST_AUTO_TEST_CASE(noise_is_not_heard)
{
    std::vector<cfloat> silence(static_cast<std::size_t>(60 * rate));
    const auto h = receive({ make_key("alpha") }, air(silence, 40, 0, 0, 7));
    BOOST_TEST(h.speech.empty());
    BOOST_TEST(
        (h.status.state == heard_state::idle || h.status.state == heard_state::pending));
}

BOOST_AUTO_TEST_CASE(several_calls_in_a_row_are_all_heard)
{
    const auto key = make_key("alpha");
    std::vector<cfloat> iq;
    std::size_t blocks = 0;
    for (const auto c : { codec::c3200, codec::c1300, codec::c2400, codec::c1200 }) {
        const auto call = transmit(key, c, 4);
        blocks += call.voices.size();
        iq.resize(iq.size() + static_cast<std::size_t>(0.777 * rate));
        iq.insert(iq.end(), call.iq.begin(), call.iq.end());
    }
    const auto h = receive({ key }, air(iq, 45, 700, 10, 8));
    BOOST_TEST(h.played.size() == blocks);
    BOOST_TEST(h.status.heard == blocks);
}

BOOST_AUTO_TEST_CASE(a_start_frame_played_again_over_a_call_does_not_end_it)
{
    // A recording of the call's own start frame, stronger than the call, on its 80 ms
    // grid
    const auto key = make_key("alpha");
    auto call = transmit(key, codec::c3200, 16);
    const auto slot = static_cast<std::size_t>(block_seconds * rate);
    const std::vector<cfloat> start(call.iq.begin(),
                                    call.iq.begin() + static_cast<long>(slot));
    for (std::size_t n = 0; n < slot; ++n)
        call.iq[50 * slot + n] += 1.5f * start[n];
    const auto h = receive({ key }, air(call.iq, 45, 300, 5, 9));
    BOOST_TEST(h.played.size() >= call.voices.size() - 3);
    for (const auto& b : h.played)
        BOOST_TEST((b.voice == call.voices.at(b.number)));
}

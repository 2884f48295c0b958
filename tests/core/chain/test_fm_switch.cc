/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// secure and clear to FM and back within one push-to-talk: what is really on the air.
#define BOOST_TEST_MODULE fm_switch
#include "switching_station.h"

#include "core/analog/fm_demodulator.h"
#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <random>
#include <stdexcept>
#include <vector>

using namespace securevoice;
using switching_station::make_key;
using switching_station::options_of;
using switching_station::rate;

namespace {

/*! A tone whose frequency tells the block: 500 Hz and 12.5 Hz more in each. */
void say(transmitter& t, std::size_t block, std::vector<cfloat>& iq)
{
    std::vector<std::int16_t> s(samples_per_block);
    const double hz = 500 + 12.5 * static_cast<double>(block);
    for (std::size_t n = 0; n < s.size(); ++n)
        s[n] = static_cast<std::int16_t>(std::lround(
            8000 * std::sin(2 * M_PI * hz * static_cast<double>(n) / speech_rate)));
    t.push(s.data(), s.size(), iq);
}

/*! Frequency of the speech of a slot, by its zero crossings. */
double pitch(const std::vector<std::int16_t>& s, std::size_t from, std::size_t to)
{
    std::size_t first = 0, last = 0, count = 0;
    for (std::size_t n = from + 1; n < to; ++n)
        if (s[n - 1] < 0 && s[n] >= 0) {
            if (count++ == 0)
                first = n;
            last = n;
        }
    return count < 2 ? 0
                     : static_cast<double>(speech_rate) * static_cast<double>(count - 1) /
                           static_cast<double>(last - first);
}

struct heard {
    std::vector<heard_block> digital; // played
    std::vector<heard_state> states;  // at the end of each call
    std::vector<std::int16_t> fm;     // from time 0 on
};

heard hear(const key_ptr& key, std::vector<cfloat> iq)
{
    iq.resize(iq.size() + static_cast<std::size_t>(0.4 * rate));
    receiver_options o;
    o.demodulate.sample_rate = rate;
    o.receive.keys = { key };
    receiver r(o);
    heard h;
    r.on_block = [&](const heard_block& b) {
        if (b.what == heard_block::action::play && b.kind != kind::fm)
            h.digital.push_back(b);
        if (b.what == heard_block::action::finish && b.kind != kind::fm)
            h.states.push_back(r.status().state);
    };
    std::vector<std::int16_t> speech;
    r.push(iq.data(), iq.size(), speech);
    r.finish(speech);
    fm_demodulator d({}, rate);
    d.push(iq.data(), iq.size(), [&](const fm_slot& s) {
        const auto at = std::lround(s.time * static_cast<double>(speech_rate));
        for (std::size_t n = 0; n < s.speech.size(); ++n)
            if (at + static_cast<long>(n) >= 0) {
                const auto index = static_cast<std::size_t>(at + static_cast<long>(n));
                h.fm.resize(std::max(h.fm.size(), index + 1));
                h.fm[index] = s.speech[n];
            }
    });
    return h;
}

std::size_t sounding(const std::vector<std::int16_t>& s, std::size_t from, std::size_t to)
{
    return static_cast<std::size_t>(
        std::count_if(s.begin() + static_cast<std::ptrdiff_t>(std::min(from, s.size())),
                      s.begin() + static_cast<std::ptrdiff_t>(std::min(to, s.size())),
                      [](auto x) { return x != 0; }));
}

double power_at(const std::vector<std::int16_t>& s, std::size_t from, double hz)
{
    std::complex<double> sum;
    for (std::size_t n = from; n < std::min(from + samples_per_block, s.size()); ++n)
        sum += std::polar(static_cast<double>(s[n]),
                          2 * M_PI * hz * static_cast<double>(n) / speech_rate);
    return std::norm(sum);
}

} // namespace

BOOST_AUTO_TEST_CASE(secure_to_fm_and_back)
{
    const auto key = make_key();
    transmitter t(options_of(key));
    std::vector<kind> kinds;
    t.on_block = [&](kind k, const voice_field&) { kinds.push_back(k); };
    std::vector<cfloat> iq;
    t.press();
    for (std::size_t n = 0; n < 60; ++n) {
        if (n == 20)
            t.command(kind::fm); // between two blocks: block 20 announces it
        if (n == 40)
            t.command(kind::secure);
        const auto before = iq.size();
        say(t, n, iq);
        // Each slot takes its 80 ms, so that a call may switch as often as it likes.
        if (n > 0 && n != 20 && n != 21 && n != 40)
            BOOST_TEST(iq.size() - before == 3840u);
    }
    BOOST_TEST(std::abs(static_cast<double>(iq.size()) - 61 * 3840) < 10);
    t.release(iq);

    BOOST_TEST_REQUIRE(kinds.size() == 61u);
    for (std::size_t n = 0; n < 61; ++n)
        BOOST_TEST((kinds[n] == (n <= 20   ? kind::secure
                                 : n < 40  ? kind::fm
                                 : n == 40 ? kind::none
                                           : kind::secure)));
    BOOST_TEST(t.status().fm_blocks == 19u);

    const auto h = hear(key, iq);
    // 21 blocks, closed by an authentic END, then a transmission of its own: 41 ... 59
    // and the release's
    BOOST_TEST_REQUIRE(h.digital.size() == 41u);
    for (const auto& b : h.digital)
        BOOST_TEST((b.kind == kind::secure));
    BOOST_TEST(h.digital[20].number == 20u);
    BOOST_TEST(h.digital[21].number == 0u);
    BOOST_TEST(h.digital[21].time == 42 * 0.08, boost::test_tools::tolerance(1e-3));
    BOOST_TEST_REQUIRE(h.states.size() == 2u);
    BOOST_TEST((h.states[0] == heard_state::ended));
    BOOST_TEST((h.states[1] == heard_state::ended));

    // FM is heard where blocks 21 ... 39 are, one slot after they were spoken.
    for (std::size_t n = 22; n < 39; ++n)
        BOOST_TEST(std::abs(pitch(h.fm, (n + 1) * 640 + 100, (n + 2) * 640) -
                            (500 + 12.5 * static_cast<double>(n))) < 15);
    // of the 1520 ms between them at most 80 ms are not heard
    BOOST_TEST(sounding(h.fm, 22 * 640, 41 * 640) > 18u * 640u);
}

BOOST_AUTO_TEST_CASE(clear_to_fm_and_a_release_in_it)
{
    const auto key = make_key();
    auto o = options_of(key);
    o.seal.first = kind::clear;
    transmitter t(o);
    std::vector<cfloat> iq;
    t.press();
    for (std::size_t n = 0; n < 30; ++n) {
        if (n == 10)
            t.command(kind::fm);
        say(t, n, iq);
    }
    t.release(iq);
    BOOST_TEST(t.status().secure_blocks == 0u);
    BOOST_TEST(t.status().clear_blocks == 11u);
    BOOST_TEST(t.status().fm_blocks == 20u);
    BOOST_TEST(!t.status().sending);
    t.press(); // the next one begins as set: clear
    for (std::size_t n = 0; n < 5; ++n)
        say(t, n, iq);
    BOOST_TEST(t.status().clear_blocks == 16u);
    BOOST_TEST(t.status().fm_blocks == 20u);
}

BOOST_AUTO_TEST_CASE(only_what_was_captured_after_the_command_is_fm)
{
    transmitter t(options_of(make_key()));
    std::vector<cfloat> iq;
    std::vector<std::int16_t> some(100);
    t.press();
    for (std::size_t n = 0; n < 5; ++n)
        say(t, n, iq);
    t.push(some.data(), some.size(), iq); // a block has begun
    t.command(kind::fm);
    for (std::size_t n = 0; n < 4; ++n)
        say(t, n, iq);
    // the block begun and the one that announces FM are secure
    BOOST_TEST(t.status().secure_blocks == 7u);
    BOOST_TEST(t.status().fm_blocks == 2u);
    t.release(iq);
    t.press(); // back to secure by itself
    for (std::size_t n = 0; n < 5; ++n)
        say(t, n, iq);
    BOOST_TEST(t.status().secure_blocks == 12u);
    BOOST_TEST(t.status().fm_blocks == 3u);
}

BOOST_AUTO_TEST_CASE(fm_is_refused_unless_it_is_allowed)
{
    auto o = options_of(make_key());
    o.seal.allow_fm = false;
    transmitter t(o);
    BOOST_CHECK_THROW(t.command(kind::fm), std::invalid_argument);
    o.seal.first = kind::fm;
    BOOST_CHECK_THROW(transmitter{ o }, std::invalid_argument);
    auto robust = options_of(make_key());
    robust.seal.mode.profile = profile::robust;
    BOOST_CHECK_THROW(transmitter{ robust }, std::invalid_argument);
}

/* A command that reached only the sealer, or speech without its samples, sends no FM. */
BOOST_AUTO_TEST_CASE(fm_fails_closed)
{
    auto o = options_of(make_key());
    sealer s(o.seal);
    std::vector<coded_frame> frames;
    const auto keep = [&](const coded_frame& f) { frames.push_back(f); };
    spoken_block start;
    start.flags = spoken_block::start;
    spoken_block voice;
    voice.flags = spoken_block::voice_present;
    s.seal(start, keep);
    s.seal(voice, keep);
    s.command(kind::fm);
    voice.flags |= spoken_block::analog;
    for (int n = 0; n < 5; ++n)
        s.seal(voice, keep); // commanded is 0: the speech encoder knows of none
    voice.commanded = 1;
    voice.flags = spoken_block::voice_present; // no samples
    for (int n = 0; n < 5; ++n)
        s.seal(voice, keep);
    BOOST_TEST(s.status().fm_blocks == 0u);
    BOOST_TEST(s.status().secure_blocks == 11u);
    s.command(kind::secure);
    s.command(kind::fm);
    voice.flags |= spoken_block::analog;
    voice.commanded = 2;
    for (int n = 0; n < 5; ++n)
        s.seal(voice, keep);
    BOOST_TEST(s.status().fm_blocks == 4u);
    s.zeroize();
    voice.flags |= spoken_block::analog;
    s.seal(voice, keep);
    BOOST_TEST(s.status().fm_blocks == 4u);
    BOOST_TEST((frames.back().what == coded_frame::type::abort));
}

/* A station whose calls begin in FM, and a `clear` that reached the sealer alone: FM goes
 * on, and speech that was captured after it is digital. */
BOOST_AUTO_TEST_CASE(clear_that_is_told_to_the_sealer_only_leaves_fm_on_the_air)
{
    auto o = options_of(make_key());
    o.seal.first = kind::fm;
    o.seal.allow_clear = true;
    sealer s(o.seal);
    std::vector<coded_frame> frames;
    const auto keep = [&](const coded_frame& f) { frames.push_back(f); };
    s.command(kind::clear);
    spoken_block start;
    start.flags = spoken_block::start;
    BOOST_TEST(!s.seal(start, keep).has_value());
    spoken_block voice;
    voice.flags = spoken_block::voice_present | spoken_block::analog;
    for (int n = 0; n < 5; ++n)
        BOOST_TEST((s.seal(voice, keep) == kind::fm));
    BOOST_TEST(frames.size() == 5u);
    voice.commanded = 1; // the control
    voice.commanded_kind = kind::clear;
    BOOST_TEST((s.seal(voice, keep) == kind::none)); // the start frame's time
    BOOST_TEST((s.seal(voice, keep) == kind::clear));
}

BOOST_AUTO_TEST_CASE(a_station_without_key_can_speak_fm)
{
    transmitter_options o;
    o.sample_rate = rate;
    o.seal.first = kind::fm;
    o.seal.allow_fm = true;
    transmitter t(o);
    std::vector<cfloat> iq;
    t.press();
    for (std::size_t n = 0; n < 20; ++n)
        say(t, n, iq);
    t.release(iq);
    BOOST_TEST(t.status().fm_blocks == 21u);
    const auto h = hear(make_key(), iq);
    BOOST_TEST(h.digital.empty());
    for (std::size_t n = 3; n < 18; ++n)
        BOOST_TEST(std::abs(pitch(h.fm, n * 640 + 100, (n + 1) * 640) -
                            (500 + 12.5 * static_cast<double>(n))) < 15);
}

/* 100 random switches: what is on the air is what the sender says, and time keeps. */
BOOST_AUTO_TEST_CASE(many_random_switches)
{
    const auto key = make_key();
    transmitter t(options_of(key));
    std::vector<kind> kinds;
    t.on_block = [&](kind k, const voice_field&) { kinds.push_back(k); };
    std::vector<cfloat> iq;
    std::mt19937 random(5);
    t.press();
    std::size_t n = 0;
    for (int s = 0; s < 100; ++s) {
        for (auto stay = 3 + random() % 6; stay > 0; --stay)
            say(t, n++ % 60, iq);
        constexpr kind all[] = { kind::secure, kind::clear, kind::fm };
        t.command(all[random() % 3]);
    }
    t.release(iq);
    const auto none = std::count(kinds.begin(), kinds.end(), kind::none);
    const auto fm = std::count(kinds.begin(), kinds.end(), kind::fm);
    BOOST_TEST(none <= 40);
    BOOST_TEST(fm > 50);
    // start frame, a slot for each block, the two of END
    const double slots = static_cast<double>(kinds.size()) + 3;
    BOOST_TEST(std::abs(static_cast<double>(iq.size()) / rate - 0.08 * slots) < 0.1);
    const auto h = hear(key, iq);
    std::size_t digital = 0;
    double own =
        0; // of what an FM receiver makes of secure blocks, at the pitch of their speech,
    double other = 0; // and at that of others
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        // FM sounds in the middle of its slot
        const std::size_t middle = (k + 1) * 640 + 300;
        if (kinds[k] == kind::fm)
            BOOST_TEST(sounding(h.fm, middle, middle + 200) > 150u);
        if (kinds[k] == kind::secure) {
            own +=
                power_at(h.fm, (k + 1) * 640, 500 + 12.5 * static_cast<double>(k % 60));
            other += power_at(
                h.fm, (k + 1) * 640, 500 + 12.5 * static_cast<double>((k + 17) % 60));
        }
        digital += kinds[k] == kind::secure;
    }
    const auto secure =
        std::count_if(h.digital.begin(), h.digital.end(), [](const auto& b) {
            return b.kind == kind::secure;
        });
    // The pitch of a secure block is in the FM receiver's noise as that of any other is.
    BOOST_TEST(own < 1.5 * other);
    BOOST_TEST(static_cast<std::size_t>(secure) <= digital);
    BOOST_TEST(static_cast<std::size_t>(secure) == digital); // about 200
}

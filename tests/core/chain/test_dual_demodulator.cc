/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// One receiver for secure voice, clear voice and FM: what it plays, what it mutes, and
// what it says.
#define BOOST_TEST_MODULE dual_demodulator
#include "switching_station.h"

#include "analog/fm_testing.h"
#include "core/analog/fm_demodulator.h"
#include "core/chain/dual_demodulator.h"
#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <vector>

using namespace securevoice;
using switching_station::make_key;
using switching_station::options_of;
using namespace fm_testing;

namespace {

constexpr int switches = 100;
constexpr double threshold_cn0 = 48; // dB-Hz, of FM: 12 dB SINAD (test_fm_demodulator)

/*! Noise in bursts, as speech comes. */
std::vector<std::int16_t> some_speech(double seconds, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 3000);
    std::vector<std::int16_t> s(static_cast<std::size_t>(8000 * seconds));
    double smooth = 0;
    for (std::size_t n = 0; n < s.size(); ++n) {
        smooth += 0.4 * (noise(random) - smooth);
        const double loud =
            std::pow(std::sin(2 * M_PI * 2 * static_cast<double>(n) / 8000), 2);
        s[n] =
            static_cast<std::int16_t>(std::clamp(8 * loud * smooth, -30000.0, 30000.0));
    }
    return s;
}

iq_samples call_of(transmitter_options o, double seconds)
{
    transmitter t(std::move(o));
    iq_samples iq;
    t.press();
    const auto s = some_speech(seconds, 1);
    t.push(s.data(), s.size(), iq);
    t.release(iq);
    return iq;
}

struct heard {
    std::vector<heard_block> played; // with what stands in their place
    std::vector<heard_state> states; // after each slot, changes only
    std::vector<std::int16_t> speech;
    receiver_status last;

    std::size_t count(kind k) const
    {
        return static_cast<std::size_t>(
            std::count_if(played.begin(), played.end(), [&](const auto& b) {
                return b.what == heard_block::action::play && b.kind == k;
            }));
    }
    bool said(heard_state s) const
    {
        return std::find(states.begin(), states.end(), s) != states.end();
    }
    double fm_power() const // dBFS, of the loudest 80 ms
    {
        double most = 1e-12;
        for (const auto& b : played) {
            double power = 0;
            for (const auto x : b.speech)
                power += std::pow(x / 32768.0, 2) / samples_per_block;
            most = std::max(most, power);
        }
        return 10 * std::log10(most);
    }
};

receiver_options listening(const key_ptr& key)
{
    receiver_options o;
    o.demodulate.sample_rate = iq_rate;
    if (key)
        o.receive.keys = { key };
    o.decode.clear_tones = false;
    return o;
}

heard hear(const receiver_options& o, const iq_samples& iq, std::size_t portion = 4800)
{
    receiver r(o);
    heard h;
    const auto look = [&] {
        const auto now = r.status().state;
        if (h.states.empty() || h.states.back() != now)
            h.states.push_back(now);
    };
    r.on_frame = [&](const soft_frame&) { look(); };
    r.on_block = [&](const heard_block& b) {
        look();
        if (b.what != heard_block::action::finish)
            h.played.push_back(b);
    };
    for (std::size_t at = 0; at < iq.size(); at += portion) {
        r.push(iq.data() + at, std::min(portion, iq.size() - at), h.speech);
        look();
    }
    r.finish(h.speech);
    look();
    h.last = r.status();
    return h;
}

void append(iq_samples& to, const iq_samples& more, double gain = 1)
{
    for (const auto x : more)
        to.push_back(static_cast<float>(gain) * x);
}

/*! Made without our modulators: of a tone, in the middle of nothing. */
iq_samples radio(double seconds)
{
    iq_samples iq(24000);
    append(iq, other_transmitter(1000, 1500, seconds));
    iq.resize(iq.size() + 24000);
    return iq;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_ordinary_radio_is_heard_as_fm)
{
    const auto h = hear(listening(make_key()), through_noise(radio(3), 60, 500));
    BOOST_TEST(h.said(heard_state::fm));
    BOOST_TEST(!h.said(heard_state::secure));
    BOOST_TEST((h.last.kind == kind::fm));
    BOOST_TEST(h.count(kind::fm) * 0.08 > 2.9);
    BOOST_TEST(sinad_db(h.speech, 1000, 8000, 4000, 20000) > 25);
    BOOST_TEST(std::abs(h.played.front().time - 0.5) < 0.05);
}

BOOST_AUTO_TEST_CASE(it_is_warned_of_like_clear_voice)
{
    auto o = listening(make_key());
    o.decode.clear_tones = true;
    const auto iq = through_noise(radio(4), 60);
    const auto with = hear(o, iq);
    o.decode.clear_tones = false;
    const auto without = hear(o, iq);
    BOOST_TEST_REQUIRE(with.speech.size() == without.speech.size());
    const auto differ = [&](double from, double to) {
        std::size_t count = 0;
        for (auto n = static_cast<std::size_t>(8000 * from);
             n < static_cast<std::size_t>(8000 * to);
             ++n)
            count += with.speech[n] != without.speech[n];
        return count;
    };
    BOOST_TEST(differ(0, 0.15) > 1000u);
    BOOST_TEST(differ(0.15, 3) == 0u);
    BOOST_TEST(differ(3, 3.15) > 1000u);
}

BOOST_AUTO_TEST_CASE(secure_only_hears_none)
{
    auto o = listening(make_key());
    o.receive.secure_only = true;
    const auto h = hear(o, through_noise(radio(2), 60));
    BOOST_TEST(h.speech.empty());
    BOOST_TEST(!h.said(heard_state::fm));
    BOOST_TEST(h.last.fm_refused > 20u);
    o.receive.secure_only = false;
    o.analog.follow = false; // nor who does not follow
    BOOST_TEST(hear(o, through_noise(radio(2), 60)).speech.empty());
}

/*! 9 s of speech: secure, FM, secure. */
iq_samples there_and_back(transmitter& t, const std::vector<std::int16_t>& speech)
{
    iq_samples iq(9600);
    t.press();
    for (std::size_t n = 0; n < 9; ++n) {
        if (n == 3)
            t.command(kind::fm);
        if (n == 6)
            t.command(kind::secure);
        t.push(speech.data() + 8000 * n, 8000, iq);
    }
    t.release(iq);
    iq.resize(iq.size() + 24000);
    return iq;
}

BOOST_AUTO_TEST_CASE(an_announced_switch_is_followed_and_back)
{
    const auto key = make_key();
    transmitter t(options_of(key));
    const auto iq = there_and_back(t, some_speech(9, 2));
    const auto h = hear(listening(key), through_noise(iq, 55, -700));
    BOOST_TEST(!h.said(heard_state::fm_unannounced));
    BOOST_TEST((h.last.state == heard_state::ended));
    BOOST_TEST(h.count(kind::secure) == t.status().secure_blocks - 2);
    BOOST_TEST(h.count(kind::fm) == t.status().fm_blocks);
    // a slot every 80 ms from the first to the last one: the time line of the air
    for (std::size_t n = 0; n < h.played.size(); ++n)
        BOOST_TEST(std::abs(h.played[n].time - h.played[0].time -
                            0.08 * static_cast<double>(n)) < 0.005);
    BOOST_TEST(h.speech.size() == h.played.size() * samples_per_block);

    // who hears only what is secure, hears the same blocks and silence between them
    auto o = listening(key);
    o.receive.secure_only = true;
    const auto strict = hear(o, through_noise(iq, 55, -700));
    BOOST_TEST(strict.count(kind::fm) == 0u);
    BOOST_TEST(strict.count(kind::secure) == t.status().secure_blocks - 2);
}

/* Quiet FM is a carrier that nearly stands still. Without it there is next to nothing on
 * the air, by whose level the start frame behind it would be a pulse of interference: it
 * was found 0.5 s late, and heard as FM until then, or FM ended too soon. */
BOOST_AUTO_TEST_CASE(quiet_fm_ends_where_the_call_begins)
{
    const auto key = make_key();
    for (const double loud : { 10.0, 300.0, 3000.0, 9000.0 })
        for (const double cn0 : { 65.0, 100.0 }) {
            std::vector<std::int16_t> speech; // a voice of 125 Hz
            for (std::size_t n = 0; n < 9 * 8000; ++n)
                speech.push_back(static_cast<std::int16_t>(
                    loud * std::sin(2 * M_PI * 3 * static_cast<double>(n) / 8000) *
                    (n % 64 < 8 ? 1 : -0.14)));
            transmitter t(options_of(key));
            const auto h =
                hear(listening(key), through_noise(there_and_back(t, speech), cn0));
            BOOST_TEST_CONTEXT("loudness " << loud << ", " << cn0 << " dB-Hz")
            {
                BOOST_TEST(h.count(kind::fm) == t.status().fm_blocks);
                BOOST_TEST(h.count(kind::secure) == t.status().secure_blocks - 2);
            }
        }
}

BOOST_AUTO_TEST_CASE(fm_after_a_secure_call_that_did_not_announce_it_is_muted)
{
    const auto key = make_key();
    auto iq = call_of(options_of(key), 2);
    append(iq, radio(2));
    iq = through_noise(iq, 60);
    const auto h = hear(listening(key), iq);
    BOOST_TEST(h.said(heard_state::fm_unannounced));
    BOOST_TEST(!h.said(heard_state::fm));
    BOOST_TEST(h.count(kind::fm) == 0u);

    auto o = listening(key);
    o.receive.unannounced_fm = true;
    BOOST_TEST(hear(o, iq).count(kind::fm) > 20u);

    // to those without the key it is the only voice
    BOOST_TEST(hear(listening(make_key()), iq).count(kind::fm) > 20u);
}

/* Somebody sends FM over a secure call, with 15 dB more, for two seconds. */
BOOST_AUTO_TEST_CASE(an_attackers_carrier_is_reported_and_muted_and_the_call_comes_back)
{
    const auto key = make_key();
    auto iq = call_of(options_of(key), 8);
    const auto attack = other_transmitter(700, 1500, 2);
    for (std::size_t n = 0; n < attack.size(); ++n)
        iq[3 * 48000 + n] += 5.6f * attack[n];
    iq = through_noise(iq, 60, 200);
    const auto h = hear(listening(key), iq);
    BOOST_TEST(h.said(heard_state::fm_unannounced));
    BOOST_TEST(!h.said(heard_state::fm));
    BOOST_TEST(h.count(kind::fm) == 0u);
    BOOST_TEST((h.last.state == heard_state::ended));
    double back = 100;
    for (const auto& b : h.played)
        if (b.what == heard_block::action::play && b.time > 4.9)
            back = std::min(back, b.time);
    BOOST_TEST(back < 5.5);
    BOOST_TEST(h.count(kind::secure) >= 101u - 2 * 13 - 7);
}

BOOST_AUTO_TEST_CASE(noise_and_a_bare_carrier_make_no_noise)
{
    const auto noise =
        hear(listening(make_key()), through_noise(iq_samples(20 * 48000), 40));
    BOOST_TEST(noise.played.empty());
    BOOST_TEST(!noise.said(heard_state::fm));
    const auto bare =
        hear(listening(make_key()), through_noise(other_transmitter(0, 0, 4), 60, 1000));
    BOOST_TEST(!bare.said(heard_state::secure));
    BOOST_TEST(bare.fm_power() < -20); // it begins with a click
}

/* Strange digital signals of every kind that we have: nothing is heard of them, not even
 * their noise. */
BOOST_AUTO_TEST_CASE(strange_digital_signals_are_silent)
{
    for (const auto p : { profile::narrow,
                          profile::robust,
                          profile::constant,
                          profile::gmsk,
                          profile::fsk4,
                          profile::bpsk,
                          profile::qpsk })
        for (const double cn0 : { 48.0, 60.0 }) {
            auto o = options_of(make_key());
            o.seal.allow_fm = false;
            o.seal.mode.profile = p;
            const auto h =
                hear(listening(make_key()), through_noise(call_of(o, 4), cn0, 300));
            BOOST_TEST_CONTEXT(profile_name(p) << " at " << cn0 << " dB-Hz")
            {
                BOOST_TEST(h.played.size() == 0u);
                BOOST_TEST(!h.said(heard_state::secure));
            }
        }
}

/*! DC of a receiver of zero IF, or a carrier of somebody's. */
iq_samples beside_a_carrier(iq_samples iq, double db, double hz = 0)
{
    for (std::size_t n = 0; n < iq.size(); ++n)
        iq[n] += std::polar(
            static_cast<float>(std::pow(10, db / 20)),
            static_cast<float>(2 * M_PI *
                               std::fmod(hz * static_cast<double>(n) / iq_rate, 1)));
    return iq;
}

/* The call is heard, and to those who cannot read it its noise is no FM. */
BOOST_AUTO_TEST_CASE(a_call_beside_a_carrier_is_heard_and_is_no_fm)
{
    const auto key = make_key();
    for (const auto p : { profile::narrow, profile::robust, profile::constant }) {
        auto o = options_of(key);
        o.seal.allow_fm = false;
        o.seal.mode.profile = p;
        iq_samples iq(9600);
        append(iq, call_of(o, 3));
        const auto blocks = hear(listening(key), iq).count(kind::secure);
        iq = through_noise(iq, 55);
        for (const double db : { 3.0, 10.0 }) {
            const auto hz = db > 5 ? -1500.0 : 0.0;
            const auto air = beside_a_carrier(iq, db, hz);
            BOOST_TEST_CONTEXT(profile_name(p) << ", " << db << " dB at " << hz << " Hz")
            {
                const auto h = hear(listening(key), air);
                BOOST_TEST(h.count(kind::secure) >= blocks * 9 / 10);
                BOOST_TEST(h.count(kind::fm) == 0u);
                // behind the last block of `robust` there is the end of the interleaver,
                // then the carrier alone
                BOOST_TEST(hear(listening(make_key()), air).count(kind::fm) <=
                           (p == profile::robust ? 2u : 0u));
            }
        }
    }
    // nor to those who asked for another profile of the same waveform
    auto o = options_of(key);
    o.seal.allow_fm = false;
    const auto air = beside_a_carrier(call_of(o, 3), 3);
    auto other = listening(key);
    other.demodulate.profile = profile::robust;
    const auto h = hear(other, air);
    BOOST_TEST(h.count(kind::secure) == 0u);
    BOOST_TEST(h.count(kind::fm) == 0u);
}

/* The control: a carrier that stands still for 3 s and then speaks is FM, and so is a
 * tone of CTCSS under voice, and both beside direct current. */
BOOST_AUTO_TEST_CASE(fm_that_was_silent_is_heard)
{
    for (const double ctcss : { 0.0, 88.5 })
        for (const double dc : { -200.0, -15.0 }) {
            auto iq = other_transmitter(0, 0, 3, ctcss, ctcss > 0 ? 300 : 0);
            append(iq, other_transmitter(1000, 1500, 2, ctcss, ctcss > 0 ? 300 : 0));
            const auto h = hear(listening(make_key()),
                                beside_a_carrier(through_noise(iq, 60, 200), dc));
            std::size_t spoken = 0;
            for (const auto& b : h.played)
                spoken += b.kind == kind::fm && b.time > 3;
            BOOST_TEST(spoken >= 23u, "CTCSS " << ctcss << ", DC " << dc << " dB");
        }
}

BOOST_AUTO_TEST_CASE(any_cut_of_the_input_gives_the_same)
{
    const auto key = make_key();
    transmitter t(options_of(key));
    iq_samples iq;
    const auto speech = some_speech(4, 3);
    t.press();
    for (std::size_t n = 0; n < 4; ++n) {
        t.command(n % 2 ? kind::fm : kind::secure);
        t.push(speech.data() + 8000 * n, 8000, iq);
    }
    t.release(iq);
    iq = through_noise(iq, 50);
    const auto whole = hear(listening(key), iq, iq.size());
    BOOST_TEST(whole.count(kind::fm) > 10u);
    for (const std::size_t portion : { 47u, 1000u, 30001u }) {
        const auto cut = hear(listening(key), iq, portion);
        BOOST_TEST_REQUIRE(cut.played.size() == whole.played.size());
        for (std::size_t n = 0; n < cut.played.size(); ++n) {
            BOOST_TEST((cut.played[n].what == whole.played[n].what));
            BOOST_TEST((cut.played[n].kind == whole.played[n].kind));
            BOOST_TEST(cut.played[n].time == whole.played[n].time);
            BOOST_TEST((cut.played[n].voice == whole.played[n].voice));
            BOOST_TEST((cut.played[n].speech == whole.played[n].speech));
        }
    }
}

/* What an FM receiver without any squelch makes of it, from time 0 on. */
std::vector<double> ordinary_radio(const iq_samples& iq)
{
    std::vector<double> sound;
    fm_demodulator radio({}, iq_rate, 0);
    radio.push(iq.data(), iq.size(), [&](const fm_slot& s) {
        const auto at = std::lround(s.time * 8000);
        for (std::size_t n = 0; n < s.speech.size(); ++n) {
            const auto place = at + static_cast<long>(n);
            if (place < 0)
                continue;
            sound.resize(std::max(sound.size(), static_cast<std::size_t>(place) + 1));
            sound[static_cast<std::size_t>(place)] = s.speech[n];
        }
    });
    return sound;
}

/* Correlation of the loudness of the radio's sound with that of the speech, in windows of
 * 20 ms of these slots. */
double likeness(const std::vector<double>& sound,
                const std::vector<std::int16_t>& spoken,
                const std::vector<std::size_t>& slots,
                double begin)
{
    constexpr std::size_t window = 160;
    std::vector<double> x, y;
    for (const auto slot : slots)
        for (std::size_t first = 0; first < samples_per_block; first += window) {
            const auto place = static_cast<std::size_t>(std::lround(
                                   8000 * (begin + 0.08 * static_cast<double>(slot)))) +
                               first;
            double heard = 0, said = 0;
            for (std::size_t n = 0; n < window && place + n < sound.size(); ++n) {
                heard += std::pow(sound[place + n], 2);
                said += std::pow(spoken[slot * samples_per_block + first + n], 2);
            }
            x.push_back(std::sqrt(heard));
            y.push_back(std::sqrt(said));
        }
    const auto mean = [](const auto& v) {
        return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
    };
    const double mx = mean(x), my = mean(y);
    double both = 0, xx = 0, yy = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        both += (x[n] - mx) * (y[n] - my);
        xx += (x[n] - mx) * (x[n] - mx);
        yy += (y[n] - my) * (y[n] - my);
    }
    return both / std::sqrt(xx * yy);
}

/* 100 random switches among the three kinds at the threshold of FM, in noise. */
BOOST_AUTO_TEST_CASE(a_hundred_switches_in_noise)
{
    const auto key = make_key();
    transmitter t(options_of(key));
    std::vector<kind> kinds;
    t.on_block = [&](kind k, const voice_field&) { kinds.push_back(k); };
    iq_samples iq;
    std::mt19937 random(7);
    const auto speech = some_speech(100, 4);
    std::vector<std::int16_t> spoken;
    std::size_t at = 0;
    t.press();
    for (int s = 0; s < switches; ++s) {
        for (auto stay = 5 + random() % 12; stay > 0; --stay, at += samples_per_block) {
            const auto from =
                speech.begin() +
                static_cast<std::ptrdiff_t>(at % (speech.size() - samples_per_block));
            spoken.insert(spoken.end(), from, from + samples_per_block);
            t.push(speech.data() + at % (speech.size() - samples_per_block),
                   samples_per_block,
                   iq);
        }
        constexpr kind all[] = { kind::secure, kind::clear, kind::fm };
        t.command(all[random() % 3]);
    }
    t.release(iq);
    iq.resize(iq.size() + 48000);
    const auto air = through_noise(iq, threshold_cn0, 300);
    const auto h = hear(listening(key), air);

    // what was played in which slot
    std::vector<kind> played(kinds.size() + 8, kind::none);
    double off = 0; // of the time line
    const double begin = h.played.front().time;
    for (std::size_t n = 0; n < h.played.size(); ++n) {
        off = std::max(
            off, std::abs(h.played[n].time - begin - 0.08 * static_cast<double>(n)));
        const auto slot = std::lround((h.played[n].time - begin) / 0.08);
        if (h.played[n].what == heard_block::action::play)
            played.at(static_cast<std::size_t>(slot)) = h.played[n].kind;
    }
    BOOST_TEST(off < 0.1);
    std::size_t lost = 0, wrong = 0, buzzed = 0, silent = 0, sent = 0;
    for (std::size_t n = 0; n + 1 < kinds.size(); ++n) {
        sent += kinds[n] != kind::none;
        silent += kinds[n] == kind::none;
        lost += kinds[n] != kind::none && played[n] == kind::none;
        wrong +=
            kinds[n] != kind::none && played[n] != kind::none && played[n] != kinds[n];
        buzzed += kinds[n] == kind::none && played[n] != kind::none;
    }
    // FM that is muted where it begins and ends, beside the start frame's slot
    std::size_t begin_muted = 0, end_muted = 0;
    for (std::size_t n = 0; n < h.played.size(); ++n) {
        if (h.played[n].kind != kind::fm)
            continue;
        const auto& s = h.played[n].speech;
        const auto zero = [](auto x) { return x == 0; };
        if (n > 0 && h.played[n - 1].kind != kind::fm)
            begin_muted = std::max<std::size_t>(
                begin_muted,
                static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), zero) -
                                         s.begin()));
        if (n + 1 < h.played.size() && h.played[n + 1].kind != kind::fm)
            end_muted = std::max<std::size_t>(
                end_muted,
                static_cast<std::size_t>(std::find_if_not(s.rbegin(), s.rend(), zero) -
                                         s.rbegin()));
    }
    BOOST_TEST_MESSAGE("FM is muted for " << begin_muted / 8
                                          << " ms at its beginning and " << end_muted / 8
                                          << " ms at its end");
    BOOST_TEST(begin_muted <= 8u * 40);
    BOOST_TEST(end_muted <= 8u * 20);
    BOOST_TEST_MESSAGE(sent << " blocks sent, " << silent << " start frames, " << lost
                            << " lost, " << wrong << " as another kind, time line off by "
                            << off << " s");
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(buzzed == 0u); // a start frame heard as FM
    BOOST_TEST(lost == 0u);
    BOOST_TEST(!h.said(heard_state::fm_unannounced));

    std::vector<std::size_t> secure, fm;
    for (std::size_t n = 0; n + 1 < kinds.size(); ++n)
        if (kinds[n] == kind::secure)
            secure.push_back(n);
        else if (kinds[n] == kind::fm)
            fm.push_back(n);
    const auto sound = ordinary_radio(air);
    const double secret = likeness(sound, spoken, secure, begin);
    const double in_fm = likeness(sound, spoken, fm, begin);
    const double chance = 1 / std::sqrt(4 * static_cast<double>(secure.size()));
    BOOST_TEST_MESSAGE("loudness of an FM radio and of the speech: correlation "
                       << secret << " while secure (chance: " << chance << "), " << in_fm
                       << " while FM");
    BOOST_TEST(std::abs(secret) < 4 * chance);
    BOOST_TEST(in_fm > 0.5);
}

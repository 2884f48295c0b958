/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE clear_tone
#include "core/chain/speech_decoder.h"
#include "tone_search.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>

using namespace securevoice;
using tone_search::amplitude;
using tone_search::is_free;
using tone_search::warns_at;

namespace {

constexpr std::size_t period = 3 * 8000;

/*! Quiet noise through the vocoder: what is loud in the output is the tone. */
std::vector<voice_field> quiet_speech(std::size_t blocks)
{
    std::mt19937 rng(1);
    std::normal_distribution<double> noise(0, 100);
    vocoder_encoder encoder(codec::c3200);
    std::vector<voice_field> out;
    for (std::size_t b = 0; b < blocks; ++b) {
        std::vector<std::int16_t> samples(samples_per_block);
        for (auto& x : samples)
            x = static_cast<std::int16_t>(noise(rng));
        out.push_back(encoder.encode(samples.data()));
    }
    return out;
}

/*! What the loudspeaker gives for slots: s secure, c clear, n of no known kind, l lost, m
 * muted, f the end of the call. */
std::vector<std::int16_t> listen(const std::string& slots, bool tones = true)
{
    const auto voices = quiet_speech(slots.size());
    speech_decoder_options options;
    options.clear_tones = tones;
    speech_decoder l(options);
    std::vector<std::int16_t> out;
    for (std::size_t n = 0; n < slots.size(); ++n) {
        heard_block block;
        block.voice = voices[n];
        block.kind =
            slots[n] == 's' ? kind::secure : (slots[n] == 'c' ? kind::clear : kind::none);
        if (slots[n] == 'l')
            block.what = heard_block::action::conceal;
        if (slots[n] == 'm')
            block.what = heard_block::action::mute;
        if (slots[n] == 'f')
            block.what = heard_block::action::finish;
        l.decode(block, out);
    }
    return out;
}

constexpr std::size_t block(std::size_t n) { return n * samples_per_block; }

} // namespace

BOOST_AUTO_TEST_CASE(the_tone_is_as_loud_as_its_header_says)
{
    clear_tone tone(clear_tone::listener_seconds);
    std::vector<std::int16_t> silence(2 * clear_tone::length);
    tone.mix(silence.data(), silence.size());
    double power = 0; // within the first pip, its edges left out
    for (std::size_t n = 40; n < 440; ++n)
        power += std::pow(silence[n] / 32768.0, 2) / 400;
    BOOST_TEST(std::abs(10 * std::log10(power) - (-15.05)) < 0.05);
    const auto largest = std::max_element(silence.begin(), silence.end());
    BOOST_TEST(std::abs(20 * std::log10(*largest / 32768.0) - (-12.04)) < 0.1);
    BOOST_TEST(warns_at(silence, 0));
    BOOST_TEST(std::all_of(silence.begin() + clear_tone::length,
                           silence.end(),
                           [](std::int16_t x) { return x == 0; }));
}

BOOST_AUTO_TEST_CASE(no_voice_hides_it_and_nothing_clips)
{
    // The loudest voices there are, on the pips' own frequencies and between them
    for (const double hertz : { 400.0, 1000.0, 1500.0, 3999.0 }) {
        std::vector<std::int16_t> voice(clear_tone::length);
        for (std::size_t n = 0; n < voice.size(); ++n)
            voice[n] =
                std::sin(2 * M_PI * hertz * static_cast<double>(n) / 8000 + 0.1) > 0
                    ? 32767
                    : -32768;
        const auto before = voice;
        clear_tone(3).mix(voice.data(), voice.size());
        clear_tone alone(3);
        std::vector<std::int16_t> pips(clear_tone::length);
        alone.mix(pips.data(), pips.size());
        double loud = 0;
        double tone = 0;
        for (std::size_t n = 0; n < voice.size(); ++n) {
            BOOST_REQUIRE(voice[n] > -32768);
            BOOST_REQUIRE(voice[n] < 32767);
            BOOST_REQUIRE(std::abs(voice[n] - pips[n]) <= 8192); // no wrap
            loud += std::pow(voice[n] - pips[n], 2);
            tone += n < 480 || n >= 720 ? std::pow(pips[n], 2) : 0;
        }
        // At least -4 dB beside a square wave at full scale
        BOOST_TEST(10 * std::log10(tone / loud) > -4.5);
        BOOST_TEST((before != voice));
    }
}

BOOST_AUTO_TEST_CASE(P4_the_first_clear_block_warns_within_250_ms)
{
    for (const std::string before : { "", "ssssss", "sssf", "sssm", "l", "cf", "cm" }) {
        const auto out = listen(before + std::string(10, 'c'));
        const auto first = out.size() - block(10);
        BOOST_TEST_CONTEXT("after '" << before << "'")
        {
            BOOST_TEST(warns_at(out, first)); // its first sample: over 150 ms later
            BOOST_TEST(clear_tone::length <= 2000u);
            BOOST_TEST(is_free(out, first + clear_tone::length, out.size()));
        }
    }
}

BOOST_AUTO_TEST_CASE(it_comes_every_three_seconds_to_the_sample)
{
    const auto out = listen(std::string(130, 'c')); // 10.4 s
    for (std::size_t first = 0; first + clear_tone::length < out.size();
         first += period) {
        BOOST_TEST(warns_at(out, first));
        // An octave-wide rise of the level within a millisecond or so of where it has to
        // be
        BOOST_TEST(std::any_of(out.begin() + static_cast<long>(first),
                               out.begin() + static_cast<long>(first + 20),
                               [](auto x) { return std::abs(x) > 1500; }));
        const auto next = std::min(first + period, out.size());
        BOOST_TEST(is_free(out, first + clear_tone::length, next));
    }
}

BOOST_AUTO_TEST_CASE(there_is_none_over_secure_voice)
{
    const auto secure = listen(std::string(130, 's'));
    BOOST_TEST(is_free(secure, 0, secure.size()));
    // A clear part too short for its tone: the rest of the tone is not heard over secure.
    const auto mixed = listen("ssscsssssscccssssss");
    BOOST_TEST(is_free(mixed, 0, block(3)));
    BOOST_TEST(amplitude(mixed, block(3), 1000) > 6000);
    BOOST_TEST(is_free(mixed, block(4), block(10)));
    BOOST_TEST(warns_at(mixed, block(10)));
    BOOST_TEST(is_free(mixed, block(13), block(19)));
    for (std::size_t n = 0; n < mixed.size(); ++n)
        if (n < block(3) || (n >= block(4) && n < block(10)) || n >= block(13))
            BOOST_REQUIRE(std::abs(mixed[n]) < 2500);
}

BOOST_AUTO_TEST_CASE(each_change_to_clear_begins_with_it)
{
    std::string slots;
    for (int n = 0; n < 10; ++n)
        slots += "sssccc";
    const auto out = listen(slots);
    for (std::size_t n = 0; n < 10; ++n)
        BOOST_TEST(warns_at(out, block(6 * n + 3)));
}

BOOST_AUTO_TEST_CASE(a_fade_of_clear_voice_does_not_stop_the_clock)
{
    for (const std::string fade : { "l", "ll", "lllllll" }) {
        std::string slots(130, 'c');
        for (std::size_t n = 20; n < 120; n += 25)
            slots.replace(n, fade.size(), fade);
        const auto out = listen(slots);
        for (std::size_t first = 0; first + clear_tone::length < out.size();
             first += period)
            BOOST_TEST(warns_at(out, first));
    }
    // A fade at the start of a call or after secure voice has nothing to warn of.
    const auto lost = listen("llllsssslllll");
    BOOST_TEST(is_free(lost, 0, lost.size()));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_to_be_secure_is_warned_of)
{
    BOOST_TEST(warns_at(listen("nnnn"), 0));
}

BOOST_AUTO_TEST_CASE(nothing_is_heard_of_it_when_it_is_off_or_muted)
{
    const auto off = listen(std::string(80, 'c'), false);
    BOOST_TEST(is_free(off, 0, off.size()));
    const auto muted = listen("ccccmmmmmm");
    BOOST_TEST(is_free(muted, block(4), muted.size()));
    BOOST_TEST(std::all_of(muted.begin() + static_cast<long>(block(4)),
                           muted.end(),
                           [](auto x) { return x == 0; }));
}

BOOST_AUTO_TEST_CASE(tones_are_on_unless_switched_off)
{
    BOOST_TEST(speech_decoder_options{}.clear_tones);
}

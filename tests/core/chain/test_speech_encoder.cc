/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE speech_encoder
#include "core/chain/speech_decoder.h"
#include "core/chain/speech_encoder.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

using namespace securevoice;

namespace {

std::vector<std::int16_t> tone(std::size_t count)
{
    std::vector<std::int16_t> samples(count);
    for (std::size_t n = 0; n < count; ++n)
        samples[n] =
            static_cast<std::int16_t>(8000 * std::sin(0.1 * static_cast<double>(n)) *
                                      (1 + std::sin(0.003 * static_cast<double>(n))) / 2);
    return samples;
}

std::vector<spoken_block>
talk(speech_encoder& t, const std::vector<std::int16_t>& speech, std::size_t chunk)
{
    std::vector<spoken_block> out;
    const auto keep = [&](const spoken_block& b) { out.push_back(b); };
    t.press();
    for (std::size_t n = 0; n < speech.size(); n += chunk)
        t.push(speech.data() + n, std::min(chunk, speech.size() - n), keep);
    t.release(keep);
    return out;
}

bool has(const spoken_block& b, spoken_block::flag f) { return b.flags & f; }

} // namespace

BOOST_AUTO_TEST_CASE(a_transmission_is_a_start_record_the_speech_and_a_marked_last_block)
{
    speech_encoder t(codec::c3200);
    const auto blocks = talk(t, tone(10 * samples_per_block + 100), 160);
    BOOST_REQUIRE_EQUAL(blocks.size(), 12u);
    BOOST_TEST(has(blocks[0], spoken_block::start));
    BOOST_TEST(!has(blocks[0], spoken_block::voice_present));
    for (std::size_t n = 1; n < blocks.size(); ++n) {
        BOOST_TEST(has(blocks[n], spoken_block::voice_present));
        BOOST_TEST(has(blocks[n], spoken_block::end) == (n + 1 == blocks.size()));
        BOOST_TEST(has(blocks[n], spoken_block::fresh_codec) == (n == 1));
    }
}

BOOST_AUTO_TEST_CASE(the_vocoder_hears_what_it_would_hear_alone)
{
    const auto speech = tone(20 * samples_per_block);
    speech_encoder t(codec::c1300);
    const auto blocks = talk(t, speech, 777);
    vocoder_encoder alone(codec::c1300);
    for (std::size_t n = 0; n < 20; ++n)
        BOOST_TEST(
            (blocks[n + 1].voice == alone.encode(speech.data() + n * samples_per_block)));
}

BOOST_AUTO_TEST_CASE(chunks_do_not_matter)
{
    const auto speech = tone(5 * samples_per_block + 17);
    speech_encoder a(codec::c700c), b(codec::c700c);
    const auto one = talk(a, speech, 1);
    const auto all = talk(b, speech, speech.size());
    BOOST_REQUIRE_EQUAL(one.size(), all.size());
    for (std::size_t n = 1; n < one.size();
         ++n) // the start record's digest covers what was there
        BOOST_TEST((one[n].voice == all[n].voice));
}

BOOST_AUTO_TEST_CASE(clear_counts_from_the_first_block_begun_after_the_command)
{
    speech_encoder t(codec::c3200);
    std::vector<spoken_block> out;
    const auto keep = [&](const spoken_block& b) { out.push_back(b); };
    const auto speech = tone(6 * samples_per_block);
    t.press();
    t.push(
        speech.data(), samples_per_block + 1, keep); // one sample of block 1 is captured
    t.command(kind::clear, 1, t.next_sample());
    t.push(speech.data(), 3 * samples_per_block, keep);
    BOOST_REQUIRE_EQUAL(out.size(), 5u);
    BOOST_TEST(out[1].commanded == 0u);
    BOOST_TEST(out[2].commanded == 0u); // begun before the command
    BOOST_TEST(out[3].commanded == 1u);
    BOOST_TEST(has(out[3], spoken_block::fresh_codec));
    BOOST_TEST(!has(out[4], spoken_block::fresh_codec));

    // The block after the command is what a vocoder without memory makes of these
    // samples.
    vocoder_encoder fresh(codec::c3200);
    BOOST_TEST((out[3].voice == fresh.encode(speech.data() + samples_per_block - 1)));
}

BOOST_AUTO_TEST_CASE(nothing_leaves_while_the_button_is_up)
{
    speech_encoder t(codec::c3200);
    const auto speech = tone(3 * samples_per_block);
    const auto never = [](const spoken_block&) { BOOST_ERROR("a block left"); };
    t.push(speech.data(), speech.size(), never);
    t.release(never);
    t.press();
    t.release(never); // pressed, but not a sample was heard
}

namespace {

constexpr std::size_t B = samples_per_block;

/*! A speech encoder, and all that it emits. */
struct told_encoder {
    explicit told_encoder(std::optional<talk_limit> limit = {}) : t(codec::c3200, limit)
    {
    }
    void say(std::size_t samples)
    {
        const auto speech = tone(samples);
        t.push(speech.data(), samples, keep);
    }
    std::size_t voices() const
    {
        return static_cast<std::size_t>(
            std::count_if(out.begin(), out.end(), [](const auto& b) {
                return has(b, spoken_block::voice_present);
            }));
    }
    std::vector<spoken_block> out;
    speech_encoder::sink keep = [this](const spoken_block& b) { out.push_back(b); };
    speech_encoder t;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_command_counts_from_the_sample_that_was_captured_after_it)
{
    for (const auto k : { kind::clear, kind::fm })
        for (const std::size_t from : { 3 * B, 3 * B + 1, 4 * B - 1 }) {
            told_encoder h;
            h.t.press();
            h.t.command(k, 77, from); // nothing of what waits has come yet
            h.say(6 * B);
            BOOST_REQUIRE(h.out.size() == 7u);
            const std::size_t first = (from + B - 1) / B;
            for (std::size_t n = 0; n < 6; ++n) {
                const auto& block = h.out[n + 1];
                BOOST_TEST(block.commanded == (n < first ? 0u : 77u));
                BOOST_TEST(has(block, spoken_block::fresh_codec) ==
                           (n == 0 || n == first));
                BOOST_TEST(has(block, spoken_block::analog) ==
                           (k == kind::fm && n >= first));
            }
        }
}

BOOST_AUTO_TEST_CASE(secure_takes_back_a_command_that_waits)
{
    told_encoder h;
    h.t.press();
    h.t.command(kind::fm, 77, 3 * B);
    h.say(B);
    h.t.command(kind::secure, 78, 3 * B + 5);
    h.say(8 * B);
    for (const auto& block : h.out) {
        BOOST_TEST(block.commanded == 0u);
        BOOST_TEST(!has(block, spoken_block::analog));
    }
}

BOOST_AUTO_TEST_CASE(secure_takes_back_the_mark_of_the_block_in_work)
{
    for (const auto k : { kind::clear, kind::fm }) {
        told_encoder h;
        h.t.press();
        h.t.command(k, 77, B);
        h.say(2 * B + 100);
        BOOST_TEST(h.out.back().commanded == 77u); // it was marked
        h.t.command(kind::secure, 78);
        h.t.command(k, 79, 4 * B);
        h.say(4 * B);
        BOOST_REQUIRE(h.out.size() == 7u);
        for (std::size_t n = 2; n < 6; ++n) {
            const auto& block = h.out[n + 1];
            BOOST_TEST(block.commanded == (n < 4 ? 0u : 79u));
            BOOST_TEST(has(block, spoken_block::analog) == (k == kind::fm && n >= 4));
        }
    }
}

BOOST_AUTO_TEST_CASE(of_commands_before_a_press_the_newest_one_counts)
{
    told_encoder h;
    for (std::uint64_t n = 1; n <= 1000; ++n)
        h.t.command(n % 2 ? kind::fm : kind::clear, n, n == 1000 ? B : 20 * B);
    h.t.press(); // it waits for the newest one only
    h.say(3 * B);
    BOOST_REQUIRE(h.voices() == 2u);
    for (const auto& block : h.out) {
        BOOST_TEST(block.commanded == 1000u);
        BOOST_TEST(!has(block, spoken_block::analog));
    }
}

BOOST_AUTO_TEST_CASE(the_last_words_before_a_release_leave_and_none_after_it)
{
    for (const std::size_t from : { 3 * B, 3 * B + 1, 4 * B }) {
        told_encoder h;
        h.t.press();
        h.say(B);
        h.t.release(from, h.keep); // two blocks and more wait
        BOOST_TEST(h.t.releasing());
        BOOST_TEST(h.voices() == 1u);
        h.say(10 * B);
        BOOST_TEST(!h.t.releasing());
        const auto whole = from / B; // and the one that the release fills
        BOOST_REQUIRE(h.voices() == whole + 1);
        BOOST_TEST(has(h.out.back(), spoken_block::end));
        // Where the release is, silence begins.
        vocoder_encoder alone(codec::c3200);
        auto said = tone(B);
        const auto rest = tone(10 * B);
        said.insert(said.end(), rest.begin(), rest.begin() + static_cast<long>(from - B));
        said.resize((whole + 1) * B, 0);
        for (std::size_t n = 0; n <= whole; ++n)
            BOOST_TEST((h.out[n + 1].voice == alone.encode(said.data() + n * B)));
    }
}

BOOST_AUTO_TEST_CASE(words_from_before_the_press_are_not_sent)
{
    told_encoder h;
    h.t.press(2 * B + 100);
    h.say(2 * B + 100);
    BOOST_TEST(h.out.empty());
    h.say(3 * B);
    BOOST_TEST(h.voices() == 3u);
}

BOOST_AUTO_TEST_CASE(a_key_that_moves_faster_than_speech_comes_is_followed)
{
    told_encoder h;
    h.t.press();
    h.say(B);
    h.t.release(3 * B, h.keep);
    h.t.press(5 * B);
    h.t.release(7 * B, h.keep);
    h.say(20 * B);
    std::string all;
    for (const auto& b : h.out)
        all += has(b, spoken_block::start) ? 'p' : has(b, spoken_block::end) ? 'e' : '.';
    BOOST_TEST(all == "p...ep..e");
}

BOOST_AUTO_TEST_CASE(a_press_after_a_release_that_waits_for_speech_is_not_forgotten)
{
    told_encoder h;
    h.t.press();
    h.say(B);
    h.t.release(3 * B, h.keep);
    h.t.press(5 * B);
    h.t.release_waiting(h.keep); // no speech came
    BOOST_TEST(!h.t.releasing());
    BOOST_TEST(has(h.out.back(), spoken_block::end));
    const auto before = h.voices();
    h.say(4 * B); // from before the press
    BOOST_TEST(h.voices() == before);
    h.say(2 * B);
    BOOST_TEST(h.voices() == before + 2);
}

BOOST_AUTO_TEST_CASE(a_command_ends_with_the_transmission_that_it_was_given_in)
{
    told_encoder h; // before its sample was reached
    h.t.press();
    h.t.command(kind::clear, 77, 4 * B);
    h.t.release(3 * B, h.keep);
    h.say(6 * B);
    h.t.press();
    h.say(4 * B);
    for (const auto& block : h.out)
        BOOST_TEST(block.commanded == 0u);

    told_encoder
        later; // given after the release: armed for the next one, which begins after it
    later.t.press();
    later.say(B);
    later.t.release(3 * B, later.keep);
    later.t.command(kind::clear, 78, 5 * B);
    later.t.press(4 * B);
    later.say(8 * B);
    BOOST_REQUIRE(later.out.size() == 1u + 4 + 1 + 4);
    for (std::size_t n = 0; n < later.out.size(); ++n)
        BOOST_TEST(later.out[n].commanded == (n < 5 ? 0u : 78u));
}

BOOST_AUTO_TEST_CASE(push_to_talk_times_out_with_the_end_and_waits_for_a_release)
{
    const auto limit =
        talk_limit_from("12"); // 150 blocks, the first 25 without a warning
    told_encoder h(limit);
    h.t.press();
    h.say(400 * B);
    BOOST_REQUIRE(h.voices() == 150u);
    for (std::size_t n = 1; n <= 150; ++n) {
        BOOST_TEST(has(h.out[n], spoken_block::end) == (n == 150));
        BOOST_TEST(has(h.out[n], spoken_block::timed_out) == (n == 150));
        BOOST_TEST(has(h.out[n], spoken_block::ends_soon) == (n > 25));
    }
    BOOST_TEST(!h.t.pressed());
    for (int n = 0; n < 3; ++n) { // a stuck button
        h.t.press();
        h.say(10 * B);
    }
    BOOST_TEST(h.voices() == 150u);
    h.t.release(h.t.next_sample(), h.keep);
    h.t.press();
    h.say(10 * B);
    BOOST_TEST(h.voices() == 160u);
    BOOST_TEST(!has(h.out.back(), spoken_block::ends_soon));
}

BOOST_AUTO_TEST_CASE(a_transmission_as_long_as_the_time_out_is_whole)
{
    told_encoder h(talk_limit_from("2"));
    h.t.press();
    h.say(25 * B - 1);
    h.t.release(h.keep);
    BOOST_TEST(h.voices() == 25u);
    BOOST_TEST(!has(h.out.back(), spoken_block::timed_out));
    told_encoder endless; // none
    endless.t.press();
    endless.say(5000 * B);
    BOOST_TEST(endless.voices() == 5000u);
}

BOOST_AUTO_TEST_CASE(audio_before_the_call_changes_the_digest)
{
    std::set<voice_field> digests;
    const auto speech = tone(2000);
    for (std::size_t n = 0; n < 4; ++n) {
        speech_encoder t(codec::c3200);
        t.push(speech.data(), n * 100, [](const spoken_block&) {});
        digests.insert(talk(t, speech, 640)[0].voice);
    }
    BOOST_TEST(digests.size() == 4u);
}

namespace {

heard_block heard(const voice_field& voice, kind k = kind::secure)
{
    heard_block b;
    b.kind = k;
    b.codec = static_cast<std::uint8_t>(codec::c3200);
    b.voice = voice;
    return b;
}

double likeness(const std::vector<std::int16_t>& a, const std::vector<std::int16_t>& b)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t n = 0; n < a.size(); ++n) {
        ab += static_cast<double>(a[n]) * b[n];
        aa += static_cast<double>(a[n]) * a[n];
        bb += static_cast<double>(b[n]) * b[n];
    }
    return ab / std::sqrt(aa * bb);
}

double power(const std::vector<std::int16_t>& all, std::size_t block)
{
    double sum = 0;
    for (std::size_t n = 0; n < samples_per_block; ++n)
        sum += std::pow(all.at(block * samples_per_block + n), 2);
    return sum / samples_per_block;
}

} // namespace

BOOST_AUTO_TEST_CASE(lost_blocks_are_concealed_for_160_ms_and_no_longer)
{
    vocoder_encoder encoder(codec::c3200);
    speech_decoder l;
    std::vector<std::int16_t> out;
    const auto speech = tone(10 * samples_per_block);
    for (std::size_t n = 0; n < 10; ++n)
        l.decode(heard(encoder.encode(speech.data() + n * samples_per_block)), out);
    heard_block lost;
    lost.what = heard_block::action::conceal;
    for (int n = 0; n < 4; ++n)
        l.decode(lost, out);
    BOOST_REQUIRE_EQUAL(out.size(), 14 * samples_per_block);
    BOOST_TEST(power(out, 10) > 0);
    BOOST_TEST(power(out, 11) > 0);
    BOOST_TEST(power(out, 12) == 0);
    BOOST_TEST(power(out, 13) == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_concealed_before_speech_or_after_a_muted_block)
{
    vocoder_encoder encoder(codec::c3200);
    speech_decoder l;
    std::vector<std::int16_t> out;
    heard_block lost;
    lost.what = heard_block::action::conceal;
    l.decode(lost, out);
    BOOST_TEST(power(out, 0) == 0);
    const auto speech = tone(samples_per_block);
    l.decode(heard(encoder.encode(speech.data())), out);
    heard_block mute;
    mute.what = heard_block::action::mute;
    l.decode(mute, out);
    l.decode(lost, out);
    BOOST_TEST(power(out, 2) == 0);
    BOOST_TEST(power(out, 3) == 0);
}

BOOST_AUTO_TEST_CASE(a_change_of_kind_starts_with_a_fresh_vocoder)
{
    vocoder_encoder encoder(codec::c3200);
    const auto speech = tone(8 * samples_per_block);
    std::vector<voice_field> voices;
    for (std::size_t n = 0; n < 8; ++n)
        voices.push_back(encoder.encode(speech.data() + n * samples_per_block));
    speech_decoder_options without_tones;
    without_tones.clear_tones = false;
    speech_decoder l(without_tones);
    std::vector<std::int16_t> out;
    for (std::size_t n = 0; n < 8; ++n)
        l.decode(heard(voices[n], n < 4 ? kind::secure : kind::clear), out);
    // libcodec2's unvoiced excitation is random: compare by correlation, with and without
    // a memory.
    vocoder_decoder fresh(codec::c3200), old(codec::c3200);
    std::vector<std::int16_t> from_fresh(samples_per_block), from_old(samples_per_block);
    for (std::size_t n = 0; n <= 4; ++n)
        old.decode(voices[n], from_old.data());
    fresh.decode(voices[4], from_fresh.data());
    const std::vector<std::int16_t> played(out.begin() + 4 * samples_per_block,
                                           out.begin() + 5 * samples_per_block);
    BOOST_TEST(likeness(played, from_fresh) > 0.95);
    BOOST_TEST(likeness(played, from_old) < 0.8);
}

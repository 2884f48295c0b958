/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE talker
#include "core/chain/listener.h"
#include "core/chain/talker.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>

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
talk(talker& t, const std::vector<std::int16_t>& speech, std::size_t chunk)
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
    talker t(codec::c3200);
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
    talker t(codec::c1300);
    const auto blocks = talk(t, speech, 777);
    vocoder_encoder alone(codec::c1300);
    for (std::size_t n = 0; n < 20; ++n)
        BOOST_TEST(
            (blocks[n + 1].voice == alone.encode(speech.data() + n * samples_per_block)));
}

BOOST_AUTO_TEST_CASE(chunks_do_not_matter)
{
    const auto speech = tone(5 * samples_per_block + 17);
    talker a(codec::c700c), b(codec::c700c);
    const auto one = talk(a, speech, 1);
    const auto all = talk(b, speech, speech.size());
    BOOST_REQUIRE_EQUAL(one.size(), all.size());
    for (std::size_t n = 1; n < one.size();
         ++n) // the start record's digest covers what was there
        BOOST_TEST((one[n].voice == all[n].voice));
}

BOOST_AUTO_TEST_CASE(clear_counts_from_the_first_block_begun_after_the_command)
{
    talker t(codec::c3200);
    std::vector<spoken_block> out;
    const auto keep = [&](const spoken_block& b) { out.push_back(b); };
    const auto speech = tone(6 * samples_per_block);
    t.press();
    t.push(
        speech.data(), samples_per_block + 1, keep); // one sample of block 1 is captured
    t.clear_command();
    t.push(speech.data(), 3 * samples_per_block, keep);
    BOOST_REQUIRE_EQUAL(out.size(), 5u);
    BOOST_TEST(out[1].clear_commands == 0u);
    BOOST_TEST(out[2].clear_commands == 0u); // begun before the command
    BOOST_TEST(out[3].clear_commands == 1u);
    BOOST_TEST(has(out[3], spoken_block::fresh_codec));
    BOOST_TEST(!has(out[4], spoken_block::fresh_codec));

    // The block after the command is what a vocoder without memory makes of these
    // samples.
    vocoder_encoder fresh(codec::c3200);
    BOOST_TEST((out[3].voice == fresh.encode(speech.data() + samples_per_block - 1)));
}

BOOST_AUTO_TEST_CASE(nothing_leaves_while_the_button_is_up)
{
    talker t(codec::c3200);
    const auto speech = tone(3 * samples_per_block);
    const auto never = [](const spoken_block&) { BOOST_ERROR("a block left"); };
    t.push(speech.data(), speech.size(), never);
    t.release(never);
    t.press();
    t.release(never); // pressed, but not a sample was heard
}

BOOST_AUTO_TEST_CASE(audio_before_the_call_changes_the_digest)
{
    std::set<voice_field> digests;
    const auto speech = tone(2000);
    for (std::size_t n = 0; n < 4; ++n) {
        talker t(codec::c3200);
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
    listener l;
    std::vector<std::int16_t> out;
    const auto speech = tone(10 * samples_per_block);
    for (std::size_t n = 0; n < 10; ++n)
        l.hear(heard(encoder.encode(speech.data() + n * samples_per_block)), out);
    heard_block lost;
    lost.what = heard_block::action::conceal;
    for (int n = 0; n < 4; ++n)
        l.hear(lost, out);
    BOOST_REQUIRE_EQUAL(out.size(), 14 * samples_per_block);
    BOOST_TEST(power(out, 10) > 0);
    BOOST_TEST(power(out, 11) > 0);
    BOOST_TEST(power(out, 12) == 0);
    BOOST_TEST(power(out, 13) == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_concealed_before_speech_or_after_a_muted_block)
{
    vocoder_encoder encoder(codec::c3200);
    listener l;
    std::vector<std::int16_t> out;
    heard_block lost;
    lost.what = heard_block::action::conceal;
    l.hear(lost, out);
    BOOST_TEST(power(out, 0) == 0);
    const auto speech = tone(samples_per_block);
    l.hear(heard(encoder.encode(speech.data())), out);
    heard_block mute;
    mute.what = heard_block::action::mute;
    l.hear(mute, out);
    l.hear(lost, out);
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
    listener_options without_tones;
    without_tones.clear_tones = false;
    listener l(without_tones);
    std::vector<std::int16_t> out;
    for (std::size_t n = 0; n < 8; ++n)
        l.hear(heard(voices[n], n < 4 ? kind::secure : kind::clear), out);
    // libcodec2's unvoiced excitation is random: compare by correlation, with and without a memory.
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

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE vocoder
#include "core/vocoder/vocoder.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <stdexcept>

using namespace securevoice;
namespace data = boost::unit_test::data;

namespace {

const auto all_codecs = data::xrange(0U, static_cast<unsigned>(codec_count));

std::vector<std::int16_t> buzz(std::size_t blocks)
{
    std::vector<std::int16_t> samples(blocks * samples_per_block);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const auto t = static_cast<double>(n) / speech_rate;
        double sum = 0;
        for (int h = 1; h < 20; ++h)
            sum += std::sin(2 * M_PI * h * (120 + 30 * std::sin(6 * t)) * t) / h;
        samples[n] = static_cast<std::int16_t>(5000 * sum);
    }
    return samples;
}

std::vector<voice_field> encode_all(vocoder_encoder& encoder,
                                    const std::vector<std::int16_t>& samples)
{
    std::vector<voice_field> all;
    for (std::size_t n = 0; n + samples_per_block <= samples.size();
         n += samples_per_block)
        all.push_back(encoder.encode(samples.data() + n));
    return all;
}

} // namespace

BOOST_DATA_TEST_CASE(layout_is_that_of_the_air_interface, all_codecs, code)
{
    const auto c = static_cast<codec>(code);
    const auto& l = layout(c);
    BOOST_TEST(l.bits_per_frame * l.frames_per_block == voice_bits(c));
    BOOST_TEST(l.samples_per_frame * l.frames_per_block == samples_per_block);
    // The rate in bit/s is the codec's name.
    const auto rate = l.bits_per_frame * speech_rate / l.samples_per_frame;
    BOOST_TEST(rate == std::stoul(codec_name(c)));
}

BOOST_DATA_TEST_CASE(packing_is_undone_by_unpacking, all_codecs, code)
{
    const auto c = static_cast<codec>(code);
    const auto& l = layout(c);
    std::mt19937 random(code);
    for (int repeat = 0; repeat < 50; ++repeat) {
        std::vector<std::uint8_t> frames(l.octets_per_frame * l.frames_per_block);
        for (std::size_t i = 0; i < frames.size(); ++i)
            frames[i] = static_cast<std::uint8_t>(random());
        // c2enc leaves the bits behind a frame zero
        if (l.bits_per_frame % 8 != 0)
            for (std::size_t f = 1; f <= l.frames_per_block; ++f)
                frames[f * l.octets_per_frame - 1] &=
                    static_cast<std::uint8_t>(0xff00 >> l.bits_per_frame % 8);
        const auto voice = pack_frames(c, frames.data());
        BOOST_TEST(unpack_frames(c, voice) == frames, boost::test_tools::per_element());
        for (auto n = voice_bits(c); n < max_voice_bits; ++n)
            BOOST_TEST((voice[n / 8] >> (7 - n % 8) & 1) == 0);
    }
}

BOOST_AUTO_TEST_CASE(packing_of_28_bit_frames_by_hand)
{
    const std::uint8_t frames[] = { 0x12, 0x34, 0x56, 0x70, 0x89, 0xab, 0xcd, 0xe0 };
    const auto voice = pack_frames(codec::c700c, frames);
    const std::vector<std::uint8_t> wanted{ 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde };
    BOOST_TEST(std::vector<std::uint8_t>(voice.begin(), voice.begin() + 7) == wanted,
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(reset_forgets_all_speech, all_codecs, code)
{
    const auto c = static_cast<codec>(code);
    const auto samples = buzz(6);
    std::mt19937 random(1);
    std::vector<std::int16_t> noise(4 * samples_per_block);
    for (auto& n : noise)
        n = static_cast<std::int16_t>(random());
    vocoder_encoder encoder(c);
    const auto first = encode_all(encoder, samples);
    encode_all(encoder, noise);
    BOOST_CHECK(encode_all(encoder, samples) != first); // there is something to forget
    encode_all(encoder, noise);
    encoder.reset();
    BOOST_CHECK(encode_all(encoder, samples) == first);
}

BOOST_DATA_TEST_CASE(decoder_after_reset_starts_silent, all_codecs, code)
{
    const auto c = static_cast<codec>(code);
    const auto samples = buzz(6);
    vocoder_encoder encoder(c);
    const auto voice = encode_all(encoder, samples);
    vocoder_decoder decoder(c);
    const auto energy = [&](const voice_field& v) {
        std::vector<std::int16_t> out(samples_per_block);
        decoder.decode(v, out.data());
        double sum = 0;
        for (const auto s : out)
            sum += static_cast<double>(s) * s;
        return sum;
    };
    double speech = 0;
    for (const auto& v : voice)
        speech = energy(v);
    BOOST_TEST(speech > 1e6);
    // The first samples after a reset hold nothing of what was decoded before it.
    const auto tail = energy(encode_all(encoder, std::vector<std::int16_t>(640))[0]);
    decoder.reset();
    vocoder_encoder silence(c);
    const auto fresh = energy(encode_all(silence, std::vector<std::int16_t>(640))[0]);
    BOOST_TEST(fresh < tail / 10);
}

BOOST_AUTO_TEST_CASE(a_code_without_rate_is_refused)
{
    BOOST_CHECK_THROW(layout(static_cast<codec>(7)), std::invalid_argument);
    BOOST_CHECK_THROW(vocoder_encoder(static_cast<codec>(7)), std::invalid_argument);
    BOOST_CHECK_THROW(vocoder_decoder(static_cast<codec>(200)), std::invalid_argument);
}

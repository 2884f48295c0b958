/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE speech_is_wiped
#include "../memory_search.h"
#include "bit_air.h"
#include "core/chain/speech_decoder.h"
#include "core/chain/speech_encoder.h"
#include "core/crypto/secret_memory.h"

#include <boost/test/unit_test.hpp>

// Speech stays in memory no longer than it is needed: searched for in all that can be
// written.

using namespace bit_air;
using memory_search::inverted;
using memory_search::occurrences;
using memory_search::remember;

namespace {

constexpr std::size_t searched = 20; // samples

/*! What is looked for: the last samples of the speech, as they are given and as libcodec2
 * keeps them. */
struct samples_kept {
    inverted pcm, floats;
};

/*! Random speech into a speech encoder; nothing of it stays here. */
samples_kept speak(speech_encoder& t, std::size_t count, const speech_encoder::sink& emit)
{
    const stack_wiped_at_end wipe_stack;
    std::random_device random;
    std::vector<std::int16_t> speech(count);
    for (auto& x : speech)
        x = static_cast<std::int16_t>(random() % 20000 + 1000);
    const auto* last = speech.data() + count - searched;
    std::array<float, searched> as_floats;
    std::copy_n(last, searched, as_floats.begin());
    const samples_kept kept{
        remember(reinterpret_cast<const std::uint8_t*>(last), 2 * searched),
        remember(reinterpret_cast<const std::uint8_t*>(as_floats.data()), 4 * searched)
    };
    t.push(speech.data(), count, emit);
    wipe_memory(speech.data(), 2 * count);
    wipe_memory(as_floats.data(), sizeof as_floats);
    return kept;
}

/*! A block of random voice, remembered. */
inverted fill(voice_field& voice)
{
    std::random_device random;
    for (auto& octet : voice)
        octet = static_cast<std::uint8_t>(random());
    return remember(voice.data(), voice.size());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_speech_encoder_keeps_the_block_begun_and_no_other)
{
    const auto drop = [](const spoken_block&) {};
    {
        // The dynamic linker saves all registers on the stack when it finds a function
        // for the first time: let it find all that is used below.
        speech_encoder first(codec::c3200);
        first.press();
        occurrences(speak(first, samples_per_block, drop).pcm);
    }
    for (const auto c : { codec::c3200, codec::c700c }) {
        inverted pcm, floats;
        {
            speech_encoder t(c);
            t.press();
            auto kept = speak(t, samples_per_block, drop);
            BOOST_TEST(occurrences(kept.pcm) == 0u);    // sent
            BOOST_TEST(occurrences(kept.floats) >= 1u); // the search finds what is there
            kept = speak(t, 300, drop);
            BOOST_TEST(occurrences(kept.pcm) == 1u); // waits for the rest of its block
            t.forget();
            BOOST_TEST(occurrences(kept.pcm) == 0u);
            kept = speak(t, samples_per_block, drop);
            BOOST_TEST(occurrences(kept.floats) >= 1u);
            t.forget();
            BOOST_TEST(occurrences(kept.floats) == 0u);
            pcm = speak(t, 300, drop).pcm;
            floats = speak(t, samples_per_block - 300, drop).floats;
            BOOST_TEST(occurrences(floats) >= 1u);
        }
        BOOST_TEST(occurrences(pcm) == 0u);
        BOOST_TEST(occurrences(floats) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(
    a_speech_encoder_wipes_the_block_it_made_also_if_it_cannot_hand_it_on)
{
    speech_encoder t(codec::c3200);
    inverted voice;
    const auto fail = [&](const spoken_block& b) {
        voice = remember(b.voice.data(), b.voice.size());
        if (b.flags & spoken_block::voice_present)
            throw std::runtime_error("device");
    };
    t.press();
    BOOST_CHECK_THROW(speak(t, samples_per_block, fail), std::runtime_error);
    BOOST_REQUIRE(voice.size() == 32u);
    BOOST_TEST(occurrences(voice) == 0u);
}

BOOST_AUTO_TEST_CASE(a_sealer_keeps_no_speech)
{
    for (const bool failing : { false, true }) {
        sealer s(secure_sender(make_key("alpha"), codec::c3200));
        bool fail = false;
        const auto sink = [&](const coded_frame&) {
            if (fail)
                throw std::runtime_error("device");
        };
        s.seal(press(), sink);
        auto block = spoken({});
        const auto voice = fill(block.voice);
        BOOST_TEST(occurrences(voice) == 1u);
        fail = failing;
        if (failing)
            BOOST_CHECK_THROW(s.seal(block, sink), std::runtime_error);
        else
            s.seal(block, sink);
        wipe_memory(&block, sizeof block);
        BOOST_TEST(occurrences(voice) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_speech_decoder_keeps_what_it_may_have_to_repeat)
{
    for (const auto end : { heard_block::action::finish,
                            heard_block::action::mute,
                            heard_block::action::conceal }) {
        speech_decoder l;
        std::vector<std::int16_t> out;
        inverted voice;
        {
            heard_block block;
            block.kind = kind::secure;
            voice = fill(block.voice);
            l.decode(block, out);
            wipe_memory(&block, sizeof block);
        }
        BOOST_TEST(occurrences(voice) == 1u);
        heard_block next;
        next.what = end;
        l.decode(next, out);
        if (end == heard_block::action::conceal)
            l.decode(next, out); // the second block, after which there is silence
        BOOST_TEST(occurrences(voice) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_growing_vector_leaves_no_copies)
{
    inverted voice;
    {
        wiped_vector<spoken_block> waiting;
        spoken_block block;
        voice = fill(block.voice);
        waiting.push_back(block);
        wipe_memory(&block, sizeof block);
        for (int n = 0; n < 100; ++n)
            waiting.emplace_back();
        BOOST_TEST(occurrences(voice) == 1u);
    }
    BOOST_TEST(occurrences(voice) == 0u);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE whose_clear
#include "attack.h"
#include "core/chain/slot_decoder.h"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace attack;

namespace {

constexpr std::uint32_t announced = 20; // the last secure blocks say that clear follows
constexpr std::uint32_t clear_from = 22;
constexpr std::uint32_t taken_over = 50; // by the attacker
constexpr std::uint32_t secure_from = 80;
constexpr std::uint32_t blocks = 100;

/*! A call as a sealer sends it: secure, announced, clear, secure. */
struct world {
    key_ptr key = key_of("alpha", 1);
    mode m;
    std::mt19937 rng{ 16 };
    std::vector<coded_frame> frames; // the start frame first
    std::vector<voice_field> voices;
    std::optional<header> head;
    std::optional<public_session> everybody;
    std::optional<receiving_session> holder;

    explicit world(codec c) : m{ c, profile::narrow }
    {
        sealer s(bit_air::secure_sender(key, c));
        const auto keep = [&](const coded_frame& f) { frames.push_back(f); };
        s.seal(bit_air::press(), keep);
        std::uint32_t captured = 0; // clear commands that precede the block's speech
        for (std::uint32_t n = 0; n < blocks; ++n) {
            if (n == announced)
                s.command(kind::clear);
            if (n == clear_from)
                captured = 1;
            if (n == secure_from)
                s.command(kind::secure);
            voices.push_back(bit_air::random_voice(rng, c));
            s.seal(bit_air::spoken(voices.back(), 0, captured), keep);
            BOOST_REQUIRE(
                (s.status().sent ==
                 (n >= clear_from && n < secure_from ? kind::clear : kind::secure)));
        }
        // The attacker reads the header off the air.
        slot_decoder decoder(32);
        head = decoder.decode_start(bit_air::soft(frames[0]));
        everybody.emplace(*head);
        holder = receiving_session::accept(*head, key->key);
    }

    const coded_frame& block(std::uint32_t n) const { return frames.at(n + 1); }
    coded_frame forged(std::uint32_t n)
    {
        auto text = securevoice::test::random_text(m.codec, rng);
        text[0] = 0;
        auto made = everybody->seal(n, text);
        // The keyed octet is a guess, and a wrong one, as 255 of 256 are: what chance
        // does is not the question here.
        made.tag.back() = static_cast<std::uint8_t>(rng());
        if (holder->clear_is_ours(n, made))
            made.tag.back() ^= 1;
        return frame_of(m, n, made);
    }
};

const codec some_codecs[] = { codec::c3200, codec::c1300, codec::c700c };

} // namespace

BOOST_AUTO_TEST_CASE(real_clear_is_the_groups_without_its_announcement_and_forged_is_not)
{
    for (const auto c : some_codecs)
        for (const std::uint32_t lost : { 0u, 1u, 2u }) { // announcing blocks jammed
            world w(c);
            ear e(w.key);
            e.hear(w.frames[0]);
            for (std::uint32_t n = 0; n < blocks; ++n) {
                const bool forged = n >= taken_over && n < secure_from;
                auto frame = bit_air::soft(forged ? w.forged(n) : w.block(n));
                if (n < clear_from && n + lost >= clear_from)
                    for (auto& llr : frame.llr)
                        llr = std::normal_distribution<float>()(w.rng);
                const auto played = e.hear(frame);
                const auto now = e.status().state;
                for (const auto& b : played)
                    if (b.number < taken_over || b.number >= secure_from)
                        BOOST_TEST((b.voice == w.voices[b.number]));
                BOOST_TEST_CONTEXT(codec_name(c) << ", " << lost << " lost, block " << n)
                {
                    if (n < clear_from - lost || n > secure_from)
                        BOOST_TEST((now == heard_state::secure));
                    if (n >= clear_from && n < secure_from)
                        for (const auto& b : played)
                            BOOST_TEST((b.kind == kind::clear));
                    if (n >= clear_from + 3 && n < taken_over) {
                        BOOST_TEST((now == heard_state::clear_group));
                        BOOST_TEST(!played.empty());
                    }
                    if (n >= taken_over + 3 && n < secure_from)
                        BOOST_TEST((now == heard_state::clear_unknown));
                    if (n >= secure_from) // again at once, or held for one slot
                        BOOST_TEST((!played.empty() || n == secure_from));
                }
            }
        }
}

/*! The attacker's blocks come with the announcement fresh in the receiver's ears, or out
 * of the blue. */
BOOST_AUTO_TEST_CASE(forged_clear_is_never_shown_as_the_groups)
{
    for (const auto c : some_codecs)
        for (const std::uint32_t from : { 10u, announced + 1, clear_from }) {
            world w(c);
            ear e(w.key);
            e.hear(w.frames[0]);
            for (std::uint32_t n = 0; n < secure_from; ++n) {
                for (const auto& b : e.hear(n >= from ? w.forged(n) : w.block(n)))
                    BOOST_TEST((b.number >= from ? b.kind == kind::clear
                                                 : b.voice == w.voices[b.number]));
                if (n >= from + 3)
                    BOOST_TEST((e.status().state == heard_state::clear_unknown));
            }
            BOOST_TEST(!e.ever(heard_state::clear_group));
        }
}

/*! Half of the clear blocks are the attacker's: three of four keyed octets never fit. */
BOOST_AUTO_TEST_CASE(forged_clear_between_real_clear_takes_the_groups_name_away)
{
    world w(codec::c1300);
    ear e(w.key);
    e.hear(w.frames[0]);
    for (std::uint32_t n = 0; n < secure_from; ++n) {
        e.hear(n >= taken_over && n % 2 ? w.forged(n) : w.block(n));
        if (n >= taken_over + 3)
            BOOST_TEST((e.status().state == heard_state::clear_unknown));
    }
}

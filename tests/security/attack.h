/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "chain/bit_air.h"
#include "core/fec/polar.h"
#include "core/protocol/bits.h"
#include "crypto/helpers.h"
#include "crypto/session_for_tests.h"

#include <set>
#include <utility>
#include <vector>

/*! What the attacks of this folder share: a transmission of which the test knows every
 * octet, and a receiver whose every word is kept. */
namespace attack {

using namespace securevoice;

inline const std::vector<codec> all_codecs{ codec::c3200, codec::c2400, codec::c1600,
                                            codec::c1400, codec::c1300, codec::c1200,
                                            codec::c700c };

/*! Keys and salts are given, not random: chance is the same in every run. */
inline key_ptr key_of(const std::string& name, std::uint8_t seed)
{
    return std::make_shared<named_key>(
        named_key{ name, securevoice::test::key_from(seed) });
}

inline coded_frame frame_of(mode m, std::uint32_t number, const block_bits& bits)
{
    coded_frame frame;
    frame.mode = m.code();
    frame.number = static_cast<std::uint16_t>(number);
    polar_encode(
        block_code(m.codec), bits.piece.data(), bits.others.data(), frame.bits.data());
    return frame;
}

inline coded_frame frame_of(mode m, std::uint32_t number, const air_block& block)
{
    return frame_of(m, number, to_bits(m.codec, block));
}

inline coded_frame start_of(const header& head)
{
    std::array<std::uint8_t, header_bits> bits;
    unpack_bits(head.octets.data(), bits.size(), bits.data());
    coded_frame frame;
    frame.what = coded_frame::type::start;
    frame.mode = head.mode_code();
    polar_encode(start_code(), nullptr, bits.data(), frame.bits.data());
    return frame;
}

/*! A transmission without its END. */
struct call {
    mode m;
    sending_session sender;
    std::vector<kind> kinds;
    std::vector<text_field> texts;
    std::vector<air_block> blocks;

    /*! \param salt one octet of it, so that calls differ */
    call(const key_ptr& key,
         mode of,
         std::uint8_t salt,
         const std::vector<kind>& wanted,
         std::mt19937& rng)
        : m(of),
          sender(session_for_tests::with_salt(
              &key->key, of, securevoice::test::some_time, salt_value{ 0xA5, salt })),
          kinds(wanted)
    {
        for (const auto k : kinds) {
            auto text = securevoice::test::random_text(m.codec, rng);
            text[0] = 0; // no signalling
            texts.push_back(text);
            blocks.push_back(sender.seal(k, text));
        }
    }

    const header& head() const { return sender.head(); }
    coded_frame start() const { return start_of(head()); }
    coded_frame block(std::size_t n) const
    {
        return frame_of(m, static_cast<std::uint32_t>(n), blocks.at(n));
    }
    voice_field voice(std::size_t n) const
    {
        voice_field voice;
        std::copy(texts.at(n).begin() + 1, texts.at(n).end(), voice.begin());
        return voice;
    }
};

/*! A block whose info bits are all random, the piece apart. */
inline block_bits random_bits(const piece_octets& piece, std::mt19937& rng)
{
    air_block block;
    block.piece = piece;
    auto bits = to_bits(codec::c3200, block);
    for (auto& bit : bits.others)
        bit = static_cast<std::uint8_t>(rng() & 1);
    return bits;
}

inline piece_octets random_piece(std::mt19937& rng)
{
    piece_octets piece;
    for (auto& octet : piece)
        octet = static_cast<std::uint8_t>(rng());
    return piece;
}

/*! A receiver, with all that it said. */
class ear
{
public:
    explicit ear(call_receiver_options options) : d_call_receiver(std::move(options)) {}
    explicit ear(const key_ptr& key) : ear(bit_air::holder({ key })) {}

    /*! \return blocks that this frame set free to be played */
    std::vector<heard_block> hear(const soft_frame& frame)
    {
        std::vector<heard_block> now;
        d_call_receiver.receive(frame, [&](const heard_block& b) {
            if (b.what == heard_block::action::play)
                now.push_back(b);
        });
        d_played.insert(d_played.end(), now.begin(), now.end());
        d_states.insert(status().state);
        return now;
    }
    std::vector<heard_block>
    hear(const coded_frame& frame, std::uint32_t track = 1, bool started = true)
    {
        return hear(bit_air::soft(frame, track, started));
    }

    const std::vector<heard_block>& played() const { return d_played; }
    /*! Numbers of what was played. */
    std::multiset<std::uint32_t> numbers() const
    {
        std::multiset<std::uint32_t> out;
        for (const auto& b : d_played)
            out.insert(b.number);
        return out;
    }
    receiver_status status() const { return d_call_receiver.status(); }
    bool ever(heard_state s) const { return d_states.count(s) != 0; }

private:
    call_receiver d_call_receiver;
    std::vector<heard_block> d_played;
    std::set<heard_state> d_states;
};

/*! Says which of the blocks played are not what the call's sender spoke under that number
 * and kind. */
inline std::size_t strangers(const std::vector<heard_block>& played, const call& sent)
{
    return static_cast<std::size_t>(
        std::count_if(played.begin(), played.end(), [&](const heard_block& b) {
            return b.number >= sent.kinds.size() || b.kind != sent.kinds[b.number] ||
                   b.voice != sent.voice(b.number);
        }));
}

} // namespace attack

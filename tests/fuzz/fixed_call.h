/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_receiver.h"
#include "core/crypto/session.h"
#include "core/fec/polar.h"
#include "core/protocol/bits.h"
#include "core/protocol/block.h"
#include "crypto/helpers.h"
#include "crypto/session_for_tests.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

/*! Calls as a sender makes them, the same octets in every run: key, salt and voice are
 * fixed. */
namespace fuzz {

using namespace securevoice;

inline key_ptr fixed_key(const std::string& name, std::uint8_t seed)
{
    start_crypto();
    return std::make_shared<named_key>(named_key{ name, test::key_from(seed) });
}

struct fixed_call {
    header head;
    std::vector<coded_frame> frames; // start frame, blocks, without closing word
    std::vector<voice_field> voices; // of the blocks that carry voice
    std::vector<kind> kinds;
};

/*! \param key null: a station without one, which can send clear only */
inline fixed_call make_fixed_call(const secret_key* key,
                                  mode m,
                                  const std::vector<kind>& kinds,
                                  unsigned seed)
{
    std::mt19937 random(seed);
    const auto octets = [&random](std::uint8_t* out, std::size_t count) {
        std::generate_n(
            out, count, [&random] { return static_cast<std::uint8_t>(random()); });
    };
    salt_value salt;
    octets(salt.data(), salt.size());
    auto session = session_for_tests::with_salt(key, m, test::some_time, salt, octets);

    fixed_call call;
    call.head = session.head();
    coded_frame start;
    start.what = coded_frame::type::start;
    start.mode = m.code();
    std::array<std::uint8_t, header_bits> bits;
    unpack_bits(call.head.octets.data(), bits.size(), bits.data());
    polar_encode(start_code(), nullptr, bits.data(), start.bits.data());
    call.frames.push_back(start);

    const auto send = [&](kind k, const text_field& text) {
        coded_frame frame;
        frame.mode = m.code();
        frame.number = static_cast<std::uint16_t>(session.next_number());
        const auto block = to_bits(m.codec, session.seal(k, text));
        polar_encode(block_code(m.codec),
                     block.piece.data(),
                     block.others.data(),
                     frame.bits.data());
        call.frames.push_back(frame);
    };
    for (std::size_t n = 0; n < kinds.size(); ++n) {
        auto text = test::random_text(m.codec, random);
        text[0] = n + 1 == kinds.size() ? signal_end : 0;
        voice_field voice;
        std::copy(text.begin() + 1, text.end(), voice.begin());
        call.voices.push_back(voice);
        call.kinds.push_back(kinds[n]);
        send(kinds[n], text);
    }
    text_field end{};
    end[0] = signal_end;
    for (int n = 0; n < 2; ++n)
        send(kinds.back(), end);
    return call;
}

/*! As a demodulator delivers it, without noise. */
inline soft_frame
received(const coded_frame& coded, std::uint32_t track = 1, bool started = true)
{
    soft_frame frame;
    frame.what = coded.what == coded_frame::type::start ? soft_frame::type::start
                                                        : soft_frame::type::block;
    frame.mode = coded.mode;
    frame.number = coded.number;
    frame.track = track;
    frame.sync_quality = 0.9f;
    frame.started = started;
    for (std::size_t n = 0; n < frame.llr.size(); ++n)
        frame.llr[n] = coded.bits[n] ? -8.0f : 8.0f;
    return frame;
}

} // namespace fuzz

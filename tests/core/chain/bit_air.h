/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_receiver.h"
#include "core/chain/sealer.h"
#include "core/protocol/bits.h"

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

/*! A channel of soft bits without modem: what the sealer emits goes to the call receiver
 * as a demodulator would deliver it. */
namespace bit_air {

using namespace securevoice;

inline key_ptr make_key(const std::string& name)
{
    return std::make_shared<named_key>(named_key{ name, secret_key::random() });
}

/*! Random voice bits of one codec. */
inline voice_field random_voice(std::mt19937& rng, codec c)
{
    voice_field voice{};
    for (std::size_t n = 0; n < voice_bits(c); ++n)
        put_bit(voice.data(), n, static_cast<unsigned>(rng()));
    return voice;
}

inline spoken_block
spoken(const voice_field& voice, unsigned flags = 0, std::uint32_t commands = 0)
{
    spoken_block block;
    block.flags = static_cast<std::uint8_t>(spoken_block::voice_present | flags);
    block.voice = voice;
    block.commanded = commands;
    return block;
}

inline spoken_block press()
{
    spoken_block block;
    block.flags = spoken_block::start;
    return block;
}

/*! \param snr Es/N0 of a code bit, linear; infinite: no noise */
inline soft_frame soft(const coded_frame& coded,
                       std::uint32_t track = 1,
                       bool started = true,
                       double snr = INFINITY,
                       std::mt19937* rng = nullptr)
{
    soft_frame frame;
    frame.what = coded.what == coded_frame::type::start ? soft_frame::type::start
                                                        : soft_frame::type::block;
    frame.mode = coded.mode;
    frame.number = coded.number;
    frame.track = track;
    frame.time = frame.what == soft_frame::type::start ? 0 : 0.08 * (1 + coded.number);
    frame.sync_quality = 0.9f;
    frame.started = started;
    std::normal_distribution<float> noise;
    for (std::size_t n = 0; n < frame.llr.size(); ++n) {
        const float sign = coded.bits[n] ? -1.0f : 1.0f;
        frame.llr[n] = 8 * sign;
        if (rng) {
            const auto a = static_cast<float>(std::sqrt(snr));
            frame.llr[n] = 2 * a * (a * sign + noise(*rng));
        }
    }
    return frame;
}

/*! A whole transmission as the sealer makes it. */
struct sent_call {
    std::vector<coded_frame> frames; // without the closing word
    std::vector<voice_field> voices;
    std::vector<kind> kinds;
};

/*! \param kinds what is commanded before each block; the permission for clear is given
 * with the same block */
inline sent_call
send_call(sealer& s, codec c, const std::vector<kind>& kinds, std::mt19937& rng)
{
    sent_call call;
    const auto keep = [&](const coded_frame& f) {
        if (f.what == coded_frame::type::start || f.what == coded_frame::type::block)
            call.frames.push_back(f);
    };
    s.seal(press(), keep);
    std::uint32_t commands = 0;
    for (std::size_t n = 0; n < kinds.size(); ++n) {
        if (kinds[n] != s.wanted()) {
            s.command(kinds[n]);
            commands += kinds[n] == kind::clear;
        }
        // While the block before clear is spoken clear is commanded, and that block
        // announces it.
        const bool follows = n + 1 < kinds.size() && kinds[n + 1] == kind::clear &&
                             kinds[n] == kind::secure;
        if (follows)
            s.command(kind::clear);
        call.voices.push_back(random_voice(rng, c));
        call.kinds.push_back(kinds[n]);
        s.seal(spoken(call.voices.back(),
                      n + 1 == kinds.size() ? spoken_block::end : 0,
                      commands),
               keep);
        commands += follows;
    }
    return call;
}

inline sealer_options secure_sender(const key_ptr& key, codec c)
{
    sealer_options o;
    o.key = key;
    o.mode.codec = c;
    o.allow_clear = true;
    return o;
}

inline call_receiver_options holder(std::vector<key_ptr> keys)
{
    call_receiver_options o;
    o.keys = std::move(keys);
    return o;
}

inline std::vector<heard_block> played(const std::vector<heard_block>& all)
{
    std::vector<heard_block> out;
    std::copy_if(
        all.begin(), all.end(), std::back_inserter(out), [](const heard_block& b) {
            return b.what == heard_block::action::play;
        });
    return out;
}

} // namespace bit_air

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_receiver.h"
#include "core/chain/speech_decoder.h"
#include "fixed_call.h"
#include "fuzz_input.h"

#include <cmath>
#include <set>
#include <utility>
#include <vector>

namespace fuzz {

/*!
 * A receiver behind the demodulator that knows what was sent, and so what may be played.
 * Keeps, over any frames:
 *  - secure voice is that which was sent as secure under this number, under a key that
 *  the receiver holds;
 *  - no block of a call is played as secure twice, in whatever track it comes;
 *  - with secure_only neither clear voice nor FM is played;
 *  - 640 samples leave for each slot, and what is muted is silence;
 *  - the status counts what was played.
 *
 * Clear blocks are made by anybody (docs/protocol.md, 6.3), and each of the list
 * decoder's guesses fits the 24 bits of the public check with probability 2^-24: one
 * strange clear block can be found by chance, two in one input cannot.
 */
class watched_receiver
{
public:
    /*! \param holds_key the calls' key is among those of the options */
    watched_receiver(call_receiver_options options,
                     bool holds_key,
                     std::vector<const fixed_call*> calls)
        : d_holds_key(holds_key),
          d_secure_only(options.secure_only),
          d_calls(std::move(calls)),
          d_call_receiver(std::move(options))
    {
    }

    void receive(const soft_frame& frame)
    {
        d_call_receiver.receive(frame, [this](const heard_block& b) { hear(b); });
        const auto status = d_call_receiver.status();
        check(status.heard == d_played, "the status counts each block played, once");
        check(status.refused >= d_refused, "blocks refused are not forgotten");
        d_refused = status.refused;
        check(status.replayed >= d_replayed, "replays are not forgotten");
        d_replayed = status.replayed;
        check(static_cast<std::size_t>(status.state) < heard_states,
              "the state is one of those listed");
        check(status.key_name.empty() || d_holds_key, "no name without a key");
    }

    void zeroize()
    {
        d_call_receiver.zeroize([this](const heard_block& b) { hear(b); });
        d_zeroized = true;
    }

private:
    void hear(const heard_block& b)
    {
        const auto before = d_speech.size();
        d_speech_decoder.decode(b, d_speech);
        const auto made = d_speech.size() - before;
        if (b.what == heard_block::action::finish) {
            check(made == 0, "the end of a call is no slot");
            return;
        }
        check(made == samples_per_block, "a slot is 640 samples");
        check(b.codec < codec_count, "the codec exists");
        if (b.what == heard_block::action::mute)
            check(std::all_of(d_speech.begin() + static_cast<std::ptrdiff_t>(before),
                              d_speech.end(),
                              [](std::int16_t x) { return x == 0; }),
                  "muted is silent");
        if (b.what == heard_block::action::play)
            play(b);
        d_speech.clear();
    }

    void play(const heard_block& b)
    {
        if (b.kind == kind::fm) {
            check(!d_secure_only, "FM is refused where only secure is wanted");
            return;
        }
        ++d_played;
        check(b.kind == kind::secure || b.kind == kind::clear,
              "what is played has a kind");
        const auto sent =
            std::find_if(d_calls.begin(), d_calls.end(), [&b](const fixed_call* c) {
                return b.number < c->voices.size() && c->kinds[b.number] == b.kind &&
                       c->voices[b.number] == b.voice &&
                       mode_from_code(c->head.mode_code()).codec ==
                           static_cast<codec>(b.codec);
            });
        if (b.kind == kind::clear) {
            check(!d_secure_only, "clear is refused where only secure is wanted");
            d_strange_clear += sent == d_calls.end();
            check(d_strange_clear < 2, "clear voice is what was sent");
            return;
        }
        check(d_holds_key && !d_zeroized, "secure voice needs a key");
        check(sent != d_calls.end(), "secure voice is what was sent under this number");
        check(d_heard_secure.emplace(sent - d_calls.begin(), b.number).second,
              "no block is played twice");
    }

    bool d_holds_key;
    bool d_secure_only;
    bool d_zeroized = false;
    std::vector<const fixed_call*> d_calls;
    call_receiver d_call_receiver;
    speech_decoder d_speech_decoder;
    std::vector<std::int16_t> d_speech;
    std::uint64_t d_played = 0;
    std::uint64_t d_refused = 0;
    std::uint64_t d_replayed = 0;
    unsigned d_strange_clear = 0;
    std::set<std::pair<std::ptrdiff_t, std::uint32_t>> d_heard_secure;
};

} // namespace fuzz

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/clear_tone.h"
#include "core/vocoder/vocoder.h"

#include <array>
#include <optional>
#include <vector>

namespace securevoice {

struct speech_decoder_options {
    bool clear_tones = true; // clear voice is warned of, at its start and every 3 s
};

/*!
 * Loudspeaker side: heard blocks to speech. A lost block repeats the last good one for
 * 160 ms at most, then silence; never across kinds. A tone warns of clear voice, from its
 * first sample on; there is none over secure voice, where it could only be part of the
 * speech.
 */
class speech_decoder
{
public:
    explicit speech_decoder(speech_decoder_options options = {});
    ~speech_decoder();

    /*! Appends 640 samples (16 bit, 8 kHz) for each slot of a call; none for `finish`. */
    void decode(const heard_block& block, std::vector<std::int16_t>& out);
    /*! The call is over; wipes what was kept of it. */
    void forget();

private:
    void play(const heard_block& block, std::int16_t* out);
    void forget_voice();

    speech_decoder_options d_options;
    std::array<std::optional<vocoder_decoder>, codec_count> d_vocoders;
    std::optional<heard_block> d_last; // newest good block of the call
    unsigned d_concealed = 0;
    clear_tone d_tone;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/exciter.h"
#include "core/chain/sealer.h"
#include "core/chain/sidetone.h"
#include "core/chain/speech_encoder.h"

namespace securevoice {

struct transmitter_options {
    sealer_options seal;
    fm_options fm;
    double sample_rate = 48000; // of the IQ, samples/s
    std::optional<talk_limit>
        limit; // of push-to-talk; none for speech from a file, which is no stuck button
};

/*! The whole sending path, microphone samples to IQ, without a scheduler. */
class transmitter
{
public:
    explicit transmitter(transmitter_options options);

    /*! `clear` and `fm` wait for the first block captured after this call, `secure` acts
     * on the next one. */
    void command(kind k);
    void press();
    bool pressed() const { return d_speech_encoder.pressed(); }
    void push(const std::int16_t* speech, std::size_t count, std::vector<cfloat>& iq);
    void release(std::vector<cfloat>& iq);
    /*! Ends the transmission at once, wipes its speech and all keys: see sealer. */
    void zeroize(std::vector<cfloat>& iq);

    const sender_status& status() const { return d_sealer.status(); }
    /*! Called with each block of speech sent: its kind and voice field (`--frames-out`);
     * kind::none: a start frame took its time.
     */
    std::function<void(kind, const voice_field&)> on_block;
    /*! Called with 640 samples (16 bit, 8 kHz) for the sender's earphone for each block
     * that the modulator took: a tone while they are clear, else silence. */
    std::function<void(const std::int16_t*, std::size_t)> on_sidetone;

private:
    void send(const spoken_block& block, std::vector<cfloat>& iq);
    void modulate(const coded_frame& frame, std::vector<cfloat>& iq);

    speech_encoder d_speech_encoder;
    sealer d_sealer;
    exciter d_exciter;
    sidetone d_sidetone;
    std::vector<std::int16_t> d_tone; // of one block
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/salt.h"
#include "core/vocoder/vocoder.h"

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace securevoice {

/*!
 * Microphone side: cuts speech into blocks, runs the vocoder, follows push-to-talk.
 *
 * While pressed, each 640 samples become one spoken_block; the first record of a
 * transmission carries no voice but lets the sealer send the start frame while block 0 is
 * still being spoken. Release pads the block begun with silence and marks it as the last.
 * Audio outside a transmission is dropped (a digest of it feeds the salt).
 */
class talker
{
public:
    using sink = std::function<void(const spoken_block&)>;

    explicit talker(codec c);
    ~talker();

    void press();
    void release(const sink& emit);
    bool pressed() const { return d_pressed; }
    /*! Ends the transmission at once: tells the sealer so, and wipes what was not sent.
     * Push-to-talk is up then. */
    void abort(const sink& emit);
    /*! Wipes what was not sent, and all that the vocoder knows. What comes next begins a new
     * transmission, if push-to-talk is pressed. */
    void forget();

    /*! From here on, samples may be sent in clear: the vocoder is reset, and the first
     * block all of whose samples are pushed after this call carries the new count. */
    void clear_command();

    /*! The same for `fm`: such blocks carry their samples too, until another command or the release. */
    void fm_command();
    /*! Ends what fm_command() began. */
    void secure_command() { d_analog = d_always_analog = false; }
    /*! Transmissions begin in FM: every block carries its samples, until a command. */
    void begin_in_fm() { d_analog = d_always_analog = true; }

    /*! \param samples 16 bit, 8 kHz */
    void push(const std::int16_t* samples, std::size_t count, const sink& emit);

private:
    void begin(const sink& emit);
    void emit_block(bool last, const sink& emit);
    void wipe_pending();

    codec d_codec;
    vocoder_encoder d_vocoder;
    std::vector<std::int16_t> d_pending;
    audio_digest d_digest{};      // of all audio heard
    std::uint32_t d_commands = 0; // clear commands received
    std::uint32_t d_commands_of_block =
        0;                // those that precede all samples of the block begun
    bool d_reset = false; // the next block begun starts with a fresh vocoder
    bool d_fresh = false; // the block begun does
    bool d_always_analog = false;
    bool d_analog = false;          // blocks carry their samples
    bool d_analog_of_block = false; // the block begun does
    bool d_pressed = false;
    bool d_begun = false;
};

} // namespace securevoice

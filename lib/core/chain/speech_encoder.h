/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/talk_limit.h"
#include "core/crypto/salt.h"
#include "core/vocoder/vocoder.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
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
 *
 * Samples have numbers, from 0. What is pushed may have been captured long before: so
 * each of press(), release() and command() names the first sample that was captured after
 * it, and acts there, however late that one comes. A number that was reached acts now.
 * They are obeyed in the order in which they are given.
 *
 * Where push-to-talk has a time-out, its last block is marked as such, and it must be
 * released before it can be pressed again.
 */
class speech_encoder
{
public:
    using sink = std::function<void(const spoken_block&)>;

    explicit speech_encoder(codec c, std::optional<talk_limit> limit = {});
    ~speech_encoder();

    void press(std::uint64_t from = 0);
    void release(std::uint64_t from, const sink& emit);
    /*! Ends the transmission now, and forgets what was to act later. */
    void release(const sink& emit);
    /*! No speech comes: a release that waits for its sample acts now. A press given after
     * it still waits. */
    void release_waiting(const sink& emit);
    bool pressed() const { return d_pressed; }
    /*! A release waits for its sample. */
    bool releasing() const;
    /*! Ends the transmission at once: tells the sealer so, and wipes what was not sent.
     * Push-to-talk is up then. */
    void abort(const sink& emit);
    /*! Wipes what was not sent, and all that the vocoder knows. What comes next begins a
     * new transmission, if push-to-talk is pressed. */
    void forget();

    /*!
     * `clear` and `fm`: from here on, samples may be sent so. The vocoder is reset, and
     * the first block all of whose samples are of number \p from or later carries
     * \p given; with `fm` the blocks carry their samples, too. They end with their
     * transmission. A transmission for which they were given begins at \p from at the
     * earliest. `secure` takes back what is not sealed yet, at once.
     * \param given when, by a clock that the sealer's commands share
     */
    void command(kind k, std::uint64_t given, std::uint64_t from = 0);
    /*! Transmissions begin in FM: every block carries its samples, until a command. */
    void begin_in_fm() { d_analog = d_always_analog = true; }

    /*! \param samples 16 bit, 8 kHz */
    void push(const std::int16_t* samples, std::size_t count, const sink& emit);
    /*! Number of the next sample pushed. */
    std::uint64_t next_sample() const { return d_next; }

private:
    struct key_move {
        std::uint64_t from;
        std::uint64_t order;
        bool press;
    };
    struct waiting_command {
        std::uint64_t from;
        std::uint64_t order;
        std::uint64_t given;
        securevoice::kind kind;
    };

    void speak(const std::int16_t* samples, std::size_t count, const sink& emit);
    void move_key(const sink& emit);
    void end(std::uint64_t order, const sink& emit);
    void obey_commands();
    void begin_block();
    void begin(const sink& emit);
    void emit_block(std::uint8_t flags, const sink& emit);
    void wipe_pending();

    codec d_codec;
    std::optional<talk_limit> d_limit;
    vocoder_encoder d_vocoder;
    std::vector<std::int16_t> d_pending;
    audio_digest d_digest{}; // of all audio heard
    std::uint64_t d_next = 0;

    std::deque<key_move> d_moves;           // that wait, in their order
    std::vector<waiting_command> d_waiting; // commands, too
    std::uint64_t d_order = 0;              // of the newest of both

    std::uint64_t d_commanded = 0; // when the newest command obeyed was given
    kind d_commanded_kind = kind::none;
    std::uint64_t d_commanded_of_block =
        0; // the newest that precedes all samples of the block begun
    kind d_commanded_kind_of_block = kind::none;
    bool d_reset = false; // the next block begun starts with a fresh vocoder
    bool d_fresh = false; // the block begun does
    bool d_always_analog = false;
    bool d_analog = false;          // blocks carry their samples
    bool d_analog_of_block = false; // the block begun does
    std::uint32_t d_blocks = 0;     // of this transmission
    bool d_pressed = false;
    bool d_held = false; // a key that timed out has not been released
    bool d_begun = false;
};

} // namespace securevoice

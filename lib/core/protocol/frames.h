/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/constants.h"

#include <type_traits>
#include <array>
#include <cstdint>

/*!
 * The records that travel between the parts of the chain, one per 80 ms. They are plain
 * data, so that a GNU Radio stream can carry one as an item of sizeof(record) octets:
 * streams have back-pressure, message queues have none.
 */
namespace securevoice {

/*! How a block is sent. The values of secure and clear are those bound into the tags
 * (section 6); fm is analog voice, with neither tag nor check. */
enum class kind : std::uint8_t { none = 0, secure = 0x53, clear = 0x43, fm = 0x46 };

/*! Voice bits of one block, packed most significant bit first; bits beyond V are zero. */
using voice_field = std::array<std::uint8_t, max_voice_bits / 8>;

/*! Speech of one block, 16 bit, 8 kHz. */
using speech_field = std::array<std::int16_t, samples_per_block>;

/*! Vocoder to sealer. Holds speech in clear: stays in streams, never in messages. */
struct spoken_block {
    enum flag : std::uint8_t {
        start = 1, // a transmission begins: no voice in this record, voice holds a digest
                   // of audio
        voice_present = 2,
        end = 4,          // the last block of the transmission
        abort = 8,        // stop at once, send nothing more
        fresh_codec = 16, // first block after the vocoder's state was reset
        analog = 32,      // speech holds its samples too: `fm` was commanded before them
        ends_soon = 64,   // push-to-talk is about to time out
        timed_out = 128   // with end: it has
    };
    std::uint8_t flags = 0;
    std::uint8_t codec = 0;
    kind commanded_kind = kind::none; // of that command
    std::uint8_t reserved[5] = {};
    /*! When the newest `clear` or `fm` command was given before which nothing was
     * captured that this block holds, by a clock that commands of a station share; 0:
     * there is none. The sealer may send in clear only blocks captured after the command
     * that it has obeyed. */
    std::uint64_t commanded = 0;
    voice_field voice{};
    speech_field speech{};
};

/*! Sealer to modulator: code bits in the order of transmission, or speech for FM. */
struct coded_frame {
    enum class type : std::uint8_t {
        start = 1,
        block = 2,
        closing = 3, // sync word after the last block; the end of FM
        abort = 4,   // stop the burst at once
        analog = 5   // 80 ms of FM
    };
    type what = type::block;
    std::uint8_t mode = 0;    // code of the mode
    std::uint16_t number = 0; // of the block; of the closing word
    /*! For the sender's own ear; of a closing word: what follows. On the air the bits
     * alone tell. */
    securevoice::kind kind = securevoice::kind::none;
    std::uint8_t ends_soon = 0; // for his ear, too: push-to-talk is about to time out
    std::array<std::uint8_t, block_code_bits>
        bits{};            // 0 or 1; start frames use the first 512
    speech_field speech{}; // of type analog alone
};

/*! Demodulator to call receiver. */
struct soft_frame {
    enum class type : std::uint8_t {
        start = 1, // header soft bits: block 0 follows
        block = 2,
        lost_track = 3,  // the tracker gave the signal up; no soft bits
        analog = 4,      // 80 ms of FM, where nothing digital is tracked
        carrier_lost = 5 // no FM any more
    };
    type what = type::block;
    std::uint8_t mode = 0;    // as the pilots say; not authenticated
    std::uint16_t number = 0; // as the number signs say; not authenticated
    std::uint32_t track = 0;  // which tracker found it: one per transmission heard
    double time = 0;     // s since the receiver's first sample: first symbol of the frame
    float cn0_dbhz = 0;  // estimate
    float offset_hz = 0; // estimate of the carrier offset
    float sync_quality = 0; // 0 ... 1: share of known symbols' energy that is coherent
    float pilot_quality =
        0; // the same of a block without its sync word, which a closing word is, too
    std::uint8_t started = 0;      // 1 if the start of this transmission was heard
    std::uint8_t spoken = 0;       // of type analog: 1 if there is modulation in it
    std::uint8_t reserved[6] = {}; // no octet of a record is left to chance
    std::array<float, block_code_bits> llr{}; // ln P(0)/P(1), order of transmission
    speech_field speech{};                    // of type analog alone
};

/*! Call receiver to speech decoder: what to do with one slot. */
struct heard_block {
    enum class action : std::uint8_t {
        play = 1,
        conceal = 2, // lost in a call that is heard: repeat, then silence
        finish = 3,  // the call is over: reset the vocoder, no samples
        mute = 4     // heard but not to be played: silence, nothing repeated
    };
    action what = action::play;
    securevoice::kind kind = kind::none;
    std::uint8_t codec = 0;
    std::uint8_t fresh_codec = 0; // reset the vocoder before this block
    std::uint32_t number = 0;
    double time = 0; // as in soft_frame
    voice_field voice{};
    speech_field speech{}; // of kind fm alone, which has no number and no codec
};

static_assert(std::is_trivially_copyable_v<spoken_block> &&
                  std::is_trivially_copyable_v<coded_frame> &&
                  std::is_trivially_copyable_v<soft_frame> &&
                  std::is_trivially_copyable_v<heard_block>,
              "records are stream items");

} // namespace securevoice

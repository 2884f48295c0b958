/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/golay_word_search.h"
#include "core/modem/front/sample_history.h"

#include <cmath>
#include <cstdint>
#include <optional>

namespace securevoice {

/*! A signal that was found: all that a tracker needs to begin. */
struct acquisition {
    securevoice::waveform waveform = securevoice::waveform::linear;
    double at = 0; // centre of the frame's first symbol, in samples at receive_rate
    double offset_hz = 0;
    double signal_power = 0; // of a symbol
    double noise_power = 0;  // of a symbol
    double evidence =
        0; // of a start frame: coherent energy; tells it from a shifted part of another
    bool start = false;      // the frame is a start frame: number 0 follows
    bool mode_known = false; // a start frame does not tell it
    std::uint8_t mode = 0;
    std::uint16_t number = 0; // of the block at `at`, or behind it
    /*! Other numbers have the same signs so far; this is the smallest of them. */
    bool doubtful = false;
    double newest_sync = 0; // of late entry: sample index of the newest sync word
    std::uint32_t heard =
        // of late entry: a bit for each block before it, the newest one's is the lowest
        0;

    /*! Of late entry: whether the block that begins near \p begin was heard. */
    bool was_heard_at(double begin) const
    {
        const auto before = std::llround((newest_sync - begin) / block_samples) - 1;
        return before >= 0 && before < 32 && (heard >> before & 1);
    }
};

// How near each other two findings are that may be of one signal.
constexpr double same_time = 8;            // samples at receive_rate
constexpr double same_offset_coarse = 400; // Hz, of the search
constexpr double same_offset_fine = 40;    // Hz, of an acquisition
// Pilots 23 symbols apart let a strong call be seen again, weakly, at multiples of 209 Hz
// beside it, and once more a symbol rate away.
constexpr double mirror_offset = 5500; // Hz

/*!
 * A finer look at a start frame's known symbols: frequency and time to a fraction of
 * their resolution, and their coherent energy against all of their energy, which no
 * carrier and no noise level can feign. Coherent over the whole frame, over its parts of
 * 64 and 16 symbols, or over Golay words: any will do, so that fast fading is found too.
 * False alarms in noise: less than one in ten minutes.
 */
std::optional<acquisition> confirm_start(const sample_history& history,
                                         const candidate& where);

/*!
 * Late entry: finds fine frequency and time of a signal whose newest sync word is at
 * \p where, its mode from the pilots, and its number from the signs of the sync words.
 * \param blocks how many blocks before the newest sync word to use, 6 or more. Seven or
 * more name the number; six leave four of them, of which
 *        the smallest is taken: it is the right one in 99 of 100 calls at their first
 *        minute, in 95 at the fifth.
 * \return the acquisition at the oldest of these blocks in which the signal was heard, or
 * at the start frame if it was heard; nothing if mode or signs
 *         are not clear, or if none of the newest three blocks is heard
 */
std::optional<acquisition>
enter_late(const sample_history& history, const candidate& where, std::size_t blocks);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/acquisition.h"

#include <cstdint>

namespace securevoice {

/*! What the roster knows about one of the signals that it follows. */
struct followed_signal {
    securevoice::waveform waveform = securevoice::waveform::linear;
    double frame_at = 0; // sample index of its next frame
    double offset_hz = 0;
    double power = 0; // of a symbol
    double evidence_of_start = 0;
    bool emits = false;     // frames; else it waits for its mode
    bool hears = false;     // its signal, within the last second
    bool sure = false;      // of mode and number
    bool was_there = false; // where the acquisition is, until it slipped a moment ago
    /*! Of the block that begins where the acquisition is, if that is of this signal;
     * below zero: before its first one. */
    std::int64_t number_there = 0;

    /*! Whether something at this place is this signal. */
    bool
    owns(double at, double offset, double time_tolerance, double offset_tolerance) const;
};

/*! What an acquisition is to a signal that is followed. */
enum class verdict {
    unrelated, // nothing: both are followed
    same,      // this signal
    ghost,     // something that this signal makes it see
    replaces   // proof that what was followed is not there, or covered
};

/*! Of a start frame. Parts of a start frame, and sync words of a call, look like a weaker
 * start frame at another time and frequency. Of signals on top of each other only the
 * stronger one can be received. */
verdict judge_start(const followed_signal& s, const acquisition& found);

/*! Of late entry. */
verdict judge_late(const followed_signal& s, const acquisition& found);

/*! Whether late entry found a transmission that was over before a newer start frame in
 * its place, whose tracker looks for its mode still: the sync words of both are alike. A
 * start frame in the middle of a call may be forged, and is no reason. */
bool is_over_before(const followed_signal& s, const acquisition& found);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <deque>

namespace securevoice {

/*!
 * Is the modulation of an FM carrier data rather than voice? Data of whatever kind is as
 * strong at every moment, and reaches down to 0 Hz; voice has pauses, and what lies below
 * it (CTCSS and DCS) goes on in them. Tones, and a carrier without modulation, are no
 * data.
 */
class data_detector
{
public:
    static constexpr std::size_t parts = 4; // of a subframe of 10 ms

    /*! What is known of 10 ms. */
    struct subframe {
        double frequency[parts]; // Hz, mean of each part
        double voice_power; // Hz^2, of the carrier's frequency between 300 and 3300 Hz
        double cn0_dbhz;
        bool carrier; // strong enough to be heard
    };

    /*! Subframes without a carrier, and those before them, in which it ends, say nothing
     * of its modulation; 80 ms of them end it. */
    void push(const subframe& p);
    /*! Of the last 0.4 s, up to 10 ms ago; while it says so, and 0.4 s longer. */
    bool data() const { return d_left > 0; }
    void restart();

private:
    bool looks_like_data() const;

    subframe d_last{};                // waits for the next one
    std::size_t d_gap = 0;            // subframes without a carrier
    std::deque<subframe> d_subframes; // the newest with one
    std::size_t d_since = 0;          // subframes since the last look
    std::size_t d_left = 0;           // subframes for which the verdict holds
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>

namespace securevoice {

/*!
 * How much speech had been captured at a given time, at most, whatever waits between the
 * microphone and here.
 *
 * A sound card captures at a constant rate, so no sample is older than its number says
 * beside the one that came with the least delay. That one is remembered. What is read
 * late, or was dropped on the way, only makes the answer larger. It is forgotten after
 * two periods of 4 s in which nothing can have waited: this computer was free to take
 * what there was, and no more came than is spoken in that time. So clocks may drift, and
 * dropped samples are made up for.
 */
class capture_line
{
public:
    static constexpr double period_seconds = 4; // decision 23
    /*! More than that is a backlog being read; sound cards are right within 0.1 %,
     * portions of 128 ms make 3 % of 4 s. */
    static constexpr double fastest_pace = 1.05;

    /*!
     * \param now s, of a clock that only grows
     * \param arrived samples so far (8 kHz), those that wait here included
     * \param free nothing held up those who bring them
     */
    void observe(double now, std::uint64_t arrived, bool free);

    /*! Samples captured by then, at most; 0 before anything was observed. */
    std::uint64_t captured_by(double time) const;

private:
    double d_newest =
        0; // samples ahead of the clock, of this period and of the one before
    double d_older = 0;
    double d_begin = 0; // of the period
    std::uint64_t d_arrived_before = 0;
    std::uint64_t d_arrived = 0;
    bool d_free = true;
    bool d_any = false;
};

} // namespace securevoice

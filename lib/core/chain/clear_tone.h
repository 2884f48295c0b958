/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>

namespace securevoice {

/*!
 * The warning of clear voice: two pips, 1000 and 1500 Hz, 60 ms each with 30 ms between,
 * at the first sample of clear voice and then at a period.
 *
 * A pip has -12 dBFS peak, -15 dBov mean power: 11 dB above speech at its nominal active
 * level of -26 dBov (ITU-T P.56, P.800). While the pips last the voice is 12 dB down, so
 * that no voice, however loud its sender made it, hides them, and the sum cannot clip.
 */
class clear_tone
{
public:
    /*! Samples of a warning: 150 ms at 8 kHz. */
    static constexpr std::size_t length = 1200;
    static constexpr double listener_seconds = 3;
    static constexpr double sender_seconds = 5;

    /*! \param seconds from the beginning of one warning to that of the next */
    explicit clear_tone(double seconds);

    /*! Warns over the next samples of clear voice (16 bit, 8 kHz). */
    void mix(std::int16_t* voice, std::size_t count);
    /*! Clear voice is over: its next sample begins with a warning. */
    void restart() { d_at = 0; }

private:
    std::size_t d_period;
    std::size_t d_at = 0; // samples since the newest warning began
};

} // namespace securevoice

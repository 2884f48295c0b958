/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/track/frame_view.h"
#include "core/modem/track/signal_levels.h"

#include <cstdint>

namespace securevoice {

/*!
 * What speaks for a tracker and against it, from frame to frame: that its signal is
 * there, that its number is right, that its mode is. It says when to give up.
 */
class track_proof
{
public:
    explicit track_proof(waveform w) : d_waveform(w) {}

    /*! A frame. \param presence ln of its probability over that of pure noise */
    void see_presence(double presence);

    /*!
     * Sequential test (Wald 1945) of the number: do the Golay words have its signs, or
     * any? The nearest pilots before and behind give the gain, as the smoothed one knows
     * the Golay words with the very signs that are in question. Who lives on another
     * signal's symbols with a number of his own is found out by it.
     * \param frame viewed by its number \param is_start whether it is a start frame
     * \param noise power \param signal power
     * \param fading_rate fastest turn of the gain, radians per symbol
     * \param heard whether the signal is in it
     */
    void see_number(const frame_view& frame,
                    bool is_start,
                    double noise,
                    double signal,
                    double fading_rate,
                    bool heard);

    /*!
     * Under a wrong mode, as behind a forged start frame, a tracker lives on a gain that
     * seems to turn over within every block: its number cannot be refuted then. But its
     * own pilots cancel each other, and those of another mode add up.
     */
    void see_pilots(const frame_view& block, std::uint8_t mode);

    /*! The next frame does not follow the last one seen. */
    void interrupted() { d_has_last_pilots = false; }

    /*! Frames seen. */
    std::uint64_t frames() const { return d_frames; }
    /*! Frames since the signal was heard. */
    std::uint64_t unheard() const { return d_frames - d_last_heard; }
    /*! Whether the number has stood its test: a forged one does not. */
    bool number_is_right() const;
    /*! Whether the signal was heard within the last second. */
    bool hears() const;
    /*! Whether it is gone, or its number or mode is refuted. */
    bool is_lost() const;

private:
    waveform d_waveform;
    double d_presence = 0; // that the signal is there, nats, leaky
    std::uint64_t d_frames = 0;
    std::uint64_t d_last_heard = 0;
    double d_number_evidence = 0; // nats, above zero: right
    cfloat d_last_pilots;         // mean gain of the newest ones
    bool d_has_last_pilots = false;
    unsigned d_wrong_pilots = 0; // blocks in a row whose pilots are those of another mode
};

} // namespace securevoice

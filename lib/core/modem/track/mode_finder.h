/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/track/frame_view.h"
#include "core/modem/track/signal_levels.h"

#include <array>
#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * Finds the mode of a signal whose start frame was heard, which does not tell it: carries
 * the gain on from there into the blocks under every mode, until one stands out. Where
 * the pilots are hit by interference it guesses, and goes on looking.
 */
class mode_finder
{
public:
    explicit mode_finder(waveform w) : d_waveform(w) {}

    /*! The mode was told. */
    void know(std::uint8_t mode);

    bool knows() const { return d_known; }
    /*! Whether the mode that it knows is a guess: the pilots of a block say nothing. */
    bool guesses() const { return d_guessed; }
    /*! Whether it looked at so many blocks in vain that it gives up. */
    bool gave_up() const;
    std::uint8_t mode() const { return d_mode; }
    /*! Blocks looked at before the mode was known. */
    std::size_t probed() const { return d_probed; }

    /*! Begins with a start frame whose known symbols are viewed; sets the levels to the
     * likeliest ones. */
    void begin(frame_view& start, signal_levels& levels);

    /*! Looks at the next block. */
    void probe(frame_view& block, const signal_levels& levels);

    /*! What the pilots of a block that were not hit say of a guess. \param gains smoothed
     * \param noise power */
    void check_guess(const frame_view& block,
                     const std::vector<gain_estimate>& gains,
                     double noise);

    /*!
     * The start frame alone names the carrier to about 0.7 Hz at the lowest C/N0. With
     * the blocks that were needed for the mode it becomes better by more than their
     * number, if the channel is still. \param start place of the start frame \return how
     * far the carrier is to be moved, Hz
     */
    double offset_error(frame_view& view,
                        const sample_history& history,
                        const frame_place& start,
                        double valid_end,
                        const signal_levels& levels) const;

private:
    struct hypothesis { // a mode under one speed of fading
        gain_state gain;
        double likelihood = 0;
    };
    struct ranking { // of the modes, by their evidence
        double best = -1e300, second = -1e300;
        std::size_t at = 0; // the best one

        void add(std::size_t which, double evidence);
    };

    std::size_t settle(frame_view& start, signal_levels& levels) const;
    double evidence_of(std::size_t m, const frame_view& block, double signal);
    std::uint8_t code(std::size_t m) const;

    waveform d_waveform;
    bool d_known = false;
    bool d_guessed = false; // for want of pilots
    std::uint8_t d_mode = 0;
    std::size_t d_probed = 0;
    std::size_t d_speed = 0; // of fading, the likeliest one in the start frame
    std::array<std::array<hypothesis, fading_speeds>, mode_codes> d_modes;
    double d_start_evidence = 0; // of the start frame, under all speeds together
    double d_noise_evidence = 0; // of what follows, if it is nothing but noise
    std::array<double, mode_codes> d_score{}; // of a guess: log-likelihood
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/acquisition.h"
#include "core/modem/front/gain_smoother.h"
#include "core/modem/track/frame_view.h"
#include "core/modem/track/mode_finder.h"
#include "core/modem/track/signal_levels.h"
#include "core/modem/track/slip_follower.h"
#include "core/modem/track/timing_loop.h"
#include "core/modem/track/track_proof.h"
#include "core/modem/track/verdict.h"
#include "core/modem/waveform/interleaver.h"
#include "core/modem/waveform/known_symbols.h"

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace securevoice {

/*!
 * Follows one transmission from its acquisition on, a frame at a time. A frame is
 * demodulated when the sync word behind it is there.
 *
 * Per frame: symbols by the matched filter; the known ones weigh the hypotheses on the
 * speed of fading; the gain is smoothed under the best one; soft bits; then the loops are
 * updated from known and soft symbols. A frame in which the signal is not heard leaves
 * them almost as they were.
 *
 * When it goes on elsewhere is slip_follower's to say.
 */
class tracker
{
public:
    using sink = std::function<void(const soft_frame&)>;

    tracker(const acquisition& found, std::uint32_t id);

    /*!
     * Demodulates all frames that are in the history.
     * \param valid_end sample index where the signal's samples end; symbols beyond count
     * as missing. Frames are taken whose own
     *        symbols end before it once \p over is set.
     * \param emit gets the frames; their time is a sample index
     */
    void
    process(const sample_history& history, double valid_end, bool over, const sink& emit);

    /*! The input is over: emits what the interleaver holds back. */
    void finish(const sink& emit);

    /*! False: to be removed. A tracker that emitted frames has emitted lost_track
     * then. */
    bool alive() const { return d_alive; }

    /*! Gives up; says lost_track if frames were emitted. */
    void give_up(const sink& emit);

    /*! Whether the signal was heard within the last second. */
    bool hears() const { return d_proof.hears(); }
    /*! Frames since the signal was heard. */
    std::uint64_t unheard() const { return d_proof.unheard(); }

    /*! False while other numbers are as likely, and while the mode is not known:
     * something else may be here. */
    bool is_sure() const { return d_sure && d_mode.knows(); }
    void make_sure() { d_sure = true; }

    /*! What the roster compares with an acquisition. \param at where that is */
    followed_signal followed(double at) const;

    /*! Whether the signal is far above the noise. */
    bool strong() const { return d_levels.signal > 4 * d_levels.noise; }

    std::uint64_t frames() const { return d_proof.frames(); }

    /*! Data symbols of the newest frame, equalised. */
    const std::vector<cfloat>& constellation() const { return d_constellation; }

private:
    /* What is found out about one frame. */
    struct frame_fit {
        known_symbols known;
        double noise = 0; // of this frame
        std::array<gain_state, fading_speeds> next;
        std::array<double, fading_speeds> likelihood{};
        std::size_t speed = 0; // the likeliest one
        double misfit = 0;
        double presence = 0; // ln of the signal's probability over that of noise
        std::array<cfloat, block_symbols> soft{}; // known and soft symbols

        bool heard() const { return presence > 0; }
    };

    bool find_mode(const sample_history& history, double valid_end, bool over);
    bool frame_ready(const sample_history& history,
                     double valid_end,
                     bool over,
                     double frames) const;
    void demodulate(const sample_history& history,
                    double valid_end,
                    bool over,
                    const sink& emit);
    known_symbols known_in_frame() const;
    slip_follower::steady_state steady(std::size_t speed) const;
    void move_to(const expected_block& block);
    void weigh_speeds(frame_fit& fit);
    void judge_noise(frame_fit& fit);
    void gather_evidence(frame_fit& fit);
    soft_frame decide(frame_fit& fit);
    soft_frame labelled(soft_frame::type what) const;
    void update_powers(const frame_fit& fit);
    double update_timing(const frame_fit& fit);
    double update_carrier(const frame_fit& fit);
    void advance(const frame_fit& fit, double late, double correction);
    void check_mode(double noise);
    frame_place place() const;
    double spacing() const;
    double block_length() const { return spacing() * block_symbols; }

    securevoice::waveform d_waveform;
    std::uint32_t d_id;
    bool d_alive = true;
    bool d_start;           // the next frame is a start frame
    bool d_started;         // the start was heard
    bool d_sure;            // of the number
    std::uint32_t d_number; // of the next block
    mode_finder d_mode;
    track_proof d_proof;

    double d_at; // sample index of the next frame's first symbol
    double d_offset_hz;
    double d_drift_hz = 0; // per block
    double d_phase = 0;    // of the carrier at d_at, cycles
    timing_loop d_timing;
    signal_levels d_levels;
    double d_evidence_of_start; // of the acquisition

    std::array<gain_state, fading_speeds> d_gain; // before the next frame
    std::array<double, fading_speeds> d_evidence{};
    std::optional<deinterleaver> d_deinterleaver; // once the mode is known

    slip_follower d_slips;

    // one frame
    frame_view d_view;
    gain_smoother d_smoother;
    std::vector<gain_estimate> d_gains;
    std::vector<cfloat> d_constellation;
};

} // namespace securevoice

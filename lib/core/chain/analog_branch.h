/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_detector.h"
#include "core/chain/carrier_gate.h"
#include "core/protocol/frames.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace securevoice {

/*! The FM side of a dual demodulator: holds samples and FM, and lets out 80 ms at a time
 * what nothing digital covers. */
class analog_branch
{
public:
    using sink = std::function<void(const soft_frame&)>;
    /*! Time of a sample at receive_rate, s. */
    using clock = std::function<double(double)>;

    analog_branch(const fm_options& options, double squelch_dbhz, clock seconds);

    /*! The next samples at receive_rate. */
    void push(const std::complex<float>* iq, std::size_t count, const sink& emit);
    /*! A digital frame was received well there: lets out what was before it, and drops
     * what it covers. Before the first block there was another one or a start frame that
     * was not heard. */
    void digital(double time, bool start, const sink& emit);
    /*! The input is over. */
    void finish(const sink& emit);

private:
    /*! 10 ms of FM that are held. */
    struct held {
        double time; // of the first sample of speech
        fm_subframe subframe;
    };

    double time_of(std::int64_t subframe) const;
    std::int64_t subframe_at(double time) const;
    void demodulate(std::int64_t up_to);
    void skip(std::int64_t up_to);
    void hear(const fm_subframe& subframe);
    void release(double up_to, const sink& emit);
    void put(const held& h, const sink& emit);
    void let_out(const sink& emit);

    clock d_seconds;
    fm_detector d_detector;
    carrier_gate d_gate;
    std::vector<std::complex<float>> d_samples; // from subframe d_next on
    std::int64_t d_taken = 0;                   // subframes
    std::int64_t d_next = 0;     // the first subframe that was not demodulated
    bool d_running = false;      // the detector knows the samples before it
    std::int64_t d_detected = 0; // the next subframe that comes out of the detector
    std::deque<held> d_held;
    double d_digital_end;              // s, of the newest digital frame
    double d_grid;                     // s, where some frame begins
    std::optional<soft_frame> d_frame; // begun
    std::int64_t d_frame_index = 0;    // of it, from d_grid on
    std::size_t d_frame_filled = 0;    // samples of it
    bool d_carrier = false;            // FM was let out, and is not yet said to be lost
    double d_last_passed = 0;          // s
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace securevoice {

class plain_demodulator;

struct demodulator_options {
    double sample_rate = 48000;  // samples/s, 12000 ... 20e6
    double max_offset_hz = 6000; // carrier offsets searched: +- this, 0 ... 6000
    /*! What is searched for; empty: `narrow`, `robust` and `constant`. One profile costs
     * less, and a plain modem is only found where it is named. */
    std::optional<securevoice::profile> profile;
};

/*!
 * IQ to soft frames: search, timing, channel estimate, LLRs and flywheel of all profiles,
 * whichever a signal has.
 *
 * The search runs all the time, for both waveforms unless the profile is told: over the
 * start frame, and over the sync words at the block period (late entry). A found signal
 * gets a tracker, which emits one soft frame per slot until the signal is gone for 3 s
 * (then lost_track) or its number is refuted. At late entry the number
 * is read from 6 or more blocks of number signs, then the blocks heard meanwhile are
 * emitted at once, oldest first.
 *
 * Any chunking of the input gives the same output. Zeros, NaN and infinities are taken as
 * silence.
 */
class demodulator
{
public:
    using sink = std::function<void(const soft_frame&)>;
    using samples_sink = std::function<void(const cfloat*, std::size_t)>;

    /*! \throws std::invalid_argument */
    explicit demodulator(const demodulator_options& options);
    ~demodulator();

    void push(const cfloat* iq, std::size_t count, const sink& emit);

    /*! The input is over: emits what can still be emitted. */
    void finish(const sink& emit);

    /*! Hands on the samples at receive_rate, 2.5 ms at a time, each before any frame that
     * it leads to. The plain modems have none. */
    void on_samples(samples_sink take);
    /*! Hands on the frames of signals that have another profile than the one named: they
     * are there, but nobody asked for them. */
    void on_others(sink take);
    /*! Time of one of these samples (from 0, may be fractional), s since the first input
     * sample. */
    double seconds(double index) const;

    /*! Data symbols of the newest block after equalisation, for constellation displays.
     */
    const std::vector<cfloat>& constellation() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
    std::unique_ptr<plain_demodulator> d_plain; // instead, if it is one
};

} // namespace securevoice

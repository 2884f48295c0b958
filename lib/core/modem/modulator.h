/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <memory>
#include <vector>

namespace securevoice {

/*!
 * Coded frames to IQ: burst modulator of all profiles, by the mode of the start frame.
 * Mean power of the burst is 1 (full-scale sample power 1). One burst is start frame,
 * blocks, closing word.
 */
class modulator
{
public:
    /*! \param sample_rate samples/s, 12000 ... 20e6
     * \throws std::invalid_argument */
    explicit modulator(double sample_rate);
    ~modulator();

    /*! Appends the samples of one frame to \p out (about 0.08 * sample_rate). A start
     * frame begins a burst; a closing word ends it and flushes interleaver (`robust`:
     * 0.56 s) and filters.
     * \throws std::invalid_argument for a start frame inside a burst, others outside
     * one */
    void modulate(const coded_frame& frame, std::vector<cfloat>& out);

    /*! Ends the burst in which the modulator is, if any, without closing word: flushes
     * the filters. */
    void abort(std::vector<cfloat>& out);

    bool in_burst() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

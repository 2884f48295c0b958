/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_detector.h"

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace securevoice {

/*! What an FM receiver has of 80 ms. */
struct fm_slot {
    double time = 0; // s since the receiver's first sample, of the first sample of speech
    bool squelch_open = false; // for a part of it at least
    float cn0_dbhz = 0;        // estimate, right to 3 dB from 45 to 60
    float offset_hz = 0;       // of the carrier
    std::array<std::int16_t, samples_per_block>
        speech{}; // zero where the squelch is closed
};

/*!
 * FM alone, at any sample rate: see fm_detector. Digital signals may open its squelch; a
 * receiver that is to hear both is chain/dual_demodulator.
 */
class fm_demodulator
{
public:
    using sink = std::function<void(const fm_slot&)>;

    /*! \param sample_rate of the IQ, 12000 ... 20e6 samples/s
     * \param squelch_dbhz C/N0 at which it opens; it closes 2 dB below
     * \throws std::invalid_argument */
    fm_demodulator(const fm_options& options,
                   double sample_rate,
                   double squelch_dbhz = fm_detector::default_squelch_dbhz);
    ~fm_demodulator();

    /*! Calls \p emit for each 80 ms, whether there is anything or not. The output does
     * not depend on how the input is cut. */
    void push(const std::complex<float>* iq, std::size_t count, const sink& emit);
    /*! The input is over: lets out what the filters hold back. */
    void finish(const sink& emit);

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

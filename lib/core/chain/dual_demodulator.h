/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_detector.h"
#include "core/modem/demodulator.h"

#include <functional>
#include <memory>
#include <vector>

namespace securevoice {

struct analog_options {
    bool follow = true; // beside a plain modem FM is not followed
    fm_options fm;      // a CTCSS tone in it is wanted by the squelch
    double squelch_dbhz = fm_detector::default_squelch_dbhz;
};

/*!
 * IQ to soft frames, digital ones and FM in the order of time. Digital wins: FM is what
 * the carrier squelch lets through where no digital signal is tracked, and what does not
 * look like data of somebody else's. So FM is held for 0.66 s: until then every tracked
 * block has come, and data is told from voice.
 *
 * While no samples look like a carrier (their powers are those of noise), or a digital
 * signal is tracked, the FM receiver does not run; but it does beside the profile robust,
 * whose blocks come late and whose last 0.56 s are no blocks: it knows them for data.
 *
 * FM frames follow each other, and the digital block before them, at 80 ms. Any chunking
 * of the input gives the same output.
 */
class dual_demodulator
{
public:
    using sink = demodulator::sink;

    /*! \throws std::invalid_argument */
    dual_demodulator(const demodulator_options& digital, const analog_options& analog);
    ~dual_demodulator();

    void push(const cfloat* iq, std::size_t count, const sink& emit);
    /*! The input is over: emits what can still be emitted. */
    void finish(const sink& emit);

    /*! As the demodulator's. */
    const std::vector<cfloat>& constellation() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

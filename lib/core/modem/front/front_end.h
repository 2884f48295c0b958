/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace securevoice {

/*!
 * Any sample rate to receive_rate, passband +-8.4 kHz (-1 dB at 9 kHz): a triangular
 * filter takes rates of megahertz down cheaply, half-band filters and one arbitrary
 * resampler do the rest. Samples that are not finite or beyond 1e6 become zero. The
 * output does not depend on how the input is cut.
 */
class front_end
{
public:
    /*! \param sample_rate 12000 ... 20e6 \throws std::invalid_argument */
    explicit front_end(double sample_rate);
    ~front_end();

    /*! Appends to \p out. */
    void push(const cfloat* iq, std::size_t count, std::vector<cfloat>& out);

    /*! Time of an output sample (from 0, may be fractional), filter delays taken off, in
     * seconds since the first input sample. */
    double seconds(double index) const;

    /*! Output samples, fractional, that are before the end of the input so far. */
    double valid_end() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

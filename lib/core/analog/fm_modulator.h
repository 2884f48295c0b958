/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_options.h"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace securevoice {

/*!
 * Speech (16 bit, 8 kHz) to narrowband FM: 300 to 3000 Hz, pre-emphasis, a limiter after
 * all filters, CTCSS. Full scale at 1 kHz is the peak deviation. The carrier has power 1.
 */
class fm_modulator
{
public:
    /*! \param sample_rate of the IQ, 12000 ... 20e6 samples/s
     * \throws std::invalid_argument */
    fm_modulator(const fm_options& options, double sample_rate);
    ~fm_modulator();

    /*! Appends \p count / 8000 s of IQ to \p iq. The first call after end() begins the
     * carrier; what the filters hold back comes with the next speech, and with end(). */
    void push(const std::int16_t* speech,
              std::size_t count,
              std::vector<std::complex<float>>& iq);
    /*! Lets out the end of the speech, and ends the carrier. Nothing if there is none. */
    void end(std::vector<std::complex<float>>& iq);
    bool in_carrier() const;
    /*! s that end() adds to delay(): the carrier's fall. */
    static constexpr double ramp_seconds = 0.002;
    /*! s from a sample of speech to its frequency in the IQ. */
    double delay() const;

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * Resampler for any ratio: output m is the input at the time m * step, in input samples;
 * no delay. Sinc with a Kaiser window (stop band near -90 dB), its phases interpolated
 * linearly; the position is kept in fixed point, so the rate is exact for ever. Any
 * chunking gives the same output.
 */
class resampler
{
public:
    /*!
     * \param step   input samples per output sample, 0.01 ... 200
     * \param cutoff -6 dB, in cycles per output or input sample (of whichever there are
     * fewer), up to 0.5
     * \param length of the window, in the same samples, a multiple of 4: the transition
     * band is 5.7 / length wide
     * \throws std::invalid_argument
     */
    resampler(double step, double cutoff, std::size_t length);

    /*! Appends to \p out. */
    void resample(const std::complex<float>* in,
                  std::size_t count,
                  std::vector<std::complex<float>>& out);
    /*! The input is over: appends what lacks right-hand neighbours. */
    void finish(std::vector<std::complex<float>>& out);

private:
    std::complex<float> interpolate() const;

    std::size_t d_length; // of the window in input samples
    std::size_t d_phases;
    std::vector<float> d_taps; // of all phases, each tap twice: for re and im
    std::vector<std::complex<float>> d_waiting; // input from the window's left end on
    std::size_t d_index = 0;                    // of the window's left end in d_waiting
    std::int64_t d_fraction = 0;                // of a sample, in units of 2^-62
    std::size_t d_whole_step;
    std::int64_t d_fraction_step;
};

} // namespace securevoice

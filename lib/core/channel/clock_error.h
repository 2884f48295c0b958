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
 * Resampler for clock errors: output m is the input at the time m (1 + ppm 1e-6), in
 * input samples. Sinc with a Kaiser window, 48 samples long, 256 phases with linear
 * interpolation between them; the position is kept in fixed point, so the rate is exact.
 * Distortion is below -80 dB up to 0.4 of the sample rate (the tests measure it).
 */
class clock_error
{
public:
    explicit clock_error(double ppm);

    /*! Appends to \p out. */
    void resample(const std::complex<float>* in,
                  std::size_t count,
                  std::vector<std::complex<float>>& out);
    /*! Appends what can be had from the samples that are left. */
    void finish(std::vector<std::complex<float>>& out);

private:
    std::complex<float> interpolate() const;

    std::vector<float> d_taps; // of all phases, each tap twice: for re and im
    std::vector<std::complex<float>> d_waiting; // input from the window's left end on
    std::size_t d_index = 0;                    // of the window's left end in d_waiting
    std::int64_t d_fraction = 0;                // of a sample, in units of 2^-62
    std::int64_t d_deviation;                   // per sample, the same units
};

} // namespace securevoice

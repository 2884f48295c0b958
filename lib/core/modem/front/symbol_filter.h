/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/sample_history.h"

#include <vector>

namespace securevoice {

/*!
 * Receive filter at any time between samples (polyphase, 1/128 symbol apart) and its
 * derivative by time. A pulse of amplitude 1 (mean burst power 1) gives 1 at its centre.
 */
class symbol_filter
{
public:
    /*! Samples on each side of a centre that a symbol needs. */
    static constexpr std::size_t reach = 32;

    /*! Immutable and shared. */
    static const symbol_filter& of(waveform w);

    /*! Samples from a symbol's real part to its imaginary part. */
    std::size_t quadrature_delay() const { return d_quadrature_delay; }

    /*! -d2/dt2 of its response to a pulse at its centre, per symbol squared, relative to
     * the response: how fast a timing error costs. */
    double curvature() const { return d_curvature; }

    /*! \param samples first of them; centre - reach ... centre + reach + 1 must be there
     * \param centre  in samples from \p samples */
    cfloat value(const cfloat* samples, double centre) const;

    /*! Derivative of value() by the centre, per symbol. */
    cfloat slope(const cfloat* samples, double centre) const;

private:
    explicit symbol_filter(waveform w);

    static constexpr std::size_t phases = 32; // between two samples
    static constexpr std::size_t taps = 2 * reach;
    static constexpr std::size_t row =
        2 * taps; // each tap twice: for real and imaginary part
    std::vector<float> d_value;
    std::vector<float> d_slope;
    std::size_t d_quadrature_delay;
    double d_curvature;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/gain_smoother.h"

#include <array>
#include <complex>

namespace securevoice {

/*! ln P(0)/P(1) of the two bits of a QPSK symbol, seen through an uncertain gain in noise. */
std::array<float, 2> demap(std::complex<float> y, const gain_estimate& gain, float noise);

/*! Mean of the symbol given its soft bits. */
std::complex<float> soft_symbol(const std::array<float, 2>& llr);

/*!
 * What an unknown QPSK symbol says about the phase of the gain, as a share of what a known one says: E[tanh^2] (1 + snr) - snr
 * (the observed information of the log-likelihood's mean; Louis, J. R. Stat. Soc. B 44, 1982).
 * \param snr Es/N0, linear
 */
float data_information(float snr);

/*!
 * The gain as a data symbol sees it: one scoring step of the likelihood from the present estimate. It has the right variance, unlike plain
 * decision feedback, which confirms its own errors.
 */
gain_view data_view(std::complex<float> y,
                    const gain_estimate& gain,
                    std::complex<float> soft,
                    float noise);

/*! The estimate without the view that went into it. */
gain_estimate without(const gain_estimate& gain, const gain_view& own);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/gain_smoother.h"
#include "core/modem/front/symbol_sample.h"

#include <array>
#include <complex>

namespace securevoice {

/*! ln P(0)/P(1) of the two bits of a QPSK symbol, seen through an uncertain gain in
 * noise. */
std::array<float, 2>
demap(const symbol_sample& y, const gain_estimate& gain, float noise);

/*! Mean of the symbol given its soft bits. */
std::complex<float> soft_symbol(const std::array<float, 2>& llr);

/*! The estimate without the view that went into it. */
gain_estimate without(const gain_estimate& gain, const gain_view& own);

} // namespace securevoice

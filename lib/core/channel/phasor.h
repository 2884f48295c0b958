/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>

namespace securevoice {

/*!
 * exp(j 2 pi turns / 2^32), by polynomials instead of the C library's functions, whose
 * last bits differ from machine to machine. Branch-free, so that loops over it are
 * vectorised. Error below 1e-7.
 */
inline void phasor(std::uint32_t turns, float& re, float& im)
{
    // Nearest quarter turn, and the rest in -pi/4 ... pi/4.
    const std::uint32_t quarter = (turns + 0x20000000U) >> 30;
    const auto rest = static_cast<std::int32_t>(turns - (quarter << 30));
    const float x = static_cast<float>(rest) * 1.46291808e-9F; // 2 pi / 2^32
    const float z = x * x;
    // Coefficients of Cephes' sinf and cosf (Moshier).
    const float s =
        ((-1.9515295891e-4F * z + 8.3321608736e-3F) * z - 1.6666654611e-1F) * z * x + x;
    const float c = ((2.443315711809948e-5F * z - 1.388731625493765e-3F) * z +
                     4.166664568298827e-2F) *
                        z * z -
                    0.5F * z + 1.0F;
    const bool odd = (quarter & 1) != 0;
    const float a = odd ? s : c;
    const float b = odd ? c : s;
    re = ((quarter + 1) & 2) != 0 ? -a : a;
    im = (quarter & 2) != 0 ? -b : b;
}

/*! exp(j 2 pi turns) in double precision, for start values; any \p turns. */
std::complex<double> exact_phasor(double turns);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

namespace securevoice {

/*!
 * A symbol behind the receive filter: at the time of its real part and at that of its
 * imaginary part. Both are complex, as the carrier's phase is not known yet. Of QPSK the
 * two are the same; of GMSK, whose bits are alternately real and imaginary, they are half
 * a symbol apart, and each has beside its own part what the neighbours on the other axis
 * leave.
 */
struct symbol_sample {
    cfloat real_part, imaginary_part;
};

/*! Times the conjugate of a symbol: a view of the gain where the symbol was sent. */
inline cfloat times_conjugate(const symbol_sample& y, cfloat s)
{
    const cfloat r = y.real_part, i = y.imaginary_part;
    return { r.real() * s.real() + i.imag() * s.imag(),
             r.imag() * s.real() - i.real() * s.imag() };
}

inline cfloat times_conjugate(cfloat y, cfloat s)
{
    return times_conjugate(symbol_sample{ y, y }, s);
}

/*! Mean of |y|^2. */
inline float mean_power(const symbol_sample& y)
{
    return 0.5f * (std::norm(y.real_part) + std::norm(y.imaginary_part));
}

/*! The symbol, turned back by the conjugate of a gain. */
inline cfloat turned_back(const symbol_sample& y, cfloat gain)
{
    const cfloat r = y.real_part, i = y.imaginary_part;
    return { r.real() * gain.real() + r.imag() * gain.imag(),
             i.imag() * gain.real() - i.real() * gain.imag() };
}

} // namespace securevoice

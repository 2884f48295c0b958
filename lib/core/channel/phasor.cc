/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/phasor.h"

#include <cmath>

namespace securevoice {

std::complex<double> exact_phasor(double turns)
{
    const auto fraction = turns - std::floor(turns);
    const auto quarter = std::floor(fraction * 4 + 0.5);
    const auto x = (fraction - quarter / 4) * 2 * M_PI; // -pi/4 ... pi/4
    // Taylor's series, smallest terms first.
    double c = 0;
    double s = 0;
    for (int n = 18; n > 0; n -= 2) {
        c = -x * x / (n * (n - 1)) * (1 + c);
        s = -x * x / (n * (n + 1)) * (1 + s);
    }
    std::complex<double> value(1 + c, x * (1 + s));
    for (int q = static_cast<int>(quarter) % 4; q > 0; --q)
        value = { -value.imag(), value.real() };
    return value;
}

} // namespace securevoice

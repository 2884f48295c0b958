/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <algorithm>

namespace securevoice {

/*! Where between three equally spaced values the peak of their parabola is: -0.5 ... 0.5
 * from the middle one. */
inline double peak_between(double before, double here, double after)
{
    const double bend = before - 2 * here + after;
    return bend < 0 ? std::clamp((before - after) / (2 * bend), -0.5, 0.5) : 0.0;
}

} // namespace securevoice

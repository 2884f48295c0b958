/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/channel/channel.h"

#include <cmath>
#include <complex>
#include <vector>

using cfloat = std::complex<float>;
using samples = std::vector<cfloat>;

inline samples through(const securevoice::channel_options& options, const samples& in)
{
    securevoice::channel c(options);
    samples out;
    c.process(in.data(), in.size(), out);
    c.finish(out);
    return out;
}

/*! exp(j 2 pi f n), f in cycles per sample. */
inline samples tone(double f, std::size_t count)
{
    samples all(count);
    for (std::size_t n = 0; n < count; ++n) {
        const auto turns = f * static_cast<double>(n);
        all[n] = cfloat(std::polar(1.0, 2 * M_PI * (turns - std::floor(turns))));
    }
    return all;
}

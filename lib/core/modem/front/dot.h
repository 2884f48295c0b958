/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <cstddef>

namespace securevoice {

/*!
 * Sum of complex samples times real taps. For functions that are compiled for each
 * processor (core/modem/front/vectors.h).
 * \param taps  each twice, once for each part of its sample
 * \param count of floats on either side, a multiple of 16
 */
[[gnu::always_inline]] inline cfloat
dot_product(const float* samples, const float* taps, std::size_t count)
{
    // sixteen partial sums, so that the compiler can use vectors without reordering
    constexpr std::size_t lanes = 16;
    float sum[lanes] = {};
    for (std::size_t n = 0; n < count; n += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            sum[k] += samples[n + k] * taps[n + k];
    for (std::size_t k = 0; k < lanes / 2; ++k)
        sum[k] += sum[k + lanes / 2];
    return { sum[0] + sum[2] + (sum[4] + sum[6]), sum[1] + sum[3] + (sum[5] + sum[7]) };
}

} // namespace securevoice

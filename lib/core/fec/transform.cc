/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/transform.h"

namespace securevoice {

void polar_transform(std::uint8_t* bits, std::size_t length)
{
    for (std::size_t half = 1; half < length; half *= 2) {
        for (std::size_t first = 0; first < length; first += 2 * half) {
            std::uint8_t* __restrict upper = bits + first;
            const std::uint8_t* __restrict lower = bits + first + half;
            for (std::size_t k = 0; k < half; k++) {
                upper[k] ^= lower[k];
            }
        }
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/fec/polar.h"

namespace securevoice {

constexpr std::size_t interleaver_columns = 32;

/*!
 * Calls move(k, j) for every sent bit: the k-th in the order of transmission is code bit x[j] (docs/protocol.md, section 4).
 */
template <typename Move>
void for_each_sent_bit(const polar_code& code, Move move)
{
    const std::size_t rows = code.sent() / interleaver_columns;
    std::size_t k = 0;
    for (std::size_t column = 0; column < interleaver_columns; column++) {
        for (std::size_t row = 0; row < rows; row++) {
            move(k++, code.punctured + row * interleaver_columns + column);
        }
    }
}

} // namespace securevoice

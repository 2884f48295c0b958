/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/fec/code_check.h"
#include "core/fec/polar.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace securevoice {

/*!
 * Calls move(k, j) for every sent bit: the k-th in the order of transmission is code bit
 * x[j] (docs/protocol.md, section 4). The order is that of a shuffle (Durstenfeld 1964)
 * by a linear congruential generator (Knuth and Lewis; Numerical Recipes, 2nd ed., 7.1).
 * Made anew each time: 1 us.
 */
template <typename Move>
void for_each_sent_bit(const polar_code& code, Move move)
{
    const std::size_t sent = code.sent();
    std::array<std::uint16_t, max_polar_length> order;
    std::iota(order.begin(), order.end(), std::uint16_t{ 0 });
    std::uint32_t random = 1;
    for (std::size_t n = sent - 1; n > 0; --n) {
        random = 1664525 * random + 1013904223;
        std::swap(order[n], order[(random >> 16) * (n + 1) >> 16]);
    }
    for (std::size_t k = 0; k < sent; ++k)
        move(k, code.punctured + order[k]);
}

} // namespace securevoice

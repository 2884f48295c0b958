/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/code_check.h"

#include <bitset>
#include <stdexcept>

namespace securevoice {
namespace {

using position_set = std::bitset<max_polar_length>;

void check_positions(const std::vector<std::uint16_t>& positions,
                     std::size_t length,
                     position_set& used)
{
    for (std::size_t k = 0; k < positions.size(); k++) {
        if (positions[k] >= length || (k > 0 && positions[k] <= positions[k - 1]) ||
            used[positions[k]]) {
            throw std::invalid_argument("polar code: info positions must ascend, be "
                                        "below the length and differ from "
                                        "the piece's positions");
        }
        used.set(positions[k]);
    }
}

} // namespace

void check_code(const polar_code& code)
{
    const std::size_t n = code.length;
    if (n == 0 || n > max_polar_length || (n & (n - 1)) != 0) {
        throw std::invalid_argument(
            "polar code: the length must be a power of two up to 1024");
    }
    if (code.punctured >= n) {
        throw std::invalid_argument("polar code: at least one bit must be sent");
    }
    position_set used;
    check_positions(code.piece_positions, n, used);
    check_positions(code.other_positions, n, used);
}

} // namespace securevoice

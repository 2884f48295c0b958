/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/code_check.h"
#include "core/fec/interleaver.h"
#include "core/fec/transform.h"

#include <array>
#include <stdexcept>

namespace securevoice {

void polar_encode(const polar_code& code,
                  const std::uint8_t* piece,
                  const std::uint8_t* others,
                  std::uint8_t* sent)
{
    check_code(code);
    if (!piece && !code.piece_positions.empty()) {
        throw std::invalid_argument(
            "polar code: this code carries a piece, none was given");
    }
    std::array<std::uint8_t, max_polar_length> bits{};
    for (std::size_t k = 0; k < code.piece_positions.size(); k++) {
        bits[code.piece_positions[k]] = piece[k];
    }
    for (std::size_t k = 0; k < code.other_positions.size(); k++) {
        bits[code.other_positions[k]] = others[k];
    }
    polar_transform(bits.data(), code.length);
    for_each_sent_bit(code, [&](std::size_t k, std::size_t j) { sent[k] = bits[j]; });
}

} // namespace securevoice

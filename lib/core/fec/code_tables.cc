/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/code_check.h"
#include "core/fec/frozen_sets.h"
#include "core/fec/polar.h"

#include <cstring>

namespace securevoice {
namespace {

bool bit_of(const char* bitmap, std::size_t position)
{
    const char digit = bitmap[position / 4];
    const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
    return (value >> (3 - position % 4)) & 1;
}

polar_code make_code(const char* info, const char* piece, std::size_t sent)
{
    const std::size_t length = 4 * std::strlen(info);
    polar_code code{ length, length - sent, {}, {} };
    for (std::size_t i = 0; i < length; i++) {
        if (piece && bit_of(piece, i)) {
            code.piece_positions.push_back(static_cast<std::uint16_t>(i));
        } else if (bit_of(info, i)) {
            code.other_positions.push_back(static_cast<std::uint16_t>(i));
        }
    }
    check_code(code);
    return code;
}

} // namespace

const polar_code& start_code()
{
    static const polar_code code = make_code(start_info_set, nullptr, start_code_bits);
    return code;
}

const polar_code& block_code(codec c)
{
    static const auto codes = [] {
        std::array<polar_code, codec_count> all;
        for (std::size_t k = 0; k < codec_count; k++) {
            all[k] = make_code(
                block_info_sets[k].info, block_info_sets[k].piece, block_code_bits);
        }
        return all;
    }();
    return codes.at(static_cast<std::size_t>(c));
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"
#include "core/protocol/mode.h"

#include <array>

namespace securevoice {

/*! Symbols of a frame and the sync word behind it. */
constexpr std::size_t seen_symbols = block_symbols + sync_symbols;

/*! The known symbols of a frame with the sync word behind it; zero where there is
 * data. */
using known_symbols = std::array<cfloat, seen_symbols>;

known_symbols known_in_start(waveform w = waveform::linear);
known_symbols known_in_block(std::uint8_t mode, std::uint32_t number);

/*! Pilots without their mode's and sync words without their number's sign. */
known_symbols unsigned_known_in_block(waveform w = waveform::linear);

/*! Codes of modes that share a waveform, from its first one on. */
constexpr std::uint8_t mode_codes = 16;
constexpr std::uint8_t first_mode(waveform w)
{
    return w == waveform::constant ? mode_codes : 0;
}

} // namespace securevoice

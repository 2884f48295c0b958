/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <array>
#include <complex>
#include <cstdint>

/*! Known symbols of the profiles `narrow` and `robust` (docs/protocol.md, section 3). */
namespace securevoice {

using cfloat = std::complex<float>;

/*!
 * Signs w0 ... w15 of the start frame, most significant bit first, 0 is +. Chosen by exhaustive search: the known symbols have
 * the lowest greatest autocorrelation sidelobe (16 of 128), among these the first 64 alone have the lowest one against the
 * frame (11 of 64), and among these no other has a lower one within 62.5 Hz (29 of 128). tests/core/modem/test_waveform.cc repeats the search.
 */
constexpr std::uint16_t start_signs = 0x74FC;

/*! Half words a and b as signs. */
extern const std::array<float, half_word_symbols> half_word_a;
extern const std::array<float, half_word_symbols> half_word_b;

/*! Bit m[n] of the number sequence (3.2), any n. */
unsigned number_bit(std::uint32_t n);

/*! Signs s1(i), s2(i): +1 or -1. */
std::array<float, 2> number_signs(std::uint32_t number);

/*! Sign of pilot k in a mode. */
float pilot_sign(std::uint8_t mode, std::size_t k);

/*! Index in the block of pilot k, and of data symbol m. */
std::size_t pilot_index(std::size_t k);
std::size_t data_index(std::size_t m);
/*! Index in the start frame of data symbol m. */
std::size_t start_data_index(std::size_t m);

/*! Symbols of a block or start frame from its code bits. */
std::array<cfloat, block_symbols> map_frame(const coded_frame& frame);

/*! The closing sync word. */
std::array<cfloat, sync_symbols> closing_word(std::uint32_t number);

/*! The known symbols of a start frame; zero where there is data. */
const std::array<cfloat, block_symbols>& start_known();

} // namespace securevoice

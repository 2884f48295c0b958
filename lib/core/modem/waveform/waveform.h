/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <array>
#include <complex>
#include <cstdint>

/*! Waveforms and their known symbols (docs/protocol.md, section 3). */
namespace securevoice {

using cfloat = std::complex<float>;

enum class waveform : std::uint8_t {
    linear,  // QPSK, root raised cosine: `narrow`, `robust`
    constant // precoded GMSK: `constant`
};

/*! Of a mode's code, 0 ... 55; of a plain modem: that of its frames' symbols. */
constexpr waveform waveform_of(std::uint8_t mode)
{
    return profile_of(mode) == profile::constant ? waveform::constant : waveform::linear;
}

/*!
 * Signs w0 ... w15 of the start frame, most significant bit first, 0 is +. Chosen by
 * exhaustive search: the known symbols have the lowest greatest autocorrelation sidelobe
 * (16 of 128), among these the first 64 alone have the lowest one against the frame (11
 * of 64), and among these no other has a lower one within 62.5 Hz (29 of 128).
 * tests/core/modem/waveform/test_waveform.cc repeats the search.
 */
constexpr std::uint16_t start_signs = 0x74FC;

/*!
 * The same for the waveform `constant`. By the same search, and among the best those that
 * are least like the other waveform's start frame (31 of 128 at any time and carrier
 * offset), as a receiver looks for both.
 */
constexpr std::uint16_t constant_start_signs = 0x1D20;
constexpr std::uint16_t start_signs_of(waveform w)
{
    return w == waveform::constant ? constant_start_signs : start_signs;
}

/*! Golay words as signs: a and b of `linear`, c and d of `constant`. */
extern const std::array<float, golay_word_symbols> golay_word_a;
extern const std::array<float, golay_word_symbols> golay_word_b;
extern const std::array<float, golay_word_symbols> golay_word_c;
extern const std::array<float, golay_word_symbols> golay_word_d;

/*! Golay word n of those in a row: a b a b ..., or c d c d ... */
const std::array<float, golay_word_symbols>& golay_word(waveform w, std::size_t n);

/*! Bit m[n] of the number sequence (3.2), any n. */
unsigned number_bit(std::uint32_t n);

/*! Signs s1(i), s2(i): +1 or -1. */
std::array<float, 2> number_signs(std::uint32_t number);

/*! Sign of pilot k in a mode (code 0 ... 55). */
float pilot_sign(std::uint8_t mode, std::size_t k);

/*! Index in the block of pilot k, and of data symbol m. */
std::size_t pilot_index(std::size_t k);
std::size_t data_index(std::size_t m);
/*! Index in the start frame of data symbol m. */
std::size_t start_data_index(std::size_t m);

/*! Symbols of a block or start frame from its code bits. */
std::array<cfloat, block_symbols> map_frame(const coded_frame& frame);

/*! The closing sync word. */
std::array<cfloat, sync_symbols> closing_word(std::uint32_t number,
                                              waveform w = waveform::linear);

/*! The known symbols of a start frame; zero where there is data. */
const std::array<cfloat, block_symbols>& start_known(waveform w = waveform::linear);

} // namespace securevoice

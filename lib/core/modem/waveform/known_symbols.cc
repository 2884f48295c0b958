/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/waveform/known_symbols.h"

#include <algorithm>

namespace securevoice {
namespace {

const cfloat u{ 0.70710678f, 0.70710678f };

template <typename Symbols>
void copy_to(known_symbols& known, std::size_t at, const Symbols& symbols)
{
    std::copy(
        symbols.begin(), symbols.end(), known.begin() + static_cast<std::ptrdiff_t>(at));
}

} // namespace

known_symbols known_in_start(waveform w)
{
    known_symbols known{};
    copy_to(known, 0, start_known(w));
    copy_to(known, block_symbols, closing_word(0, w));
    return known;
}

known_symbols known_in_block(std::uint8_t mode, std::uint32_t number)
{
    known_symbols known{};
    const waveform w = waveform_of(mode);
    copy_to(known, 0, closing_word(number, w));
    for (std::size_t k = 0; k < pilots_per_block; ++k)
        known[pilot_index(k)] = u * pilot_sign(mode, k);
    copy_to(known, block_symbols, closing_word(number + 1, w));
    return known;
}

known_symbols unsigned_known_in_block(waveform w)
{
    known_symbols known{};
    for (const std::size_t at : { std::size_t{ 0 }, block_symbols })
        for (std::size_t n = 0; n < golay_word_symbols; ++n) {
            known[at + n] = u * golay_word(w, 0)[n];
            known[at + golay_word_symbols + n] = u * golay_word(w, 1)[n];
        }
    for (std::size_t k = 0; k < pilots_per_block; ++k)
        known[pilot_index(k)] = u;
    return known;
}

} // namespace securevoice

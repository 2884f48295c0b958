/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/known_symbols.h"

#include <array>
#include <cstddef>

/*! Known symbols of late entry against many carrier offsets, side by side. */
namespace securevoice::carrier_grid {

constexpr int coarse_steps = 17; // from the sync words alone
constexpr int coarse_middle = coarse_steps / 2;
// Hz: with coarse_steps +-160 Hz, more than half a bin of the search
constexpr double coarse_hz = 20;
constexpr int fine_steps = 31; // with the pilots
constexpr int fine_middle = fine_steps / 2;
constexpr double fine_hz = 4; // a third of a block's resolution

/*! Carrier offset of a step, Hz: the middle one is 0. */
constexpr double coarse_of(std::size_t step)
{
    return (static_cast<double>(step) - coarse_middle) * coarse_hz;
}
constexpr double fine_of(std::size_t step)
{
    return (static_cast<double>(step) - fine_middle) * fine_hz;
}

using word_energies = std::array<double, coarse_steps>;
using mode_energies = std::array<std::array<double, fine_steps>, mode_codes>;

/*! Adds the energies of a sync word. Both signs of Golay word b against a are tried: only
 * their relation is unknown. */
void add_word_energies(const std::array<cfloat, sync_symbols>& z, word_energies& energy);

/*! Adds the energies of one block under every mode: their patterns are Walsh functions of
 * the pilot's index. */
void add_mode_energies(const std::array<cfloat, pilots_per_block>& pilots,
                       mode_energies& energy);

/*! Above this the sum of m exponential energies of mean 1 is once in 10^7 (Wilson,
 * Hilferty 1931). */
double energy_threshold(double m);

} // namespace securevoice::carrier_grid

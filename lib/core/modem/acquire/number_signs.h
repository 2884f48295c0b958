/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/block_row.h"

#include <cstdint>
#include <vector>

namespace securevoice {

/*! Of a block's symbols. */
struct signal_and_noise {
    double signal = 0, noise = 0; // mean powers
};

/*!
 * ln P(+)/P(-) of the signs of the Golay words of all blocks of a row, and of the sync
 * word behind them, two each: the pilots give the channel.
 * \param mode of the pilots
 * \param power as far as it is known; set to what the smoothed channel says
 */
std::vector<float>
read_number_signs(const block_row& row, std::uint8_t mode, signal_and_noise& power);

} // namespace securevoice

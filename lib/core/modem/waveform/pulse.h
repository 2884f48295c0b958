/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Root raised cosine of the waveform (docs/protocol.md, section 3), with a Kaiser window
 * that takes its spectrum 60 dB down beside the channel. Source: Proakis, Digital
 * Communications, 9.2.
 * \param samples_per_symbol 2 or more
 * \param span symbols on each side of the centre
 * \param kaiser shape of the window, 0 is none
 * \return 2 * span * samples_per_symbol + 1 taps whose squares sum to samples_per_symbol
 */
std::vector<float>
pulse_taps(std::size_t samples_per_symbol, std::size_t span, float kaiser);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <optional>

namespace securevoice {

/*! Narrowband FM voice, as radios of PMR446 and LMR expect it. */
struct fm_options {
    double deviation_hz =
        2500; // peak, never above: 2500 for channels of 12.5 kHz, 5000 for 25 kHz
    bool emphasis = true;           // 750 us, 6 dB per octave
    std::optional<double> ctcss_hz; // a tone below the voice, 67 ... 254.1 Hz
};

/*! Where voice is between the filters of both ends, Hz. */
constexpr double fm_voice_low_hz = 300;
constexpr double fm_voice_high_hz = 3000;
/*! Share of the deviation that a CTCSS tone takes. */
constexpr double fm_ctcss_share = 0.15;

/*! \throws std::invalid_argument for values that no radio has */
void check(const fm_options& o);

} // namespace securevoice

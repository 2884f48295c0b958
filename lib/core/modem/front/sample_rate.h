/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice {

/*! The sample rate, samples/s, if it is one of a modulator's output or a demodulator's
 * input. \throws std::invalid_argument outside 12000 to 20000000 */
double checked_sample_rate(double samples_per_second);

} // namespace securevoice

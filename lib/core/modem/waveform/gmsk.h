/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <cstddef>
#include <vector>

/*! Gaussian minimum shift keying of the profile `constant` (docs/protocol.md, 3.6). */
namespace securevoice {

constexpr double gmsk_bit_rate = 2 * symbol_rate;
constexpr double gmsk_bandwidth_time =
    0.2;                             // of the Gaussian filter: -3 dB bandwidth times bit
constexpr std::size_t gmsk_span = 5; // bits: length of the frequency pulse

/*!
 * Phase pulse: how far a bit has turned the carrier, in units of which 1/2 is a quarter
 * turn.
 * \param t bits since the pulse began
 * \return 0 before, 1/2 from t = gmsk_span on
 * Source: Murota, Hirade: GMSK modulation for digital mobile radio telephony, IEEE Trans.
 * Communications 29, 1981.
 */
double gmsk_phase(double t);

/*!
 * Main pulse C0 of the signal's decomposition into amplitude modulated pulses: 98.1 % of
 * its power.
 * \return gmsk_span + 1 bits, from the bit's beginning on, both ends included; greatest
 * in the middle
 * Source: Laurent: Exact and approximate construction of digital phase modulations by
 * superposition of amplitude modulated pulses (AMP), IEEE Trans. Communications 34, 1986.
 */
std::vector<double> gmsk_main_pulse(std::size_t samples_per_bit);

/*!
 * Receive filter for gmsk_main_pulse: the matched filter, and behind it the linear
 * equaliser of least mean square error for the bits two and more apart, which share an
 * axis. Designed for the noise at the threshold of Codec2 3200; with less noise
 * neighbours remain, 20 dB down, which the error correction does not mind.
 * \param samples_per_symbol even; a symbol is two bits
 * \param span symbols on each side of the centre
 * \return 2 * span * samples_per_symbol + 1 taps whose correlation with a main pulse in
 * the middle is samples_per_symbol / sqrt(2): the
 *         amplitude of a QPSK symbol's real part
 */
std::vector<float> gmsk_receive_taps(std::size_t samples_per_symbol, std::size_t span);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/signal_levels.h"

#include <algorithm>

namespace securevoice {
namespace {

constexpr double lowest_noise_linear = 1e-4; // of the signal: what the filters leave
// of GMSK: what its neighbours leave of a bit, and what they add to a known symbol on its
// other axis
constexpr double lowest_noise_gmsk = 0.01, other_axis_gmsk = 0.17;

} // namespace

signal_levels::signal_levels(waveform w, double signal_power, double noise_power)
    : signal(signal_power),
      noise(noise_power),
      least_noise(w == waveform::constant ? lowest_noise_gmsk : lowest_noise_linear),
      other_axis(w == waveform::constant ? other_axis_gmsk : 0)
{
    noise = std::max(noise, lowest_noise());
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

namespace securevoice {

/*! Mean powers of one symbol behind the receive filter, and what bounds them. */
struct signal_levels {
    double signal, noise;
    double least_noise; // of the signal: what filters, and neighbours of GMSK, leave
    double other_axis;  // of the signal: what neighbours of GMSK add to a known symbol

    signal_levels(waveform w, double signal_power, double noise_power);

    double sum() const { return signal + noise; }
    double lowest_noise() const { return least_noise * signal; }

    /*! Variance of a known symbol in noise of this power. */
    float known_variance(float noise_power) const
    {
        return static_cast<float>(static_cast<double>(noise_power) + other_axis * signal);
    }
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/waveform/pulse.h"

#include "core/protocol/constants.h"

#include <cmath>
#include <complex>

#include <liquid/liquid.h>

namespace securevoice {

std::vector<float>
pulse_taps(std::size_t samples_per_symbol, std::size_t span, float kaiser)
{
    std::vector<float> taps(2 * span * samples_per_symbol + 1);
    const auto count = static_cast<unsigned>(taps.size());
    liquid_firdes_rrcos(static_cast<unsigned>(samples_per_symbol),
                        static_cast<unsigned>(span),
                        static_cast<float>(rolloff),
                        0.0f,
                        taps.data());
    double energy = 0;
    for (unsigned n = 0; n < count; ++n) {
        taps[n] *= liquid_kaiser(n, count, kaiser);
        energy += static_cast<double>(taps[n]) * taps[n];
    }
    const auto scale =
        static_cast<float>(std::sqrt(static_cast<double>(samples_per_symbol) / energy));
    for (float& tap : taps)
        tap *= scale;
    return taps;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/spectrum.h"
#include "core/modem/waveform/waveform.h"

#include <array>
#include <cstddef>
#include <optional>

namespace securevoice {

/*! A carrier without modulation. */
struct steady_carrier {
    double cycles_per_sample = 0;
    std::complex<double> amplitude; // with its phase at the first sample that comes
};

/*!
 * Looks for what stands still, in spectra of 53 ms: a line that has 36 times the power of
 * what is beside it, as a carrier has that is 8 dB weaker than a call, or stronger. The
 * spectrum is shorter than a block, so that blocks that are like each other make no line.
 */
class carrier_finder
{
public:
    static constexpr std::size_t window = 1008; // samples at receive_rate: whole steps

    /*! \param count divides 1008 \return the strongest carrier in the window that these
     * samples complete */
    std::optional<steady_carrier> push(const cfloat* samples, std::size_t count);

private:
    std::optional<std::size_t> strongest_bin();
    steady_carrier measure(std::size_t bin) const;

    std::array<cfloat, window> d_samples{};
    std::size_t d_count = 0;
    power_spectrum d_spectrum;
};

} // namespace securevoice

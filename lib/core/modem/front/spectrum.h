/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <array>
#include <cstddef>

namespace securevoice {

/*!
 * Powers of 1024 frequencies. Why no library: FFTW's planner, which is liquid-dsp's, is
 * not safe beside another thread's, and chooses by the processor what it computes.
 */
class power_spectrum
{
public:
    static constexpr std::size_t bins = 1024; // 18.75 Hz each at receive_rate
    struct values {
        alignas(64) std::array<float, bins> real{}, imag{};
    };

    /*! \param count of samples, at most \p bins: zeros follow
     * \return of the frequencies 0, 1, ... in parts of the sample rate */
    const std::array<float, bins>& of(const cfloat* samples, std::size_t count);

private:
    values d_values, d_between;
    std::array<float, bins> d_powers{};
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

/*! Finds the warning of clear voice in speech as an ear does: by pitch, level and time.
 * Knows nothing of how it is made but what docs and headers promise. */
namespace tone_search {

/*! Amplitude of a frequency within 480 samples at 8 kHz, by the Fourier sum; full scale
 * 32768. */
template <typename Sample>
double amplitude(const std::vector<Sample>& sound,
                 std::size_t first,
                 double hertz,
                 double scale = 1)
{
    std::complex<double> sum = 0;
    for (std::size_t n = 0; n < 480; ++n)
        sum += scale * static_cast<double>(sound.at(first + n)) *
               std::polar(1.0, -2 * M_PI * hertz * static_cast<double>(n) / 8000);
    return 2 * std::abs(sum) / 480;
}

/*! True if the warning begins at this sample. */
template <typename Sample>
bool warns_at(const std::vector<Sample>& sound, std::size_t first, double scale = 1)
{
    return amplitude(sound, first, 1000, scale) > 6000 &&
           amplitude(sound, first + 720, 1500, scale) > 6000;
}

/*! True if neither pip is anywhere in these samples: in windows of 60 ms, each 10 ms. */
template <typename Sample>
bool is_free(const std::vector<Sample>& sound,
             std::size_t from,
             std::size_t to,
             double scale = 1)
{
    for (std::size_t n = from; n + 480 <= to; n += 80)
        if (amplitude(sound, n, 1000, scale) > 1500 ||
            amplitude(sound, n, 1500, scale) > 1500)
            return false;
    return true;
}

} // namespace tone_search

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>
#include <random>

namespace securevoice {

/*!
 * White circular Gaussian noise with mean power 1, the same for a seed on every machine:
 * std::mt19937_64 (fixed by the C++ standard), one 64-bit number per complex sample,
 * turned into a normal pair after Box and Muller (1958) with own polynomials for the
 * logarithm and the phasor. (std::normal_distribution is left open by the standard.)
 *
 * The magnitude is made from 31 bits: at most 4.7 times the root mean square.
 */
class noise_source
{
public:
    explicit noise_source(std::uint64_t seed) : d_random(seed) {}

    /*! Adds \p amplitude times the next \p count noise samples. */
    void add(std::complex<float>* samples, std::size_t count, float amplitude);

private:
    std::mt19937_64 d_random;
};

} // namespace securevoice

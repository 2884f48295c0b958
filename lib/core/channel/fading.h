/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * Flat fading with unit mean power: Clarke's model (1968) with Jakes' spectrum, as a sum
 * of 64 waves of equal power that come from all around, their directions and phases drawn
 * at random: h(t) = sum exp(j (2 pi f t cos((2 pi n + theta_n) / 64) + phi_n)) / 8, theta
 * and phi uniform (Xiao, Zheng, Beaulieu: Novel Sum-of-Sinusoids Simulation Models for
 * Rayleigh and Rician Fading Channels, IEEE Trans. Wireless Comm. 5(12), 2006). The mean
 * over seeds of h(t) h*(t + s) is exactly J0(2 pi f s).
 *
 * Rician: a line of sight of K times the scattered power at 0.7 of the maximum Doppler
 * (as in COST 207), its phase at random.
 *
 * The sum is computed at each sample, or where that is enough 256 times per period of the
 * maximum Doppler and interpolated linearly between: error below -80 dB.
 */
class fading
{
public:
    /*! \param rician_k_db -infinity: Rayleigh */
    fading(double doppler_hz, double rician_k_db, double sample_rate, std::uint64_t seed);

    void fade(std::complex<float>* samples, std::size_t count);

private:
    struct wave {
        std::complex<double> value;
        std::complex<double> rotation; // per step
    };
    std::complex<double> next_gain();

    std::vector<wave> d_waves;
    std::size_t d_step;     // samples between computed gains
    std::size_t d_done = 0; // samples since the newest one but one
    std::complex<double> d_from;
    std::complex<double> d_to;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * How fast the channel's gain may change: a stationary complex Gaussian process with the
 * covariance (1 + r) exp(-r), r = 2 pi bandwidth
 * |t| (Matern 3/2). It has two states, the gain and its derivative, so that the best
 * linear estimate is a Kalman filter and smoother of a few operations per symbol with all
 * of the past as its memory; a Wiener filter over the same symbols needs a matrix for
 * each signal-to-noise ratio and forgets.
 * Source: Hartikainen, Sarkka: Kalman filtering and smoothing solutions to temporal
 * Gaussian process regression models, 2010.
 */
class fading_model
{
public:
    /*! Transition over some symbols: x' = f x + noise of covariance q times the mean
     * power. */
    struct transition {
        double f11, f12, f21, f22;
        double q11, q12, q22;
    };

    /*! \param bandwidth_hz about the Doppler frequency */
    explicit fading_model(double bandwidth_hz);

    /*! \param symbols 1 ... longest_step */
    const transition& over(std::size_t symbols) const { return d_steps[symbols]; }
    // symbols that one transition may span
    static constexpr std::size_t longest_step = 64;

    /*! 2 pi bandwidth / symbol rate. */
    double rate() const { return d_rate; }

private:
    double d_rate;
    std::array<transition, longest_step + 1> d_steps{};
};

/*! Hypotheses on the speed of fading: 0.5, 2.5, 10 and 40 Hz. The slowest is a still
 * channel with a carrier that is not quite turned back. */
constexpr std::size_t fading_speeds = 4;
const std::array<fading_model, fading_speeds>& fading_models();

/*! What is known about the gain before a symbol: mean and covariance of gain and scaled
 * derivative. */
struct gain_state {
    std::complex<double> gain, slope;
    double p11 = 0, p12 = 0, p22 = 0;

    /*! Nothing known: \param power mean |gain|^2 */
    static gain_state unknown(double power) { return { {}, {}, power, 0, power }; }
};

/*! One symbol's view of the gain. Variance below zero: the symbol says nothing. */
struct gain_view {
    std::complex<float> gain;
    float variance = -1;
};

/*! A smoothed gain. */
struct gain_estimate {
    std::complex<float> gain;
    float variance = 0;
};

struct gain_fit {
    double likelihood = 0; // ln of the views' probability density, without its constant
    double misfit = 0; // sum of squared errors by their expected size: about one per view
    std::size_t views = 0;
};

/*!
 * Runs the filter over \p count symbols.
 * \param power mean |gain|^2
 * \param state in: before the first symbol; out: before the symbol after the last
 */
gain_fit filter_gain(const fading_model& model,
                     double power,
                     const gain_view* views,
                     std::size_t count,
                     gain_state& state);

/*! Filter and smoother (modified Bryson-Frazier form; Durbin, Koopman: Time series
 * analysis by state space methods, 4.4). */
class gain_smoother
{
public:
    /*! \param state before the first symbol \param out an estimate for each symbol */
    void smooth(const fading_model& model,
                double power,
                const gain_view* views,
                std::size_t count,
                gain_state state,
                std::vector<gain_estimate>& out);

private:
    struct step {
        gain_state before;
        std::complex<double> error;
        double total = -1; // variance of the error; below zero: no view
    };
    std::vector<step> d_steps;
};

} // namespace securevoice

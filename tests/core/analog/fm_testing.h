/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/channel/channel.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <vector>

/*! Made without the code under test. */
namespace fm_testing {

using iq_samples = std::vector<std::complex<float>>;
constexpr double iq_rate = 48000;

inline std::vector<std::int16_t> tone(double hz, double amplitude, double seconds)
{
    std::vector<std::int16_t> s(static_cast<std::size_t>(8000 * seconds));
    for (std::size_t n = 0; n < s.size(); ++n)
        s[n] = static_cast<std::int16_t>(std::lround(
            32767 * amplitude * std::sin(2 * M_PI * hz * static_cast<double>(n) / 8000)));
    return s;
}

/*! Hz, from sample to sample. */
inline std::vector<double> frequency(const iq_samples& iq, double rate = iq_rate)
{
    std::vector<double> f;
    for (std::size_t n = 1; n < iq.size(); ++n)
        f.push_back(std::arg(std::complex<double>(iq[n]) *
                             std::conj(std::complex<double>(iq[n - 1]))) *
                    rate / (2 * M_PI));
    return f;
}

/*! An FM transmitter: \p deviation Hz of a tone, on a carrier with power 1. */
inline iq_samples other_transmitter(double hz,
                                    double deviation,
                                    double seconds,
                                    double ctcss = 0,
                                    double ctcss_deviation = 0)
{
    iq_samples iq;
    for (std::size_t n = 0; n < static_cast<std::size_t>(iq_rate * seconds); ++n) {
        const double t = static_cast<double>(n) / iq_rate;
        double phase = hz > 0 ? deviation / hz * std::sin(2 * M_PI * hz * t) : 0;
        if (ctcss > 0)
            phase += ctcss_deviation / ctcss * std::sin(2 * M_PI * ctcss * t);
        iq.push_back(std::polar(1.0f, static_cast<float>(phase)));
    }
    return iq;
}

inline iq_samples
through_noise(const iq_samples& iq, double cn0, double offset = 0, unsigned seed = 1)
{
    securevoice::channel_options o;
    o.sample_rate = iq_rate;
    o.cn0_dbhz = cn0;
    o.offset_hz = offset;
    o.seed = seed;
    securevoice::channel c(o);
    iq_samples out;
    c.process(iq.data(), iq.size(), out);
    c.finish(out);
    return out;
}

/*! Amplitude of a tone in x. */
template <typename T>
double amplitude(
    const std::vector<T>& x, double hz, double rate, std::size_t from, std::size_t to)
{
    std::complex<double> sum;
    for (std::size_t n = from; n < to; ++n)
        sum += std::polar(static_cast<double>(x[n]),
                          -2 * M_PI * hz * static_cast<double>(n) / rate);
    return 2 * std::abs(sum) / static_cast<double>(to - from);
}

/*! Signal, noise and distortion over noise and distortion, of a tone in x. */
template <typename T>
double sinad_db(
    const std::vector<T>& x, double hz, double rate, std::size_t from, std::size_t to)
{
    double all = 0;
    double mean = 0;
    for (std::size_t n = from; n < to; ++n)
        mean += static_cast<double>(x[n]) / static_cast<double>(to - from);
    for (std::size_t n = from; n < to; ++n)
        all += std::pow(static_cast<double>(x[n]) - mean, 2) /
               static_cast<double>(to - from);
    const double signal = std::pow(amplitude(x, hz, rate, from, to), 2) / 2;
    return 10 * std::log10(all / std::max(all - signal, 1e-9));
}

} // namespace fm_testing

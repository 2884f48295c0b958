/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/waveform/gmsk.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

// N0 / 2 by the energy of a bit where one in a hundred blocks of Codec2 3200 is lost
constexpr double design_noise = 0.8;
constexpr std::size_t equaliser_reach = 3; // symbols

/* Integral of the Gaussian tail function Q(k x) by x. */
double integral_of_tail(double x, double k)
{
    const double tail = 0.5 * std::erfc(k * x / std::sqrt(2.0));
    return x * tail - std::exp(-0.5 * k * k * x * x) / (k * std::sqrt(2 * M_PI));
}

/* Integral of the frequency pulse from the centre's far past on, plus a constant.
 * \param t bits from the centre */
double integral_of_pulse(double t)
{
    const double k = 2 * M_PI * gmsk_bandwidth_time / std::sqrt(std::log(2.0));
    return integral_of_tail(t - 0.5, k) - integral_of_tail(t + 0.5, k);
}

/* Laurent's S for a modulation index of 1/2. */
double generating_pulse(double t)
{
    constexpr double span = gmsk_span;
    return t < span ? std::sin(M_PI * gmsk_phase(t))
                    : std::cos(M_PI * gmsk_phase(t - span));
}

double correlate(const std::vector<double>& pulse, std::size_t lag)
{
    double sum = 0;
    for (std::size_t n = 0; n + lag < pulse.size(); ++n)
        sum += pulse[n] * pulse[n + lag];
    return sum;
}

/* Taps, a symbol apart, from the middle on, of the equaliser behind the matched filter:
 * (R + noise) b = (... 0 1 0 ...). */
std::vector<double> equaliser(const std::vector<double>& autocorrelation)
{
    constexpr long reach = equaliser_reach;
    std::vector<double> b(2 * equaliser_reach + 1);
    constexpr int rounds = 60; // of Gauss and Seidel; each divides the error by four
    for (int k = 0; k < rounds; ++k)
        for (long n = -reach; n <= reach; ++n) {
            double rest = n == 0 ? 1 : 0;
            for (long m = -reach; m <= reach; ++m) {
                const auto lag = static_cast<std::size_t>(std::abs(n - m));
                if (lag > 0 && lag < autocorrelation.size())
                    rest -= autocorrelation[lag] * b[static_cast<std::size_t>(m + reach)];
            }
            b[static_cast<std::size_t>(n + reach)] = rest / (1 + design_noise);
        }
    return { b.begin() + reach, b.end() };
}

} // namespace

double gmsk_phase(double t)
{
    constexpr double half = gmsk_span / 2.0;
    static const double first = integral_of_pulse(-half);
    static const double all = integral_of_pulse(half) - first;
    if (t <= 0)
        return 0;
    if (t >= gmsk_span)
        return 0.5;
    return 0.5 * (integral_of_pulse(t - half) - first) / all;
}

std::vector<double> gmsk_main_pulse(std::size_t samples_per_bit)
{
    std::vector<double> pulse((gmsk_span + 1) * samples_per_bit + 1);
    for (std::size_t n = 0; n < pulse.size(); ++n) {
        const double t = static_cast<double>(n) / static_cast<double>(samples_per_bit);
        pulse[n] = 1;
        for (std::size_t k = 0; k < gmsk_span; ++k)
            pulse[n] *= generating_pulse(t + static_cast<double>(k));
    }
    return pulse;
}

std::vector<float> gmsk_receive_taps(std::size_t samples_per_symbol, std::size_t span)
{
    const auto pulse = gmsk_main_pulse(samples_per_symbol / 2);
    const double energy = correlate(pulse, 0);
    std::vector<double> autocorrelation; // at whole symbols
    for (std::size_t lag = 0; lag < pulse.size(); lag += samples_per_symbol)
        autocorrelation.push_back(correlate(pulse, lag) / energy);
    const auto b = equaliser(autocorrelation);

    const auto middle = static_cast<long>(span * samples_per_symbol);
    const auto pulse_middle = static_cast<long>(pulse.size() / 2);
    std::vector<double> taps(2 * span * samples_per_symbol + 1);
    constexpr long reach = equaliser_reach;
    for (long k = -reach; k <= reach; ++k)
        for (long n = 0; n < static_cast<long>(pulse.size()); ++n) {
            const long at =
                middle - pulse_middle + n + k * static_cast<long>(samples_per_symbol);
            if (at >= 0 && at < static_cast<long>(taps.size()))
                taps[static_cast<std::size_t>(at)] +=
                    b[static_cast<std::size_t>(std::abs(k))] *
                    pulse[static_cast<std::size_t>(n)];
        }
    double response = 0;
    for (long n = 0; n < static_cast<long>(pulse.size()); ++n) {
        const long at = middle - pulse_middle + n;
        if (at >= 0 && at < static_cast<long>(taps.size()))
            response +=
                taps[static_cast<std::size_t>(at)] * pulse[static_cast<std::size_t>(n)];
    }
    const double scale =
        static_cast<double>(samples_per_symbol) / std::sqrt(2.0) / response;
    std::vector<float> scaled(taps.size());
    std::transform(taps.begin(), taps.end(), scaled.begin(), [&](double x) {
        return static_cast<float>(x * scale);
    });
    return scaled;
}

} // namespace securevoice

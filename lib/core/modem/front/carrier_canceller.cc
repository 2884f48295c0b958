/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/carrier_canceller.h"

#include "core/modem/front/sample_history.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t most = 4; // carriers
// Shares of a step's error that amplitude and frequency take over: 20 ms, damped by 0.7.
// A signal beside the carrier loses 1 part in 190 by it; a carrier that drifts by 10 Hz/s
// is followed 25 dB deep.
constexpr double amplitude_share = 0.12;
constexpr double frequency_share = amplitude_share * amplitude_share / 2;
constexpr double most_of_error = 1;  // times the carrier: impulses move it no more
constexpr double least_share = 0.01; // of the power of what is beside it, then it is gone
constexpr double rest_share = 0.05;  // of a step, in that power: 50 ms
constexpr double sum_share = 0.5;    // of the variance of a sum's power
constexpr double same_hz = 30;       // apart at most: what is found is one that is known

/* Mean of x, turned back by the carrier. */
std::complex<double> mean_along(const cfloat* x, const cfloat* carrier)
{
    cfloat sum;
    for (std::size_t n = 0; n < carrier_canceller::step; ++n)
        sum += cfloat(x[n].real() * carrier[n].real() + x[n].imag() * carrier[n].imag(),
                      x[n].imag() * carrier[n].real() - x[n].real() * carrier[n].imag());
    return std::complex<double>(sum) / static_cast<double>(carrier_canceller::step);
}

/* x += amplitude * carrier */
void add(cfloat* x, std::complex<double> amplitude, const cfloat* carrier)
{
    const cfloat a(amplitude);
    for (std::size_t n = 0; n < carrier_canceller::step; ++n)
        x[n] += cfloat(a.real() * carrier[n].real() - a.imag() * carrier[n].imag(),
                       a.real() * carrier[n].imag() + a.imag() * carrier[n].real());
}

} // namespace

void carrier_canceller::apply(cfloat* samples)
{
    d_received.add(samples);
    if (!d_carriers.empty())
        take_away(samples);
    d_left.add(samples);
    const auto found = d_finder.push(samples, step);
    if (++d_steps < carrier_finder::window / step)
        return;
    const double rest = d_left.power - (found ? std::norm(found->amplitude) : 0);
    if (!is_sum(rest))
        d_carriers.clear();
    else if (found)
        begin(*found);
    d_received = d_left = {};
    d_steps = 0;
}

void carrier_canceller::moments::add(const cfloat* samples)
{
    constexpr double share = 1.0 / carrier_finder::window;
    for (std::size_t n = 0; n < step; ++n) {
        const auto p = static_cast<double>(std::norm(samples[n]));
        power += share * p;
        square += share * p * p;
    }
}

/* Of carriers and something else? A carrier in whose modulation the rest consists has
 * another envelope: the power of a sum varies by 2 * carriers * rest at least, that of FM
 * by its noise alone. */
bool carrier_canceller::is_sum(double rest) const
{
    const double carriers = d_received.power - rest;
    const double variance = d_received.square - d_received.power * d_received.power;
    return variance > sum_share * 2 * carriers * rest;
}

void carrier_canceller::begin(const steady_carrier& found)
{
    const auto apart = [&](const followed& c) {
        const double cycles = c.cycles_per_sample - found.cycles_per_sample;
        return std::abs(cycles - std::round(cycles)) * receive_rate;
    };
    const auto known = std::find_if(d_carriers.begin(),
                                    d_carriers.end(),
                                    [&](const auto& c) { return apart(c) < same_hz; });
    if (known == d_carriers.end() && d_carriers.size() == most)
        return;
    // what is left of one that is taken away is none
    if (known != d_carriers.end() &&
        std::norm(known->amplitude) > std::norm(found.amplitude))
        return;
    auto& c = known == d_carriers.end() ? d_carriers.emplace_back() : *known;
    c.cycles_per_sample = found.cycles_per_sample;
    c.phase = 0;
    c.amplitude = found.amplitude;
}

void carrier_canceller::take_away(cfloat* samples)
{
    for (auto& c : d_carriers) {
        const auto turn = cfloat(std::polar(
            1.0, 2 * M_PI * (c.cycles_per_sample - std::floor(c.cycles_per_sample))));
        auto now = cfloat(std::polar(1.0, 2 * M_PI * c.phase));
        for (auto& x : c.carrier) {
            x = now;
            now = { now.real() * turn.real() - now.imag() * turn.imag(),
                    now.real() * turn.imag() + now.imag() * turn.real() };
        }
        add(samples, -c.amplitude, c.carrier.data());
    }
    std::array<std::complex<double>, most> errors;
    for (std::size_t k = 0; k < d_carriers.size(); ++k)
        errors[k] = mean_along(samples, d_carriers[k].carrier.data());
    for (std::size_t k = 0; k < d_carriers.size(); ++k) {
        auto& c = d_carriers[k];
        const auto mean = c.amplitude + errors[k];
        const double size = std::abs(c.amplitude);
        const auto error =
            errors[k] *
            std::min(1.0, most_of_error * size / std::max(std::abs(errors[k]), 1e-30));
        const auto change = amplitude_share * error;
        const auto amplitude = c.amplitude + change;
        const bool is_there =
            2 * (mean * std::conj(amplitude)).real() > std::norm(amplitude);
        add(samples, is_there ? -change : c.amplitude, c.carrier.data());
        const double turn = frequency_share * (error * std::conj(c.amplitude)).imag() /
                            std::max(size * size, 1e-60);
        c.phase += c.cycles_per_sample * step;
        c.phase -= std::floor(c.phase);
        c.cycles_per_sample += turn / (2 * M_PI * step);
        c.amplitude = amplitude;
    }
    double power = 0;
    for (std::size_t n = 0; n < step; ++n)
        power += static_cast<double>(std::norm(samples[n])) / step;
    d_rest += rest_share * (power - d_rest);
    d_carriers.erase(std::remove_if(d_carriers.begin(),
                                    d_carriers.end(),
                                    [&](const auto& c) {
                                        return std::norm(c.amplitude) <
                                               least_share * d_rest;
                                    }),
                     d_carriers.end());
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/symbol_filter.h"

#include "core/modem/front/dot.h"
#include "core/modem/front/vectors.h"
#include "core/modem/waveform/gmsk.h"
#include "core/modem/waveform/pulse.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr float window =
    1.0f; // keeps the intersymbol interference of the cut pulse at -55 dB

/* The pulse at 128 samples per symbol: every phase of the filter is a comb of it. */
float at(const std::vector<float>& pulse, long index)
{
    return index < 0 || index >= static_cast<long>(pulse.size())
               ? 0.0f
               : pulse[static_cast<std::size_t>(index)];
}

/* What the filter makes of a pulse that is \p late, in samples of the prototype. */
double
response(const std::vector<float>& filter, const std::vector<float>& pulse, long late)
{
    const auto middle = static_cast<long>(filter.size() / 2),
               pulse_middle = static_cast<long>(pulse.size() / 2);
    double sum = 0;
    for (long n = 0; n < static_cast<long>(pulse.size()); ++n)
        sum += static_cast<double>(at(filter, middle - pulse_middle + n + late)) *
               static_cast<double>(pulse[static_cast<std::size_t>(n)]);
    return sum;
}

SECUREVOICE_FOR_EACH_PROCESSOR
cfloat dot(const float* samples, const float* taps)
{
    return dot_product(samples, taps, 4 * symbol_filter::reach);
}

struct place {
    std::ptrdiff_t first;
    std::size_t phase;
};

place find(double centre, std::size_t phases, std::size_t reach)
{
    const double fine = std::floor(centre * static_cast<double>(phases) + 0.5);
    const auto index = static_cast<long long>(fine);
    const auto count = static_cast<long long>(phases);
    const long long whole = index >= 0 ? index / count : -((-index + count - 1) / count);
    return { static_cast<std::ptrdiff_t>(whole) - static_cast<std::ptrdiff_t>(reach) + 1,
             static_cast<std::size_t>(index - whole * count) };
}

} // namespace

symbol_filter::symbol_filter(waveform w)
    : d_value(phases * row),
      d_slope(phases * row),
      d_quadrature_delay(w == waveform::constant ? receive_samples / 2 : 0)
{
    constexpr std::size_t fine =
        phases * receive_samples; // samples per symbol of the prototype
    std::vector<float> pulse, sent;
    if (w == waveform::constant) {
        pulse = gmsk_receive_taps(fine, reach / receive_samples);
        const auto main = gmsk_main_pulse(fine / 2);
        sent.assign(main.begin(), main.end());
    } else {
        pulse = sent = pulse_taps(fine, reach / receive_samples, window);
    }
    const double best = response(pulse, sent, 0);
    d_curvature = (2 * best - response(pulse, sent, 1) - response(pulse, sent, -1)) /
                  best * static_cast<double>(fine * fine);
    const auto middle = static_cast<long>(pulse.size() / 2);
    const double scale = 1.0 / static_cast<double>(receive_samples);
    for (std::size_t p = 0; p < phases; ++p)
        for (std::size_t k = 0; k < taps; ++k) {
            // tap k meets the sample at whole - reach + 1 + k; the centre is at whole + p
            // / phases
            const long from_centre =
                (static_cast<long>(k) - static_cast<long>(reach) + 1) *
                    static_cast<long>(phases) -
                static_cast<long>(p);
            const long index = middle + from_centre;
            const double value = at(pulse, index) * scale;
            const double slope = -(at(pulse, index + 1) - at(pulse, index - 1)) / 2.0 *
                                 static_cast<double>(fine) * scale;
            for (std::size_t part = 0; part < 2; ++part) {
                d_value[p * row + 2 * k + part] = static_cast<float>(value);
                d_slope[p * row + 2 * k + part] = static_cast<float>(slope);
            }
        }
}

const symbol_filter& symbol_filter::of(waveform w)
{
    static const symbol_filter linear(waveform::linear);
    static const symbol_filter constant(waveform::constant);
    return w == waveform::constant ? constant : linear;
}

cfloat symbol_filter::value(const cfloat* samples, double centre) const
{
    const auto where = find(centre, phases, reach);
    return dot(reinterpret_cast<const float*>(samples + where.first),
               &d_value[where.phase * row]);
}

cfloat symbol_filter::slope(const cfloat* samples, double centre) const
{
    const auto where = find(centre, phases, reach);
    return dot(reinterpret_cast<const float*>(samples + where.first),
               &d_slope[where.phase * row]);
}

} // namespace securevoice

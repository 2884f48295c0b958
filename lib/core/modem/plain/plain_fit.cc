/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/plain/plain_fit.h"

#include "core/modem/plain/plain_receive_filter.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t per_unit = plain_receive_filter::samples_per_unit;
constexpr float least_energy = 1e-20f; // less counts as none: nothing is divided by it
constexpr float least_noise = 1e-3f;   // of the energy

/* share is known: the rest of the energy is noise. */
void set_noise(plain_fit& f, float energy, float count)
{
    const float rest = std::max(energy * (1 - f.share), least_noise * energy) / count;
    f.noise = rest / std::max(std::norm(f.gain), least_energy);
}

} // namespace

std::vector<known_unit> known_units(const plain_signal& signal,
                                    const known_symbols& known)
{
    std::vector<known_unit> all;
    for (std::size_t n = 0; n < known.size(); ++n)
        if (known[n] != cfloat{})
            for (std::size_t half = 0; half < signal.units_per_symbol(); ++half)
                all.push_back({ n * signal.units_per_symbol() + half,
                                signal.unit(known[n], half) });
    return all;
}

cfloat plain_fit::undone(cfloat y, std::size_t n) const
{
    return (y - zero) / gain * cfloat(std::polar(1.0, -turn * static_cast<double>(n)));
}

plain_fit fit_levels(const cfloat* samples, const std::vector<known_unit>& known)
{
    float xy = 0, sum_x = 0, sum_y = 0, xx = 0, yy = 0;
    for (const auto& k : known) {
        const float x = k.value.real(), y = samples[per_unit * k.index].real();
        xy += x * y;
        sum_x += x;
        sum_y += y;
        xx += x * x;
        yy += y * y;
    }
    const auto count = static_cast<float>(known.size());
    xy -= sum_x * sum_y / count;
    xx -= sum_x * sum_x / count;
    yy -= sum_y * sum_y / count;
    plain_fit f;
    if (!(yy > least_energy && xy > 0))
        return f;
    f.gain = xy / xx;
    f.zero = (sum_y - f.gain.real() * sum_x) / count;
    f.share = std::min(1.0f, xy * xy / (xx * yy));
    set_noise(f, yy, count);
    return f;
}

plain_fit fit_carrier(const cfloat* samples,
                      const std::vector<known_unit>& known,
                      double turn,
                      double reach,
                      int steps)
{
    float energy = 0;
    for (const auto& k : known)
        energy += std::norm(samples[per_unit * k.index]);
    plain_fit f;
    if (!(energy > least_energy))
        return f;
    const auto correlate = [&](double w) {
        cfloat sum;
        for (const auto& k : known)
            sum += samples[per_unit * k.index] * std::conj(k.value) *
                   cfloat(std::polar(1.0, -w * static_cast<double>(k.index)));
        return sum;
    };
    const double step = reach / steps;
    std::vector<float> power(static_cast<std::size_t>(2 * steps + 1));
    for (std::size_t n = 0; n < power.size(); ++n)
        power[n] = std::norm(correlate(turn + step * (static_cast<double>(n) - steps)));
    const auto best = static_cast<std::size_t>(
        std::max_element(power.begin(), power.end()) - power.begin());
    f.turn = turn + step * (static_cast<double>(best) - steps);
    if (best > 0 && best + 1 < power.size()) {
        const double before = power[best - 1], after = power[best + 1];
        const double bend = 2.0 * static_cast<double>(power[best]) - before - after;
        if (bend > 0)
            f.turn += step * 0.5 * (after - before) / bend;
    }
    const cfloat sum = correlate(f.turn);
    const auto count = static_cast<float>(known.size());
    f.gain = sum / count;
    f.share = std::min(1.0f, std::norm(sum) / (count * energy));
    set_noise(f, energy, count);
    return f;
}

plain_likeness differential_likeness(const cfloat* samples,
                                     const std::vector<known_unit>& known)
{
    cfloat sum;
    float energy = 0;
    for (std::size_t n = 1; n < known.size(); ++n) {
        if (known[n].index != known[n - 1].index + 1)
            continue;
        const cfloat y = samples[per_unit * known[n].index];
        const cfloat last = samples[per_unit * known[n - 1].index];
        sum += y * std::conj(last) * std::conj(known[n].value) * known[n - 1].value;
        energy += std::norm(y);
    }
    if (!(energy > least_energy))
        return {};
    return { std::abs(sum) / energy, static_cast<double>(std::arg(sum)) };
}

} // namespace securevoice

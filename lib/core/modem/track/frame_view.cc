/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/frame_view.h"

#include "core/modem/track/soft_symbols.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

// share of a sample's energy that the receive filter passes to a symbol so many samples
// away
constexpr std::array<float, 5> passed_energy{ 0.29f, 0.22f, 0.1f, 0.014f, 0.001f };
constexpr std::int64_t passed_far = passed_energy.size();

bool is_known(cfloat symbol) { return symbol != cfloat{}; }

} // namespace

void frame_view::read(const sample_history& history,
                      const frame_place& place,
                      double valid_end,
                      double usual_power)
{
    d_place = place;
    d_valid_end = valid_end;
    const double step = place.spacing;
    d_reader.load(history,
                  place.at,
                  static_cast<double>(seen_symbols) * step,
                  place.offset_hz,
                  place.phase);
    d_powers.resize(seen_symbols);
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        d_symbols[n] = d_reader.value(static_cast<double>(n) * step);
        d_powers[n] = mean_power(d_symbols[n]);
    }
    read_limited(history);
    d_interference.estimate(d_powers, d_limited, usual_power);
}

/* Power of limited impulses in each symbol. */
void frame_view::read_limited(const sample_history& history)
{
    d_limited.clear();
    if (!history.limited_since(d_place.at))
        return;
    d_limited.resize(seen_symbols);
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        const auto centre = static_cast<std::int64_t>(
            std::llround(d_place.at + static_cast<double>(n) * d_place.spacing));
        for (std::int64_t d = 1 - passed_far; d < passed_far; ++d)
            d_limited[n] += history.limited(centre + d) *
                            passed_energy[static_cast<std::size_t>(std::abs(d))];
    }
}

void frame_view::view_known(const known_symbols& known, float variance)
{
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        d_views[n] = {};
        if (is_known(known[n]) &&
            d_place.at + static_cast<double>(n) * d_place.spacing <= d_valid_end)
            d_views[n] = { times_conjugate(d_symbols[n], known[n]),
                           variance + d_interference.at(n) };
    }
}

void frame_view::set_variance(float variance)
{
    for (std::size_t n = 0; n < seen_symbols; ++n)
        if (d_views[n].variance >= 0)
            d_views[n].variance = variance + d_interference.at(n);
}

bool frame_view::pilots_are_hit() const
{
    std::size_t clean = 0;
    for (std::size_t k = 0; k < pilots_per_block; ++k)
        if (is_clean(pilot_index(k)))
            ++clean;
    return 4 * clean < pilots_per_block;
}

double frame_view::power(double otherwise) const
{
    double power = 0, count = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (is_clean(n)) {
            power += static_cast<double>(d_powers[n]);
            ++count;
        }
    return count > 0 ? std::max(power / count, 1e-30) : otherwise;
}

double frame_view::noise_likelihood(double otherwise) const
{
    const double mean = power(otherwise);
    double likelihood = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (d_views[n].variance >= 0) {
            const double all = mean + static_cast<double>(d_interference.at(n));
            likelihood -= std::log(all) + static_cast<double>(d_powers[n]) / all;
        }
    return likelihood;
}

double frame_view::pilot_coherence() const
{
    std::complex<double> sum;
    double most = 0;
    std::size_t pairs = 0;
    for (std::size_t k = 0; k + 1 < pilots_per_block; ++k) {
        const auto n = pilot_index(k), m = pilot_index(k + 1);
        if (!says_something(n) || !says_something(m))
            continue;
        const cfloat turn = times_conjugate(d_views[m].gain, d_views[n].gain);
        sum += std::complex<double>(turn);
        most += static_cast<double>(std::abs(turn));
        ++pairs;
    }
    return 2 * pairs >= pilots_per_block && most > 0 ? std::abs(sum) / most : 0;
}

double frame_view::coherence(const std::vector<gain_estimate>& gains) const
{
    double coherent = 0, predicted = 0, energy = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        if (!says_something(n))
            continue;
        const cfloat z = d_views[n].gain;
        const auto other = without(gains[n], d_views[n]);
        coherent += real_product(other.gain, z);
        predicted += static_cast<double>(std::norm(other.gain));
        energy += static_cast<double>(std::norm(z));
    }
    if (!(coherent > 0))
        return 0;
    return std::clamp(
        coherent * coherent / std::max(predicted * energy, 1e-30), 0.0, 1.0);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/half_word_search.h"

#include "core/modem/pulse.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t energy_room = 4096;
constexpr int carrier_unit_hz = 50;
constexpr std::size_t carrier_period = 384; // samples of 50 Hz at receive_rate
constexpr std::size_t words = 16;           // half words of a start frame

// Start metric: sum over 16 half words of energy / mean energy, each bounded. Noise: gamma distribution of 16, passes the
// threshold in 1 of 2000 places; a start frame at Es/N0 = -4 dB has a mean of 60.
constexpr float start_bound = 7.0f;
constexpr float start_threshold = 34.0f;

// Periodic metric: max |Ca +- Cb|^2 / mean |C|^2, whose mean in noise is 3, bounded, summed with a leak of 1/8.
constexpr float periodic_bound = 24.0f;
constexpr float periodic_keep = 0.875f;
constexpr float periodic_threshold = 34.0f;

constexpr double silence = 1e-30;

std::size_t start_position(std::size_t w)
{
    const std::size_t head = start_sync_symbols / half_word_symbols;
    return w < head ? w * half_word_symbols
                    : start_data_index((w - head + 1) * start_data_per_group - 1) + 1;
}

void slide(std::vector<float>& row, std::size_t keep)
{
    std::copy(row.end() - static_cast<std::ptrdiff_t>(keep), row.end(), row.begin());
}

} // namespace

half_word_search::half_word_search(double max_offset_hz)
    : d_carrier(carrier_period), d_energy_used(period)
{
    const int side = static_cast<int>(std::ceil(max_offset_hz / bin_hz));
    const int bins_per_unit = static_cast<int>(bin_hz) / carrier_unit_hz;
    for (int first = -side; first <= side; first += 3) {
        group g;
        g.centre = (first + 1) * bins_per_unit;
        g.real.resize(word_tail + places);
        g.imag.resize(word_tail + places);
        for (int k = first; k <= std::min(first + 2, side); ++k) {
            bin b;
            b.in_group = d_groups.size();
            b.turn = k - first - 1;
            b.offset_hz = k * bin_hz;
            b.a_real.resize(word + places);
            b.a_imag.resize(word + places);
            b.energy_a.resize(energy_room);
            b.energy_b.resize(energy_room);
            b.sums.resize(period / places);
            b.regular.resize(period);
            d_bins.push_back(b);
        }
        d_groups.push_back(g);
    }
    d_taps = pulse_taps(receive_samples, filter_reach / receive_samples, 2.0f);
    for (std::size_t n = 0; n < carrier_period; ++n)
        d_carrier[n] = std::polar(
            1.0f,
            static_cast<float>(-2 * M_PI * static_cast<double>(n) / carrier_period));
    d_best.resize(places + 2 * guard);
    d_best_bin.resize(places + 2 * guard);
}

void half_word_search::take(const sample_history& history)
{
    filter(history);
    if (d_energy_used + places > energy_room) {
        for (auto& b : d_bins) {
            std::copy(b.energy_a.begin() +
                          static_cast<std::ptrdiff_t>(d_energy_used - period),
                      b.energy_a.begin() + static_cast<std::ptrdiff_t>(d_energy_used),
                      b.energy_a.begin());
            std::copy(b.energy_b.begin() +
                          static_cast<std::ptrdiff_t>(d_energy_used - period),
                      b.energy_b.begin() + static_cast<std::ptrdiff_t>(d_energy_used),
                      b.energy_b.begin());
        }
        d_energy_used = period;
    }
    std::copy(d_best.end() - 2 * guard, d_best.end(), d_best.begin());
    std::copy(d_best_bin.end() - 2 * guard, d_best_bin.end(), d_best_bin.begin());
    std::fill(d_best.begin() + 2 * guard, d_best.end(), 0.0f);
    for (auto& b : d_bins)
        correlate(b);
    d_energy_used += places;
    ++d_steps;
    find_starts();
    find_periodic();
}

void half_word_search::filter(const sample_history& history)
{
    const std::size_t count = step + 2 * filter_reach;
    const std::int64_t from = history.end() - static_cast<std::int64_t>(count);
    history.derotated(from, count, 0, 0, d_samples);
    std::array<float, step + 2 * filter_reach> real, imag;
    for (auto& g : d_groups) {
        slide(g.real, word_tail);
        slide(g.imag, word_tail);
        std::int64_t at = (from % static_cast<std::int64_t>(carrier_period)) * g.centre;
        for (std::size_t n = 0; n < count; ++n, at += g.centre) {
            const auto phase = static_cast<std::size_t>(
                ((at % static_cast<std::int64_t>(carrier_period)) +
                 static_cast<std::int64_t>(carrier_period)) %
                static_cast<std::int64_t>(carrier_period));
            const cfloat c = d_carrier[phase], x = d_samples[n];
            real[n] = x.real() * c.real() - x.imag() * c.imag();
            imag[n] = x.real() * c.imag() + x.imag() * c.real();
        }
        float* const out_real = g.real.data() + word_tail;
        float* const out_imag = g.imag.data() + word_tail;
        std::fill(out_real, out_real + places, 0.0f);
        std::fill(out_imag, out_imag + places, 0.0f);
        for (std::size_t k = 0; k < d_taps.size(); ++k)
            for (std::size_t n = 0; n < places; ++n) {
                out_real[n] += d_taps[k] * real[2 * n + k];
                out_imag[n] += d_taps[k] * imag[2 * n + k];
            }
    }
}

void half_word_search::correlate(bin& b)
{
    const group& g = d_groups[b.in_group];
    const double turn = -2 * M_PI * b.turn * bin_hz / symbol_rate; // per symbol
    constexpr std::size_t n1 = places + word_tail - symbol, n2 = n1 - 2 * symbol;
    float sum_real[n1], sum_imag[n1], dif_real[n1], dif_imag[n1];
    float next_real[n2], next_imag[n2], nexd_real[n2], nexd_imag[n2];

    // ++ and +-
    float c = static_cast<float>(std::cos(turn)), s = static_cast<float>(std::sin(turn));
    for (std::size_t n = 0; n < n1; ++n) {
        const float xr = g.real[n + symbol], xi = g.imag[n + symbol];
        const float r = c * xr - s * xi, i = s * xr + c * xi;
        sum_real[n] = g.real[n] + r;
        sum_imag[n] = g.imag[n] + i;
        dif_real[n] = g.real[n] - r;
        dif_imag[n] = g.imag[n] - i;
    }
    // +++- and ++-+
    c = static_cast<float>(std::cos(2 * turn)),
    s = static_cast<float>(std::sin(2 * turn));
    for (std::size_t n = 0; n < n2; ++n) {
        const float xr = dif_real[n + 2 * symbol], xi = dif_imag[n + 2 * symbol];
        const float r = c * xr - s * xi, i = s * xr + c * xi;
        next_real[n] = sum_real[n] + r;
        next_imag[n] = sum_imag[n] + i;
        nexd_real[n] = sum_real[n] - r;
        nexd_imag[n] = sum_imag[n] - i;
    }
    // a = +++-++-+ and b = +++---+-
    c = static_cast<float>(std::cos(4 * turn)),
    s = static_cast<float>(std::sin(4 * turn));
    slide(b.a_real, word);
    slide(b.a_imag, word);
    float b_real[places], b_imag[places];
    float* const energy_a = b.energy_a.data() + d_energy_used;
    float* const energy_b = b.energy_b.data() + d_energy_used;
    for (std::size_t n = 0; n < places; ++n) {
        const float xr = nexd_real[n + 4 * symbol], xi = nexd_imag[n + 4 * symbol];
        const float r = c * xr - s * xi, i = s * xr + c * xi;
        const float ar = next_real[n] + r, ai = next_imag[n] + i;
        b.a_real[word + n] = ar;
        b.a_imag[word + n] = ai;
        b_real[n] = next_real[n] - r;
        b_imag[n] = next_imag[n] - i;
        energy_a[n] = ar * ar + ai * ai;
        energy_b[n] = b_real[n] * b_real[n] + b_imag[n] * b_imag[n];
    }

    // mean energy of one frame time
    float newest = 0;
    for (std::size_t n = 0; n < places; ++n)
        newest += energy_a[n] + energy_b[n];
    float& oldest = b.sums[static_cast<std::size_t>(d_steps) % b.sums.size()];
    oldest = newest;
    b.sum = 0;
    float recent = 0;
    for (std::size_t k = 0; k < b.sums.size(); ++k)
        b.sum += static_cast<double>(b.sums[k]);
    for (std::size_t k = 0; k < 4; ++k)
        recent += b.sums[(static_cast<std::size_t>(d_steps) + b.sums.size() - k) %
                         b.sums.size()];
    const double mean = b.sum / static_cast<double>(2 * period);
    if (!(mean > silence)) {
        for (std::size_t n = 0; n < places; ++n)
            b.regular[(static_cast<std::size_t>(d_steps) * places + n) % period] *=
                periodic_keep;
        return;
    }

    // start frame: its last half word begins at the newest places
    const float scale = static_cast<float>(1 / mean);
    float metric[places] = {};
    constexpr std::size_t last = (block_symbols - half_word_symbols) * symbol;
    for (std::size_t w = 0; w < words; ++w) {
        const float* const row =
            (w % 2 ? energy_b : energy_a) -
            static_cast<std::ptrdiff_t>(last - start_position(w) * symbol);
        for (std::size_t n = 0; n < places; ++n)
            metric[n] += std::min(row[n] * scale, start_bound);
    }
    const auto index = static_cast<std::size_t>(&b - d_bins.data());
    for (std::size_t n = 0; n < places; ++n)
        if (metric[n] > d_best[2 * guard + n]) {
            d_best[2 * guard + n] = metric[n];
            d_best_bin[2 * guard + n] = index;
        }

    // sync word: half word a one half word before b
    const double now = std::max(
        mean, 0.7 * static_cast<double>(recent) / static_cast<double>(8 * places));
    const float word_scale = static_cast<float>(1 / now);
    c = static_cast<float>(std::cos(8 * turn)),
    s = static_cast<float>(std::sin(8 * turn));
    const std::size_t place = static_cast<std::size_t>(d_steps) * places % period;
    for (std::size_t n = 0; n < places; ++n) {
        const float r = c * b_real[n] - s * b_imag[n], i = s * b_real[n] + c * b_imag[n];
        const float cross = std::abs(b.a_real[n] * r + b.a_imag[n] * i);
        const float energy_before = b.a_real[n] * b.a_real[n] + b.a_imag[n] * b.a_imag[n];
        const float both = (energy_before + energy_b[n] + 2 * cross) * word_scale;
        float& sum = b.regular[place + n];
        sum = sum * periodic_keep + std::min(both, periodic_bound) - 3.0f;
    }
}

void half_word_search::find_starts()
{
    d_starts.clear();
    // index of the sample at which the first half word began that the newest place completes
    for (std::size_t n = guard; n < guard + places; ++n) {
        if (d_best[n] < start_threshold)
            continue;
        const auto here = d_best.begin() + static_cast<std::ptrdiff_t>(n);
        if (std::max_element(here - guard, here + guard + 1) != here)
            continue;
        const std::int64_t newest =
            d_steps * static_cast<std::int64_t>(step); // samples taken
        const auto from_newest = static_cast<std::int64_t>(2 * (places + 2 * guard - n));
        const auto word_begin = newest - from_newest -
                                static_cast<std::int64_t>(filter_reach) -
                                static_cast<std::int64_t>(2 * word_tail);
        candidate c;
        c.at = static_cast<double>(
            word_begin - static_cast<std::int64_t>((block_symbols - half_word_symbols) *
                                                   receive_samples));
        c.offset_hz = d_bins[d_best_bin[n]].offset_hz;
        c.strength = *here;
        d_starts.push_back(c);
    }
}

void half_word_search::find_periodic()
{
    d_periodic.clear();
    const std::size_t first = static_cast<std::size_t>(d_steps - 1) * places % period;
    for (const auto& b : d_bins)
        for (std::size_t n = 0; n < places; ++n) {
            const float here = b.regular[first + n];
            if (here < periodic_threshold)
                continue;
            bool greatest = true;
            for (const auto& o : d_bins)
                if (std::abs(o.offset_hz - b.offset_hz) <= 2 * bin_hz)
                    for (std::size_t k = 0; greatest && k <= 2 * periodic_guard; ++k)
                        greatest = o.regular[(first + n + period + k - periodic_guard) %
                                             period] <= here;
            if (!greatest)
                continue;
            // the word's half word b begins at this place
            const std::int64_t newest = d_steps * static_cast<std::int64_t>(step);
            candidate c;
            c.at = static_cast<double>(
                newest - static_cast<std::int64_t>(2 * (places - n)) -
                static_cast<std::int64_t>(filter_reach + 2 * word_tail + 2 * word));
            c.offset_hz = b.offset_hz;
            c.strength = here;
            d_periodic.push_back(c);
        }
}

} // namespace securevoice

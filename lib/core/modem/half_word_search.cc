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

constexpr std::size_t room = 2304; // of a row: three blocks
constexpr int carrier_unit_hz = 50;
constexpr std::size_t carrier_period = 384; // samples of 50 Hz at receive_rate
constexpr std::size_t words = 16;           // half words of a start frame

// Start metric: sum over 16 half words of energy / mean energy, each bounded, and the same of what is coherent from each of
// half word to the next, whatever the carrier offset within the bin.
constexpr float start_bound = 7.0f;
constexpr float common_bound = 60.0f;
constexpr float start_threshold = 60.0f;

// Periodic metric: max |Ca +- Cb|^2 / mean |C|^2 with Cb turned to either side by half of what the carrier may turn it within the bin, bounded,
// summed with a leak of 1/8.
constexpr float periodic_bound = 24.0f;
constexpr float periodic_mean = 3.4f; // in noise
constexpr float periodic_keep = 0.875f;
constexpr float periodic_threshold = 34.0f;
// half of the turn from half word to half word at the edge of a bin
const float edge = static_cast<float>(M_PI * half_word_search::bin_hz / 2 / symbol_rate *
                                      half_word_symbols);
const float side_cos = std::cos(edge), side_sin = std::sin(edge);

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
    : d_carrier(carrier_period), d_now(period)
{
    const int side = static_cast<int>(std::ceil(max_offset_hz / bin_hz));
    const int units_per_bin = static_cast<int>(bin_hz) / carrier_unit_hz;
    for (int first = -side; first <= side; first += 3) {
        group g;
        g.centre = (first + 1) * units_per_bin;
        g.real.resize(word_tail + places);
        g.imag.resize(word_tail + places);
        for (int k = first; k <= std::min(first + 2, side); ++k) {
            bin b;
            b.in_group = d_groups.size();
            b.turn = k - first - 1;
            b.offset_hz = k * bin_hz;
            for_each_row(b, [](row& r) { r.resize(room); });
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

void half_word_search::for_each_row(bin& b, const std::function<void(row&)>& act)
{
    for (rows* r : { &b.a, &b.b, &b.ab, &b.ba, &b.far_ab, &b.far_ba }) {
        act(r->real);
        act(r->imag);
    }
    act(b.energy_a);
    act(b.energy_b);
    act(b.head);
}

void half_word_search::take(const sample_history& history)
{
    filter(history);
    d_now += places;
    if (d_now + places > room) {
        for (auto& b : d_bins)
            for_each_row(b, [this](row& r) {
                const auto now = r.begin() + static_cast<std::ptrdiff_t>(d_now);
                std::copy(now - static_cast<std::ptrdiff_t>(period), now, r.begin());
            });
        d_now = period;
    }
    std::copy(d_best.end() - 2 * guard, d_best.end(), d_best.begin());
    std::copy(d_best_bin.end() - 2 * guard, d_best_bin.end(), d_best_bin.begin());
    std::fill(d_best.begin() + 2 * guard, d_best.end(), 0.0f);
    for (auto& b : d_bins)
        correlate(b);
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
    float *const ar = &b.a.real[d_now], *const ai = &b.a.imag[d_now];
    float *const br = &b.b.real[d_now], *const bi = &b.b.imag[d_now];
    float *const energy_a = &b.energy_a[d_now], *const energy_b = &b.energy_b[d_now];
    float newest = 0;
    for (std::size_t n = 0; n < places; ++n) {
        const float xr = nexd_real[n + 4 * symbol], xi = nexd_imag[n + 4 * symbol];
        const float r = c * xr - s * xi, i = s * xr + c * xi;
        ar[n] = next_real[n] + r;
        ai[n] = next_imag[n] + i;
        br[n] = next_real[n] - r;
        bi[n] = next_imag[n] - i;
        energy_a[n] = ar[n] * ar[n] + ai[n] * ai[n];
        energy_b[n] = br[n] * br[n] + bi[n] * bi[n];
    }
    for (std::size_t n = 0; n < places; ++n)
        newest += energy_a[n] + energy_b[n];
    compare_neighbours(b);

    // mean energy of one frame time
    const std::size_t slot = static_cast<std::size_t>(d_steps) % b.sums.size();
    b.sums[slot] = newest;
    double sum = 0;
    for (const float x : b.sums)
        sum += static_cast<double>(x);
    const double mean = sum / static_cast<double>(2 * period);
    if (!(mean > silence)) {
        for (std::size_t n = 0; n < places; ++n)
            b.regular[slot * places + n] *= periodic_keep;
        return;
    }
    weigh_start(b, static_cast<float>(1 / mean));
    // for single words the level of the newest step counts, too: a burst's beginning is no word
    weigh_sync_word(
        b,
        static_cast<float>(
            1 / std::max(mean, 0.7 * static_cast<double>(newest) / (2 * places))));
}

/* Products of half words that follow each other, for what their phases have in common. */
void half_word_search::compare_neighbours(bin& b)
{
    const float *const ar = &b.a.real[d_now], *const ai = &b.a.imag[d_now];
    const float *const br = &b.b.real[d_now], *const bi = &b.b.imag[d_now];
    auto multiply = [&](const rows& before,
                        std::size_t lag,
                        const float* re,
                        const float* im,
                        rows& out) {
        const float *const xr = &before.real[d_now - lag], *const xi =
                                                               &before.imag[d_now - lag];
        float *const real = &out.real[d_now], *const imag = &out.imag[d_now];
        for (std::size_t n = 0; n < places; ++n) {
            real[n] = xr[n] * re[n] + xi[n] * im[n];
            imag[n] = xi[n] * re[n] - xr[n] * im[n];
        }
    };
    multiply(b.a, word, br, bi, b.ab);
    multiply(b.b, word, ar, ai, b.ba);
    multiply(b.a, far, br, bi, b.far_ab);
    multiply(b.b, far, ar, ai, b.far_ba);
}

/* Start frame whose last half word begins at the newest places. */
void half_word_search::weigh_start(bin& b, float scale)
{
    float metric[places] = {};
    constexpr std::size_t last = (block_symbols - half_word_symbols) * symbol;
    for (std::size_t w = 0; w < words; ++w) {
        const float* const energy =
            &(w % 2 ? b.energy_b : b.energy_a)[d_now - last + start_position(w) * symbol];
        for (std::size_t n = 0; n < places; ++n)
            metric[n] += std::min(energy[n] * scale, start_bound);
    }

    // 2 |sum of s_k s_(k+1) C_k conj(C_(k+1))| over words that are equally far apart
    auto in_common = [this](const rows& ab,
                            const rows& ba,
                            std::size_t first,
                            std::size_t apart,
                            float* out) {
        float real[places] = {}, imag[places] = {};
        for (std::size_t k = first; k + 1 < first + words / 2; ++k) {
            const bool flipped =
                ((start_signs >> (15 - k)) ^ (start_signs >> (14 - k))) & 1;
            const float sign = flipped ? -2.0f : 2.0f;
            const std::size_t at = d_now - (first + words / 2 - 2 - k) * apart;
            const float *const r = &(k % 2 ? ba : ab).real[at], *const i =
                                                                    &(k % 2 ? ba : ab)
                                                                         .imag[at];
            for (std::size_t n = 0; n < places; ++n) {
                real[n] += sign * r[n];
                imag[n] += sign * i[n];
            }
        }
        for (std::size_t n = 0; n < places; ++n)
            out[n] = std::sqrt(real[n] * real[n] + imag[n] * imag[n]);
    };
    float tail[places];
    in_common(b.ab, b.ba, 0, word, &b.head[d_now]);
    in_common(b.far_ab, b.far_ba, words / 2, far, tail);
    constexpr std::size_t behind_head = last - (words / 2 - 1) * word;
    const float* const head = &b.head[d_now - behind_head];
    for (std::size_t n = 0; n < places; ++n)
        metric[n] += std::min(head[n] * scale, common_bound) +
                     std::min(tail[n] * scale, common_bound);

    const auto index = static_cast<std::size_t>(&b - d_bins.data());
    for (std::size_t n = 0; n < places; ++n)
        if (metric[n] > d_best[2 * guard + n]) {
            d_best[2 * guard + n] = metric[n];
            d_best_bin[2 * guard + n] = index;
        }
}

/* Sync word whose half word b begins at the newest places. */
void half_word_search::weigh_sync_word(bin& b, float scale)
{
    const double turn = -2 * M_PI * b.turn * bin_hz / symbol_rate * half_word_symbols;
    const auto c = static_cast<float>(std::cos(turn)),
               s = static_cast<float>(std::sin(turn));
    const float *const energy_a = &b.energy_a[d_now - word], *const energy_b =
                                                                 &b.energy_b[d_now];
    const float *const real = &b.ab.real[d_now], *const imag = &b.ab.imag[d_now];
    float* const sum = &b.regular[static_cast<std::size_t>(d_steps) * places % period];
    for (std::size_t n = 0; n < places; ++n) {
        // |a +- b|^2, b turned by the carrier offset within the group; the greater one of cos(t - w) and cos(t + w) is cos w |cos t| + sin w |sin t|
        const float cross = side_cos * std::abs(c * real[n] + s * imag[n]) +
                            side_sin * std::abs(c * imag[n] - s * real[n]);
        const float both = (energy_a[n] + energy_b[n] + 2 * cross) * scale;
        sum[n] = sum[n] * periodic_keep + std::min(both, periodic_bound) - periodic_mean;
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

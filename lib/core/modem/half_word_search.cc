/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/half_word_search.h"

#include "core/modem/gmsk.h"
#include "core/modem/pulse.h"
#include "core/modem/vectors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

/* On its own, because GCC 12 interleaves the loops around it and then finds no vectors any more. */
[[gnu::noinline]] SECUREVOICE_FOR_EACH_PROCESSOR void
add_scaled(const float* x, float by, float* __restrict sum)
{
    for (std::size_t n = 0; n < half_word_search::places; ++n)
        sum[n] += by * x[n];
}

} // namespace

half_word_search::half_word_search(double max_offset_hz, waveform w)
    : d_waveform(w),
      d_start_signs(start_signs_of(w)),
      d_carrier(carrier_period),
      d_now(period)
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
    d_taps = w == waveform::constant
                 ? gmsk_receive_taps(receive_samples, filter_reach / receive_samples)
                 : pulse_taps(receive_samples, filter_reach / receive_samples, 2.0f);
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
    constexpr std::size_t count = step + 2 * filter_reach;
    const std::int64_t from = history.end() - static_cast<std::int64_t>(count);
    history.derotated(from, count, 0, 0, d_samples);
    std::array<float, count> real, imag;
    for (auto& g : d_groups) {
        slide(g.real, word_tail);
        slide(g.imag, word_tail);
        constexpr auto cycle = static_cast<std::int64_t>(carrier_period);
        const auto turn = static_cast<std::size_t>((g.centre % cycle + cycle) % cycle);
        auto phase = static_cast<std::size_t>(
            ((from % cycle + cycle) * static_cast<std::int64_t>(turn)) % cycle);
        for (std::size_t n = 0; n < count; ++n) {
            const cfloat c = d_carrier[phase], x = d_samples[n];
            // samples that become one place's neighbours lie side by side
            const std::size_t at = n / 2 + n % 2 * (count / 2);
            real[at] = x.real() * c.real() - x.imag() * c.imag();
            imag[at] = x.real() * c.imag() + x.imag() * c.real();
            phase += turn;
            phase -= phase >= carrier_period ? carrier_period : 0;
        }
        convolve(real.data(), g.real.data() + word_tail);
        convolve(imag.data(), g.imag.data() + word_tail);
        if (d_waveform == waveform::constant)
            join_axes(g);
    }
}

/* A known symbol of GMSK, u or -u, is a pulse on the real axis and, a place later, one on the imaginary axis: each place becomes y(n - 1) - j y(n). */
void half_word_search::join_axes(group& g) const
{
    float* const real = g.real.data() + word_tail;
    float* const imag = g.imag.data() + word_tail;
    cfloat before = g.last;
    for (std::size_t n = 0; n < places; ++n) {
        const cfloat now{ real[n], imag[n] };
        real[n] = before.real() + now.imag();
        imag[n] = before.imag() - now.real();
        before = now;
    }
    g.last = before;
}

/* The matched filter at every second sample. \param x even samples, then odd ones */
SECUREVOICE_FOR_EACH_PROCESSOR
void half_word_search::convolve(const float* x, float* out) const
{
    constexpr std::size_t odd = step / 2 + filter_reach;
    float sum[places] = {};
    for (std::size_t k = 0; k < 2 * filter_reach + 1; ++k)
        add_scaled(x + k / 2 + k % 2 * odd, d_taps[k], sum);
    std::copy(sum, sum + places, out);
}

void half_word_search::correlate(bin& b)
{
    const float newest = find_half_words(b);
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

SECUREVOICE_FOR_EACH_PROCESSOR
float half_word_search::find_half_words(bin& b) const
{
    const group& g = d_groups[b.in_group];
    const double turn = -2 * M_PI * b.turn * bin_hz / symbol_rate; // per symbol
    constexpr std::size_t n1 = places + word_tail - symbol, most = n1 - 2 * symbol;
    // how far apart the halves of quarters and of words are: 2 and 4 symbols, or 4 and 2
    const std::size_t second = d_waveform == waveform::constant ? 4 : 2,
                      third = 6 - second;
    const std::size_t n2 = places + third * symbol;
    float sum_real[n1], sum_imag[n1], dif_real[n1], dif_imag[n1];
    float next_real[most], next_imag[most], nexd_real[most], nexd_imag[most];

    // ++ and +-
    float c = static_cast<float>(std::cos(turn)), s = static_cast<float>(std::sin(turn));
    const float *const xr = g.real.data(), *const xi = g.imag.data();
    for (std::size_t n = 0; n < n1; ++n) {
        const float r = c * xr[n + symbol] - s * xi[n + symbol];
        const float i = s * xr[n + symbol] + c * xi[n + symbol];
        sum_real[n] = xr[n] + r;
        sum_imag[n] = xi[n] + i;
        dif_real[n] = xr[n] - r;
        dif_imag[n] = xi[n] - i;
    }
    // +++- and ++-+
    c = static_cast<float>(std::cos(static_cast<double>(second) * turn));
    s = static_cast<float>(std::sin(static_cast<double>(second) * turn));
    for (std::size_t n = 0; n < n2; ++n) {
        const float dr = dif_real[n + second * symbol],
                    di = dif_imag[n + second * symbol];
        const float r = c * dr - s * di, i = s * dr + c * di;
        next_real[n] = sum_real[n] + r;
        next_imag[n] = sum_imag[n] + i;
        nexd_real[n] = sum_real[n] - r;
        nexd_imag[n] = sum_imag[n] - i;
    }
    // a = +++-++-+ and b = +++---+-, or c = +++++--+ and d = ++--+-+-
    c = static_cast<float>(std::cos(static_cast<double>(third) * turn));
    s = static_cast<float>(std::sin(static_cast<double>(third) * turn));
    float* __restrict ar = &b.a.real[d_now], * __restrict ai = &b.a.imag[d_now];
    float* __restrict br = &b.b.real[d_now], * __restrict bi = &b.b.imag[d_now];
    float* __restrict ea = &b.energy_a[d_now], * __restrict eb = &b.energy_b[d_now];
    for (std::size_t n = 0; n < places; ++n) {
        const float dr = nexd_real[n + third * symbol],
                    di = nexd_imag[n + third * symbol];
        const float r = c * dr - s * di, i = s * dr + c * di;
        const float pr = next_real[n] + r, pi = next_imag[n] + i;
        const float qr = next_real[n] - r, qi = next_imag[n] - i;
        ar[n] = pr;
        ai[n] = pi;
        br[n] = qr;
        bi[n] = qi;
        ea[n] = pr * pr + pi * pi;
        eb[n] = qr * qr + qi * qi;
    }
    // eight sums side by side: an order that vectors can keep
    float newest[8] = {};
    for (std::size_t n = 0; n < places; n += 8)
        for (std::size_t k = 0; k < 8; ++k)
            newest[k] += ea[n + k] + eb[n + k];
    return std::accumulate(newest, newest + 8, 0.0f);
}

/* Products of half words that follow each other, for what their phases have in common. */
void half_word_search::compare_neighbours(bin& b)
{
    multiply(b.a, d_now - word, b.b, b.ab);
    multiply(b.b, d_now - word, b.a, b.ba);
    multiply(b.a, d_now - far, b.b, b.far_ab);
    multiply(b.b, d_now - far, b.a, b.far_ba);
}

/* One from \p at on times the conjugate of the newest ones of another. */
SECUREVOICE_FOR_EACH_PROCESSOR
void half_word_search::multiply(const rows& before,
                                std::size_t at,
                                const rows& newest,
                                rows& out) const
{
    const float *const xr = &before.real[at], *const xi = &before.imag[at];
    const float *const yr = &newest.real[d_now], *const yi = &newest.imag[d_now];
    float* __restrict real = &out.real[d_now], * __restrict imag = &out.imag[d_now];
    for (std::size_t n = 0; n < places; ++n) {
        real[n] = xr[n] * yr[n] + xi[n] * yi[n];
        imag[n] = xi[n] * yr[n] - xr[n] * yi[n];
    }
}

/* 2 |sum of s_k s_(k+1) C_k conj(C_(k+1))| over eight words of a start frame that are equally far apart, the last one the newest */
SECUREVOICE_FOR_EACH_PROCESSOR
void half_word_search::in_common(const rows& ab,
                                 const rows& ba,
                                 std::size_t first,
                                 std::size_t apart,
                                 float* out) const
{
    float real[places] = {}, imag[places] = {};
    for (std::size_t k = first; k + 1 < first + words / 2; ++k) {
        const bool flipped =
            ((d_start_signs >> (15 - k)) ^ (d_start_signs >> (14 - k))) & 1;
        const float sign = flipped ? -2.0f : 2.0f;
        const std::size_t at = d_now - (first + words / 2 - 2 - k) * apart;
        const rows& product = k % 2 ? ba : ab;
        const float *const r = &product.real[at], *const i = &product.imag[at];
        add_scaled(r, sign, real);
        add_scaled(i, sign, imag);
    }
    for (std::size_t n = 0; n < places; ++n)
        out[n] = std::sqrt(real[n] * real[n] + imag[n] * imag[n]);
}

/* Start frame whose last half word begins at the newest places. */
SECUREVOICE_FOR_EACH_PROCESSOR
void half_word_search::weigh_start(bin& b, float scale)
{
    float metric[places] = {}, tail[places];
    constexpr std::size_t last = (block_symbols - half_word_symbols) * symbol;
    for (std::size_t w = 0; w < words; ++w) {
        const float* const energy =
            &(w % 2 ? b.energy_b : b.energy_a)[d_now - last + start_position(w) * symbol];
        for (std::size_t n = 0; n < places; ++n)
            metric[n] += std::min(energy[n] * scale, start_bound);
    }
    in_common(b.ab, b.ba, 0, word, &b.head[d_now]);
    in_common(b.far_ab, b.far_ba, words / 2, far, tail);
    constexpr std::size_t behind_head = last - (words / 2 - 1) * word;
    const float* const head = &b.head[d_now - behind_head];
    for (std::size_t n = 0; n < places; ++n)
        metric[n] += std::min(head[n] * scale, common_bound) +
                     std::min(tail[n] * scale, common_bound);

    const auto index = static_cast<std::int32_t>(&b - d_bins.data());
    float* __restrict best = &d_best[2 * guard];
    std::int32_t* __restrict best_bin = &d_best_bin[2 * guard];
    for (std::size_t n = 0; n < places; ++n) {
        const bool more = metric[n] > best[n];
        best[n] = more ? metric[n] : best[n];
        best_bin[n] = more ? index : best_bin[n];
    }
}

/* Sync word whose half word b begins at the newest places. */
SECUREVOICE_FOR_EACH_PROCESSOR
void half_word_search::weigh_sync_word(bin& b, float scale)
{
    const double turn = -2 * M_PI * b.turn * bin_hz / symbol_rate * half_word_symbols;
    const auto c = static_cast<float>(std::cos(turn)),
               s = static_cast<float>(std::sin(turn));
    const float *const energy_a = &b.energy_a[d_now - word], *const energy_b =
                                                                 &b.energy_b[d_now];
    const float *const real = &b.ab.real[d_now], *const imag = &b.ab.imag[d_now];
    float* __restrict sum =
        &b.regular[static_cast<std::size_t>(d_steps) * places % period];
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
        c.at -= axes_delay();
        c.offset_hz = d_bins[static_cast<std::size_t>(d_best_bin[n])].offset_hz;
        c.waveform = d_waveform;
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
            c.at -= axes_delay();
            c.offset_hz = b.offset_hz;
            c.waveform = d_waveform;
            c.strength = here;
            d_periodic.push_back(c);
        }
}

} // namespace securevoice

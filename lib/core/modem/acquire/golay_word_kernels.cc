/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/golay_word_kernels.h"

#include "core/modem/front/vectors.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

// Each loop is one long expression a place, whose sums stay in registers: rows are read
// once and written once.

namespace securevoice::golay_word_kernels {
namespace {

constexpr std::size_t places = golay_word_places;
constexpr std::size_t symbol = 2; // places per symbol
constexpr std::size_t lanes = 16; // sums side by side: an order that vectors can keep

template <std::size_t... k>
[[gnu::always_inline]] inline void filter_of(const float* x,
                                             const float* taps,
                                             float* __restrict out,
                                             std::index_sequence<k...>)
{
    constexpr std::size_t odd = places + golay_word_reach;
    constexpr std::size_t last = 2 * golay_word_reach;
    for (std::size_t n = 0; n < places; ++n)
        out[n] = taps[golay_word_reach] * x[n + golay_word_reach / 2] +
                 (... + (taps[k] * (x[n + k / 2 + k % 2 * odd] +
                                    x[n + (last - k) / 2 + k % 2 * odd])));
}

/* Bit k: the Golay words first + k and first + k + 1 of a start frame have different
 * signs. */
constexpr unsigned changes(waveform w, std::size_t first)
{
    unsigned found = 0;
    for (std::size_t k = 0; k < 7; ++k) {
        const unsigned signs = start_signs_of(w);
        found |= ((signs >> (15 - first - k) ^ signs >> (14 - first - k)) & 1) << k;
    }
    return found;
}

/* 3 % too small at most: two tangents of the circle instead of a root, which took longer
 * than the sums. */
[[gnu::always_inline]] inline float magnitude(float real, float imag)
{
    const float x = std::abs(real), y = std::abs(imag);
    const float longer = std::max(x, y), shorter = std::min(x, y);
    return std::max(longer, 0.875f * longer + 0.5f * shorter);
}

template <unsigned minus, std::size_t k>
constexpr float sign = minus >> k & 1 ? -1.0f : 1.0f;

template <unsigned minus, std::size_t... k>
[[gnu::always_inline]] inline void in_common_of(const std::array<const_row, 7>& p,
                                                float* __restrict out,
                                                std::index_sequence<k...>)
{
    float real[places], imag[places];
    const std::array<const float*, 7> r{ p[k].real... }, i{ p[k].imag... };
    for (std::size_t n = 0; n < places; ++n)
        real[n] = (... + (sign<minus, k> * r[k][n]));
    for (std::size_t n = 0; n < places; ++n)
        imag[n] = (... + (sign<minus, k> * i[k][n]));
    for (std::size_t n = 0; n < places; ++n)
        out[n] = 2 * magnitude(real[n], imag[n]);
}

template <unsigned minus, std::size_t... k>
[[gnu::always_inline]] inline void in_common_of(const std::array<const_row, 8>& w,
                                                float* __restrict out,
                                                std::index_sequence<k...>)
{
    for (std::size_t n = 0; n < places; ++n) {
        const float real = (... + (sign<minus, k> * (w[k].real[n] * w[k + 1].real[n] +
                                                     w[k].imag[n] * w[k + 1].imag[n])));
        const float imag = (... + (sign<minus, k> * (w[k].imag[n] * w[k + 1].real[n] -
                                                     w[k].real[n] * w[k + 1].imag[n])));
        out[n] = 2 * magnitude(real, imag);
    }
}

/* The greatest of all places: halves side by side, which vectors can do, down to a
 * few. */
[[gnu::always_inline]] inline float greatest(const float* x)
{
    float most[places / 2];
    for (std::size_t n = 0; n < places / 2; ++n)
        most[n] = std::max(x[n], x[n + places / 2]);
    std::size_t left = places / 4;
    for (; left > lanes / 2; left /= 2)
        for (std::size_t n = 0; n < left; ++n)
            most[n] = std::max(most[n], most[n + left]);
    return *std::max_element(most, most + 2 * left);
}

template <std::size_t... k>
[[gnu::always_inline]] inline void add_bounded_of(const std::array<const float*, 8>& e,
                                                  float bound,
                                                  float* __restrict sum,
                                                  std::index_sequence<k...>)
{
    for (std::size_t n = 0; n < places; ++n)
        sum[n] = (sum[n] + ... + std::min(e[k][n], bound));
}

[[gnu::always_inline]] inline void
add_bounded_of(const float* head, float bound, float* __restrict sum)
{
    for (std::size_t n = 0; n < places; ++n)
        sum[n] += std::min(head[n], bound);
}

/* Of the correlators. By itself, as the compiler believes __restrict of arguments
 * only. */
[[gnu::always_inline]] inline void last_stage(const_row x,
                                              const_row y,
                                              rotation turn,
                                              float* __restrict ar,
                                              float* __restrict ai,
                                              float* __restrict br,
                                              float* __restrict bi,
                                              float* __restrict ea,
                                              float* __restrict eb)
{
    const float c = turn.cosine, s = turn.sine;
    for (std::size_t n = 0; n < places; ++n) {
        const float r = c * y.real[n] - s * y.imag[n], i = s * y.real[n] + c * y.imag[n];
        const float pr = x.real[n] + r, pi = x.imag[n] + i;
        const float qr = x.real[n] - r, qi = x.imag[n] - i;
        ar[n] = pr;
        ai[n] = pi;
        br[n] = qr;
        bi[n] = qi;
        ea[n] = pr * pr + pi * pi;
        eb[n] = qr * qr + qi * qi;
    }
}

} // namespace

SECUREVOICE_FOR_EACH_PROCESSOR
void rotate(const_row x, const_row c, float sign, std::size_t count, row out)
{
    float* __restrict real = out.real, * __restrict imag = out.imag;
    for (std::size_t n = 0; n < count; ++n) {
        const float cr = sign * c.real[n], ci = sign * c.imag[n];
        real[n] = x.real[n] * cr - x.imag[n] * ci;
        imag[n] = x.real[n] * ci + x.imag[n] * cr;
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
void filter(const float* x, const float* taps, float* out)
{
    filter_of(x, taps, out, std::make_index_sequence<golay_word_reach>());
}

SECUREVOICE_FOR_EACH_PROCESSOR
float correlate(const_row x,
                const std::array<std::size_t, 2>& apart,
                const std::array<rotation, 3>& turn,
                const golay_words& out)
{
    constexpr std::size_t whole = golay_word_input - symbol; // of vectors of 16
    static_assert(whole % lanes == 0 && whole >= places + golay_word_tail - symbol);
    const std::size_t second = apart[0] * symbol, third = apart[1] * symbol;
    constexpr std::size_t most = 4 * symbol; // of the two
    float sum_real[whole], sum_imag[whole], dif_real[whole + most],
        dif_imag[whole + most];
    float next_real[whole], next_imag[whole], nexd_real[whole], nexd_imag[whole];
    std::fill(dif_real + whole, dif_real + whole + most, 0.0f);
    std::fill(dif_imag + whole, dif_imag + whole + most, 0.0f);

    // ++ and +-
    float c = turn[0].cosine, s = turn[0].sine;
    const float *const xr = x.real, *const xi = x.imag;
    for (std::size_t n = 0; n < whole; ++n) {
        const float r = c * xr[n + symbol] - s * xi[n + symbol];
        const float i = s * xr[n + symbol] + c * xi[n + symbol];
        sum_real[n] = xr[n] + r;
        sum_imag[n] = xi[n] + i;
        dif_real[n] = xr[n] - r;
        dif_imag[n] = xi[n] - i;
    }
    // +++- and ++-+
    c = turn[1].cosine;
    s = turn[1].sine;
    for (std::size_t n = 0; n < whole; ++n) {
        const float dr = dif_real[n + second], di = dif_imag[n + second];
        const float r = c * dr - s * di, i = s * dr + c * di;
        next_real[n] = sum_real[n] + r;
        next_imag[n] = sum_imag[n] + i;
        nexd_real[n] = sum_real[n] - r;
        nexd_imag[n] = sum_imag[n] - i;
    }
    // a = +++-++-+ and b = +++---+-, or c = +++++--+ and d = ++--+-+-
    c = turn[2].cosine;
    s = turn[2].sine;
    last_stage({ next_real, next_imag },
               { nexd_real + third, nexd_imag + third },
               { c, s },
               out.a.real,
               out.a.imag,
               out.b.real,
               out.b.imag,
               out.energy_a,
               out.energy_b);
    const float *const ea = out.energy_a, *const eb = out.energy_b;
    float newest[lanes] = {};
    for (std::size_t n = 0; n < places; n += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            newest[k] += ea[n + k] + eb[n + k];
    return std::accumulate(newest, newest + lanes, 0.0f);
}

SECUREVOICE_FOR_EACH_PROCESSOR
void multiply(const_row x, const_row y, row out)
{
    float* __restrict real = out.real, * __restrict imag = out.imag;
    for (std::size_t n = 0; n < places; ++n) {
        real[n] = x.real[n] * y.real[n] + x.imag[n] * y.imag[n];
        imag[n] = x.imag[n] * y.real[n] - x.real[n] * y.imag[n];
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
void in_common(const std::array<const_row, 7>& products, waveform w, float* out)
{
    constexpr auto all = std::make_index_sequence<7>();
    if (w == waveform::constant)
        in_common_of<changes(waveform::constant, 0)>(products, out, all);
    else
        in_common_of<changes(waveform::linear, 0)>(products, out, all);
}

SECUREVOICE_FOR_EACH_PROCESSOR
void in_common(const std::array<const_row, 8>& golay_words, waveform w, float* out)
{
    constexpr auto all = std::make_index_sequence<7>();
    if (w == waveform::constant)
        in_common_of<changes(waveform::constant, 8)>(golay_words, out, all);
    else
        in_common_of<changes(waveform::linear, 8)>(golay_words, out, all);
}

SECUREVOICE_FOR_EACH_PROCESSOR
void add_bounded(const std::array<const float*, 8>& energies, float bound, float* sum)
{
    add_bounded_of(energies, bound, sum, std::make_index_sequence<8>());
}

SECUREVOICE_FOR_EACH_PROCESSOR
float add_head(const float* head, float bound, float* sum)
{
    add_bounded_of(head, bound, sum);
    return greatest(sum);
}

SECUREVOICE_FOR_EACH_PROCESSOR
void keep_best(const float* sum,
               const float* tail,
               float scale,
               float bound,
               std::int32_t bin,
               float* best,
               std::int32_t* best_bin)
{
    float* __restrict value = best;
    std::int32_t* __restrict index = best_bin;
    for (std::size_t n = 0; n < places; ++n) {
        const float here = scale * (sum[n] + std::min(tail[n], bound));
        const bool more = here > value[n];
        value[n] = more ? here : value[n];
        index[n] = more ? bin : index[n];
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
float add_sync_word(const sync_word& w, float* sum)
{
    const float c = w.turn.cosine, s = w.turn.sine;
    const float side_cos = w.side.cosine, side_sin = w.side.sine;
    const float scale = w.scale, bound = w.bound, mean = w.mean, keep = w.keep;
    const float *const real = w.product.real, *const imag = w.product.imag;
    const float *const energy_a = w.energy_a, *const energy_b = w.energy_b;
    float* __restrict out = sum;
    for (std::size_t n = 0; n < places; ++n) {
        // |a +- b|^2, b turned by the carrier offset within the group; the greater one of
        // cos(t - w) and cos(t + w) is cos w |cos t| + sin w |sin t|
        const float cross = side_cos * std::abs(c * real[n] + s * imag[n]) +
                            side_sin * std::abs(c * imag[n] - s * real[n]);
        const float both = (energy_a[n] + energy_b[n] + 2 * cross) * scale;
        out[n] = out[n] * keep + std::min(both, bound) - mean;
    }
    return greatest(out);
}

} // namespace securevoice::golay_word_kernels

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/golay_word_search.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t words = 16; // Golay words of a start frame

// Start metric: sum over 16 Golay words of energy / mean energy, each bounded, and the
// same of what is coherent from each of Golay word to the next, whatever the carrier
// offset within the bin.
constexpr float start_bound = 7.0f;
constexpr float common_bound = 60.0f;
constexpr float start_threshold = 64.0f;
constexpr float promising =
    40.0f; // without what the Golay words behind the head have in common

// Periodic metric: max |Ca +- Cb|^2 / mean |C|^2 with Cb turned to either side by half of
// what the carrier may turn it within the bin, bounded, summed with a leak of 1/8.
constexpr float periodic_bound = 24.0f;
constexpr float periodic_mean = 3.4f;       // in noise
constexpr float periodic_keep = 0.875f;     // 1 - 1/8, of a block
constexpr float periodic_threshold = 34.0f; // of the sum
// half of the turn from Golay word to Golay word at the edge of a bin
const float edge = static_cast<float>(M_PI * search_filter::bin_hz / 2 / symbol_rate *
                                      golay_word_symbols);
const float side_cos = std::cos(edge), side_sin = std::sin(edge);

constexpr double silence = 1e-30; // power that counts as none: nothing is divided by less

std::size_t start_position(std::size_t w)
{
    const std::size_t head = start_sync_symbols / golay_word_symbols;
    return w < head ? w * golay_word_symbols
                    : start_data_index((w - head + 1) * start_data_per_group - 1) + 1;
}

golay_word_kernels::rotation rotation_by(double angle)
{
    return { static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle)) };
}

} // namespace

golay_word_search::golay_word_search(const search_filter& filter, waveform w)
    : d_waveform(w), d_apart{ 2, 4 }
{
    if (w == waveform::constant) {
        std::swap(d_apart[0], d_apart[1]);
        d_joined = filter.rows();
        d_last.resize(d_joined.size());
    }
    constexpr auto per_row = static_cast<int>(search_filter::bins_per_group);
    const int side = filter.side();
    d_bins.reserve(2 * static_cast<std::size_t>(side) + 1);
    for (int k = -side; k <= side; ++k) {
        bin& b = d_bins.emplace_back();
        b.row = static_cast<std::size_t>((k + side) / per_row);
        b.offset_hz = k * search_filter::bin_hz;
        const int from_centre = (k + side) % per_row - per_row / 2;
        const double turn = -2 * M_PI * from_centre * search_filter::bin_hz / symbol_rate;
        b.turn = { rotation_by(turn),
                   rotation_by(static_cast<double>(d_apart[0]) * turn),
                   rotation_by(static_cast<double>(d_apart[1]) * turn) };
        b.word_turn = rotation_by(turn * golay_word_symbols);
    }
    d_best.resize(places + 2 * guard);
    d_best_bin.resize(places + 2 * guard);
}

template <std::size_t steps>
std::size_t golay_word_search::newest() const
{
    return static_cast<std::size_t>(d_steps) % steps * places;
}

/* Of the values that were newest then. */
template <std::size_t steps>
std::size_t golay_word_search::before(std::size_t places_ago) const
{
    const std::size_t now = newest<steps>();
    return now >= places_ago ? now - places_ago : now + steps * places - places_ago;
}

golay_word_search::offsets golay_word_search::offsets_now() const
{
    constexpr std::size_t in_short = 2, in_long = period_steps + 1;
    constexpr std::size_t half = words / 2; // in a row, then far apart
    offsets at{};
    at.newest_short = newest<in_short>();
    at.newest_long = newest<in_long>();
    at.word = before<in_long>(word);
    // of a start frame whose last Golay word begins at the newest places
    constexpr std::size_t last = (block_symbols - golay_word_symbols) * symbol;
    for (std::size_t w = 0; w < words; ++w)
        at.start_words[w / half][w % half] =
            before<in_long>(last - start_position(w) * symbol);
    for (std::size_t k = 0; k + 1 < half; ++k)
        at.near_products[k] = before<in_short>((half - 2 - k) * word);
    at.head = before<in_long>(last - (half - 1) * word);
    return at;
}

/* After the newest values have been written. */
template <std::size_t steps>
void golay_word_search::close(ring<steps>& r) const
{
    if (static_cast<std::size_t>(d_steps) % steps == 0)
        std::copy(r.value, r.value + places, r.value + r.length);
}

template <std::size_t steps>
void golay_word_search::close(rings<steps>& r) const
{
    close(r.real);
    close(r.imag);
}

void golay_word_search::take(const search_filter& filter)
{
    if (d_waveform == waveform::constant)
        join_axes(filter);
    const auto& rows = d_waveform == waveform::constant ? d_joined : filter.rows();
    std::copy(d_best.end() - 2 * guard, d_best.end(), d_best.begin());
    std::copy(d_best_bin.end() - 2 * guard, d_best_bin.end(), d_best_bin.begin());
    std::fill(d_best.begin() + 2 * guard, d_best.end(), 0.0f);
    d_at = offsets_now();
    for (auto& b : d_bins)
        correlate(b, rows[b.row]);
    ++d_steps;
    find_starts();
    find_periodic();
}

/* A known symbol of GMSK, u or -u, is a pulse on the real axis and, a place later, one on
 * the imaginary axis: each place becomes y(n - 1) - j y(n). */
void golay_word_search::join_axes(const search_filter& filter)
{
    for (std::size_t g = 0; g < d_joined.size(); ++g) {
        const float* const real = filter.rows()[g].real.data() + word_tail;
        const float* const imag = filter.rows()[g].imag.data() + word_tail;
        search_filter::slide(d_joined[g]);
        float* const to_real = d_joined[g].real.data() + word_tail;
        float* const to_imag = d_joined[g].imag.data() + word_tail;
        to_real[0] = d_last[g].real() + imag[0];
        to_imag[0] = d_last[g].imag() - real[0];
        for (std::size_t n = 1; n < places; ++n)
            to_real[n] = real[n - 1] + imag[n];
        for (std::size_t n = 1; n < places; ++n)
            to_imag[n] = imag[n - 1] - real[n];
        d_last[g] = { real[places - 1], imag[places - 1] };
    }
}

void golay_word_search::correlate(bin& b, const search_filter::row& r)
{
    const float energy = find_golay_words(b, r);
    compare_neighbours(b);

    // mean energy of one frame time
    const std::size_t slot = static_cast<std::size_t>(d_steps) % period_steps;
    b.sums[slot] = energy;
    double sum = 0;
    for (const float x : b.sums)
        sum += static_cast<double>(x);
    const double mean = sum / static_cast<double>(2 * period);
    if (!(mean > silence)) {
        float* const regular = &b.regular[slot * places];
        for (std::size_t n = 0; n < places; ++n)
            regular[n] *= periodic_keep;
        b.most_regular[slot] = *std::max_element(regular, regular + places);
        float* const head = b.head.value + d_at.newest_long;
        std::fill(head, head + places, 0.0f);
        close(b.head);
        return;
    }
    weigh_start(b, static_cast<float>(1 / mean));
    // for single words the level of the newest step counts, too: a burst's beginning is
    // no word
    weigh_sync_word(
        b,
        static_cast<float>(
            1 / std::max(mean, 0.7 * static_cast<double>(energy) / (2 * places))));
}

float golay_word_search::find_golay_words(bin& b, const search_filter::row& r) const
{
    const float energy =
        golay_word_kernels::correlate({ r.real.data(), r.imag.data() },
                                      d_apart,
                                      b.turn,
                                      { b.a.at(d_at.newest_long),
                                        b.b.at(d_at.newest_long),
                                        b.energy_a.value + d_at.newest_long,
                                        b.energy_b.value + d_at.newest_long });
    close(b.a);
    close(b.b);
    close(b.energy_a);
    close(b.energy_b);
    return energy;
}

/* Products of Golay words that follow each other, for what their phases have in common.
 * */
void golay_word_search::compare_neighbours(bin& b) const
{
    using golay_word_kernels::multiply;
    multiply(b.a.at(d_at.word), b.b.at(d_at.newest_long), b.ab.at(d_at.newest_short));
    multiply(b.b.at(d_at.word), b.a.at(d_at.newest_long), b.ba.at(d_at.newest_short));
    close(b.ab);
    close(b.ba);
}

/* Start frame whose last Golay word begins at the newest places. */
void golay_word_search::weigh_start(bin& b, float scale)
{
    constexpr std::size_t half = words / 2;
    alignas(64) float energy[places] = {}; // and the head's in common, later
    for (const auto& places_of_words : d_at.start_words) {
        std::array<const float*, half> energies;
        for (std::size_t w = 0; w < half; ++w)
            energies[w] = (w % 2 ? b.energy_b : b.energy_a).value + places_of_words[w];
        golay_word_kernels::add_bounded(energies, start_bound / scale, energy);
    }
    std::array<golay_word_kernels::const_row, half - 1> near_products;
    for (std::size_t k = 0; k + 1 < half; ++k)
        near_products[k] = (k % 2 ? b.ba : b.ab).at(d_at.near_products[k]);
    golay_word_kernels::in_common(
        near_products, d_waveform, b.head.value + d_at.newest_long);
    close(b.head);

    // few places are worth the rest
    const float bound = common_bound / scale;
    const float* const head = b.head.value + d_at.head;
    if (golay_word_kernels::add_head(head, bound, energy) * scale < promising)
        return;
    alignas(64) float tail[places];
    std::array<golay_word_kernels::const_row, half> far_words;
    for (std::size_t w = 0; w < half; ++w)
        far_words[w] = (w % 2 ? b.b : b.a).at(d_at.start_words[1][w]);
    golay_word_kernels::in_common(far_words, d_waveform, tail);
    golay_word_kernels::keep_best(energy,
                                  tail,
                                  scale,
                                  bound,
                                  static_cast<std::int32_t>(&b - d_bins.data()),
                                  &d_best[2 * guard],
                                  &d_best_bin[2 * guard]);
}

/* Sync word whose Golay word b begins at the newest places. */
void golay_word_search::weigh_sync_word(bin& b, float scale)
{
    golay_word_kernels::sync_word w;
    w.energy_a = b.energy_a.value + d_at.word;
    w.energy_b = b.energy_b.value + d_at.newest_long;
    w.product = b.ab.at(d_at.newest_short);
    w.turn = b.word_turn;
    w.side = { side_cos, side_sin };
    w.scale = scale;
    w.bound = periodic_bound;
    w.mean = periodic_mean;
    w.keep = periodic_keep;
    const std::size_t slot = static_cast<std::size_t>(d_steps) % period_steps;
    b.most_regular[slot] =
        golay_word_kernels::add_sync_word(w, &b.regular[slot * places]);
}

void golay_word_search::find_starts()
{
    d_starts.clear();
    // index of the sample at which the first Golay word began that the newest place
    // completes
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
                                static_cast<std::int64_t>(search_filter::reach) -
                                static_cast<std::int64_t>(2 * word_tail);
        candidate c;
        c.at = static_cast<double>(
            word_begin - static_cast<std::int64_t>((block_symbols - golay_word_symbols) *
                                                   receive_samples));
        c.at -= axes_delay();
        c.offset_hz = d_bins[static_cast<std::size_t>(d_best_bin[n])].offset_hz;
        c.waveform = d_waveform;
        c.strength = *here;
        d_starts.push_back(c);
    }
}

void golay_word_search::find_periodic()
{
    d_periodic.clear();
    const std::size_t slot = static_cast<std::size_t>(d_steps - 1) % period_steps;
    const std::size_t first = slot * places;
    for (const auto& b : d_bins) {
        if (b.most_regular[slot] < periodic_threshold)
            continue;
        for (std::size_t n = 0; n < places; ++n) {
            const float here = b.regular[first + n];
            if (here < periodic_threshold)
                continue;
            bool greatest = true;
            for (const auto& o : d_bins)
                if (std::abs(o.offset_hz - b.offset_hz) <= 2 * search_filter::bin_hz)
                    for (std::size_t k = 0; greatest && k <= 2 * periodic_guard; ++k)
                        greatest = o.regular[(first + n + period + k - periodic_guard) %
                                             period] <= here;
            if (!greatest)
                continue;
            // the word's Golay word b begins at this place
            const std::int64_t newest = d_steps * static_cast<std::int64_t>(step);
            candidate c;
            c.at =
                static_cast<double>(newest - static_cast<std::int64_t>(2 * (places - n)) -
                                    static_cast<std::int64_t>(search_filter::reach +
                                                              2 * word_tail + 2 * word));
            c.at -= axes_delay();
            c.offset_hz = b.offset_hz;
            c.waveform = d_waveform;
            c.strength = here;
            d_periodic.push_back(c);
        }
    }
}

} // namespace securevoice

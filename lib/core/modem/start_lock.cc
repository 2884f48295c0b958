/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/lock.h"

#include "core/modem/peak.h"
#include "core/modem/symbol_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace securevoice {
namespace {

constexpr std::size_t known_count = start_sync_symbols + start_groups * half_word_symbols;
constexpr std::size_t cell_symbols = 4; // summed before the search for the frequency
constexpr std::size_t cells = known_count / cell_symbols;
constexpr int search_hz = 256; // +-: the search may have chosen the bin beside
constexpr int step_hz = 4;     // a third of the frame's resolution
constexpr std::size_t frequencies = 2 * search_hz / step_hz + 1;

// Energies are divided by the mean power of the known symbols: in noise the coherent energy of one part is exponential with mean 1, the
// sum over m parts gamma distributed. Each threshold is passed by noise once in 10^8 looks.
constexpr double coherent_threshold = 17;  // one part
constexpr double piecewise_threshold = 32; // 5 parts: 64, 16, 16, 16, 16 symbols
constexpr double half_word_threshold =
    70; // 16 parts of 8 symbols; 53 would do in noise, but not beside a call
// A symbol that has more than this many times the power of the one of this rank was hit by interference and says nothing.
constexpr float most_of_usual = 10;
constexpr double least_fit = 0.7; // signal over noise power of a frame that is no burst
constexpr std::size_t usual_rank = known_count * 2 / 5;
constexpr double worth_a_look =
    0.6; // share of a threshold that the search's own time has to reach

/* Cells that belong to one coherent part. */
struct layout {
    std::array<std::size_t, known_count> at{}; // index in the frame of known symbol n
    std::array<double, cells> time{}; // of a cell, symbols from the frame's centre
    std::array<std::array<cfloat, cells>, frequencies> turn{}; // exp(-2 pi i f t)

    layout()
    {
        std::size_t count = 0;
        for (std::size_t n = 0; n < block_symbols; ++n)
            if (start_known()[n] != cfloat{}) // the same in all waveforms
                at[count++] = n;
        for (std::size_t c = 0; c < cells; ++c)
            time[c] = static_cast<double>(at[c * cell_symbols] +
                                          at[c * cell_symbols + cell_symbols - 1]) /
                          2 -
                      static_cast<double>(block_symbols) / 2;
        for (std::size_t f = 0; f < frequencies; ++f)
            for (std::size_t c = 0; c < cells; ++c)
                turn[f][c] = std::polar(
                    1.0f,
                    static_cast<float>(-2 * M_PI *
                                       (static_cast<int>(f) * step_hz - search_hz) /
                                       symbol_rate * time[c]));
    }

    static const layout& shared()
    {
        static const layout l;
        return l;
    }
};

struct energies {
    double coherent = 0, piecewise = 0, half_words = 0;

    double strength() const
    {
        return std::max({ coherent / coherent_threshold,
                          piecewise / piecewise_threshold,
                          half_words / half_word_threshold });
    }
};

/* All known symbols, or those that no burst of interference hit. */
enum class symbols { all, calm };

struct look {
    std::array<cfloat, cells> cell{};
    double power = 0; // of a known symbol
    bool hit = false; // by a burst
};

look take_look(const symbol_reader& reader, waveform w, double position, symbols which)
{
    const layout& l = layout::shared();
    const auto& known = start_known(w);
    look k;
    std::array<symbol_sample, known_count> seen;
    std::array<float, known_count> powers, sorted;
    for (std::size_t n = 0; n < known_count; ++n) {
        seen[n] = reader.value(position + static_cast<double>(l.at[n] * receive_samples));
        powers[n] = mean_power(seen[n]);
    }
    sorted = powers;
    std::nth_element(sorted.begin(), sorted.begin() + usual_rank, sorted.end());
    const float usual = sorted[usual_rank];
    double energy[2] = {}; // of the contiguous words and of the others
    for (std::size_t n = 0; n < known_count; ++n) {
        const bool hit = powers[n] > most_of_usual * usual;
        k.hit = k.hit || hit;
        if (hit && which == symbols::calm)
            continue;
        energy[n / start_sync_symbols] += static_cast<double>(powers[n]);
        k.cell[n / cell_symbols] += times_conjugate(seen[n], known[l.at[n]]);
    }
    // the stronger half counts: a burst's edge must not look like coherence
    k.power = std::max(energy[0], energy[1]) / start_sync_symbols;
    return k;
}

energies weigh(const look& k, const std::array<cfloat, cells>& turn)
{
    constexpr std::size_t per_half_word = half_word_symbols / cell_symbols;
    constexpr std::size_t head = start_sync_symbols / cell_symbols;
    constexpr std::size_t per_part = 2 * per_half_word;
    energies e;
    cfloat all, part, half_word;
    for (std::size_t c = 0; c < cells; ++c) {
        const cfloat x = k.cell[c], t = turn[c];
        const cfloat z{ x.real() * t.real() - x.imag() * t.imag(),
                        x.real() * t.imag() + x.imag() * t.real() };
        all += z;
        part += z;
        half_word += z;
        if (c % per_half_word == per_half_word - 1) {
            e.half_words += static_cast<double>(std::norm(half_word)) / half_word_symbols;
            half_word = {};
        }
        if (c + 1 == head || (c >= head && (c - head) % per_part == per_part - 1)) {
            const double symbols =
                c + 1 == head ? start_sync_symbols : 2 * half_word_symbols;
            e.piecewise += static_cast<double>(std::norm(part)) / symbols;
            part = {};
        }
    }
    e.coherent = static_cast<double>(std::norm(all)) / known_count;
    e.coherent /= k.power;
    e.piecewise /= k.power;
    e.half_words /= k.power;
    return e;
}

struct finding {
    std::size_t frequency = 0;
    energies at_best;
    double strength = 0;
};

finding best_frequency(const look& k, std::size_t stride)
{
    finding best;
    if (!(k.power > 1e-30))
        return best;
    for (std::size_t f = 0; f < frequencies; f += stride) {
        const energies e = weigh(k, layout::shared().turn[f]);
        if (e.strength() > best.strength)
            best = { f, e, e.strength() };
    }
    return best;
}

std::optional<lock>
confirm(const sample_history& history, const candidate& where, symbols which, bool& hit)
{
    const layout& l = layout::shared();
    symbol_reader reader(where.waveform);
    reader.load(history, where.at, block_samples, where.offset_hz, 0);
    const look first = take_look(reader, where.waveform, 0, which);
    hit = first.hit;
    if (best_frequency(first, 2).strength < worth_a_look)
        return {};

    constexpr int times = 5; // half a symbol to each side, in samples
    std::array<look, times> looks;
    std::array<finding, times> findings;
    std::size_t best = 0;
    for (std::size_t t = 0; t < times; ++t) {
        looks[t] =
            take_look(reader, where.waveform, static_cast<double>(t) - times / 2, which);
        findings[t] = best_frequency(looks[t], 1);
        if (findings[t].strength > findings[best].strength)
            best = t;
    }
    if (findings[best].strength < 1)
        return {};

    // Expected energy of m parts: 128 signal + m noise.
    const double n = known_count;
    auto coherent_share = [&](const energies& e) { return (e.coherent - 1) / (n - 1); };
    const energies& e = findings[best].at_best;
    const double share = std::max({ coherent_share(e),
                                    (e.piecewise - 5) / (n - 5),
                                    (e.half_words - 16) / (n - 16) });

    // The whole frame names the frequency most sharply, unless fading has torn it apart.
    std::size_t f = 0;
    std::array<energies, frequencies> here;
    for (std::size_t k = 0; k < frequencies; ++k) {
        here[k] = weigh(looks[best], l.turn[k]);
        if (here[k].coherent > here[f].coherent)
            f = k;
    }
    const bool whole = coherent_share(here[f]) > 0.6 * share;
    if (!whole)
        f = findings[best].frequency;
    auto strength = [&](const energies& x) { return whole ? x.coherent : x.strength(); };
    auto at_time = [&](std::size_t t) { return strength(weigh(looks[t], l.turn[f])); };

    // between the grid's points
    double fine_f = 0, fine_t = 0;
    if (f > 0 && f + 1 < frequencies)
        fine_f =
            peak_between(strength(here[f - 1]), strength(here[f]), strength(here[f + 1]));
    if (best > 0 && best + 1 < times)
        fine_t = peak_between(at_time(best - 1), at_time(best), at_time(best + 1));

    lock found;
    found.waveform = where.waveform;
    found.start = true;
    found.at = where.at + static_cast<double>(best) - times / 2 + fine_t;
    found.offset_hz =
        where.offset_hz + (static_cast<double>(f) + fine_f) * step_hz - search_hz;
    const double signal = std::clamp(share, 0.02, 0.999);
    found.signal_power = signal * looks[best].power;
    found.noise_power = (1 - signal) * looks[best].power;
    found.evidence = findings[best].strength;
    return found;
}

} // namespace

std::optional<lock> confirm_start(const sample_history& history, const candidate& where)
{
    // A signal that comes out of a fade looks like a burst, but fits with all of its symbols.
    bool hit = false;
    const auto calm = confirm(history, where, symbols::calm, hit);
    if (!hit)
        return calm;
    const auto all = confirm(history, where, symbols::all, hit);
    const bool fits = all && all->signal_power > all->noise_power * least_fit;
    return fits && (!calm || all->evidence >= calm->evidence) ? all : calm;
}

} // namespace securevoice

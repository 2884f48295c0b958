/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/acquisition.h"

#include "core/modem/acquire/peak.h"
#include "core/modem/front/median_rank.h"
#include "core/modem/front/symbol_reader.h"
#include "core/modem/front/vectors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace securevoice {
namespace {

constexpr std::size_t known_count =
    start_sync_symbols + start_groups * golay_word_symbols;
constexpr std::size_t cell_symbols = 4; // summed before the search for the frequency
constexpr std::size_t cells = known_count / cell_symbols;
constexpr int search_hz = 256; // +-: the search may have chosen the bin beside
constexpr int step_hz = 4;     // a third of the frame's resolution
constexpr std::size_t frequencies = 2 * search_hz / step_hz + 1;

// Energies are divided by the mean power of the known symbols: in noise the coherent
// energy of one part is exponential with mean 1, the sum over m parts gamma distributed.
// Each threshold is passed by noise once in 10^8 looks.
constexpr double coherent_threshold = 17;  // one part
constexpr double piecewise_threshold = 32; // 5 parts: 64, 16, 16, 16, 16 symbols
constexpr double golay_word_threshold =
    70; // 16 parts of 8 symbols; 53 would do in noise, but not beside a call
// A symbol that has more than this many times the power of the one of this rank was hit
// by interference and says nothing.
constexpr float most_of_usual = 10;
constexpr double least_fit = 0.7; // signal over noise power of a frame that is no burst
constexpr std::size_t usual_rank = known_count * 2 / 5;
constexpr double worth_a_look =
    0.6; // share of a threshold that the search's own time has to reach

/* Cells that belong to one coherent part. */
struct layout {
    std::array<std::size_t, known_count> at{}; // index in the frame of known symbol n
    std::array<double, cells> time{};        // of a cell, symbols from the frame's centre
    static constexpr std::size_t room = 144; // of frequencies: whole vectors
    alignas(64) float turn_real[cells][room] = {},
                      turn_imag[cells][room] = {}; // exp(-2 pi i f t)

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
            for (std::size_t c = 0; c < cells; ++c) {
                const double phase = -2 * M_PI *
                                     (static_cast<int>(f) * step_hz - search_hz) /
                                     symbol_rate * time[c];
                turn_real[c][f] = static_cast<float>(std::cos(phase));
                turn_imag[c][f] = static_cast<float>(std::sin(phase));
            }
    }

    static const layout& shared()
    {
        static const layout l;
        return l;
    }
};

struct energies {
    double coherent = 0, piecewise = 0, golay_words = 0;

    double strength() const
    {
        return std::max({ coherent / coherent_threshold,
                          piecewise / piecewise_threshold,
                          golay_words / golay_word_threshold });
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
    const float usual = take_ranked(sorted, usual_rank);
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

/* Energies at all frequencies, side by side. */
struct spectrum {
    static constexpr std::size_t room = 144; // whole vectors
    alignas(64) float coherent[room] = {}, piecewise[room] = {}, golay_words[room] = {};

    energies at(std::size_t f) const
    {
        return { static_cast<double>(coherent[f]),
                 static_cast<double>(piecewise[f]),
                 static_cast<double>(golay_words[f]) };
    }
};
static_assert(frequencies <= spectrum::room && frequencies <= layout::room,
              "they fit in the vectors");

/* Adds the energies of the sums by their weight, and begins them anew. */
SECUREVOICE_FOR_EACH_PROCESSOR
void close_part(float* real, float* imag, float weight, float* energy)
{
    for (std::size_t f = 0; f < spectrum::room; ++f) {
        energy[f] += weight * (real[f] * real[f] + imag[f] * imag[f]);
        real[f] = imag[f] = 0;
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
void add_cell(
    cfloat cell, const float* turn_real, const float* turn_imag, float* real, float* imag)
{
    const float x = cell.real(), y = cell.imag();
    for (std::size_t f = 0; f < spectrum::room; ++f) {
        real[f] += x * turn_real[f] - y * turn_imag[f];
        imag[f] += x * turn_imag[f] + y * turn_real[f];
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
void add_sum(const float* real, const float* imag, float* to_real, float* to_imag)
{
    for (std::size_t f = 0; f < spectrum::room; ++f) {
        to_real[f] += real[f];
        to_imag[f] += imag[f];
    }
}

void weigh(const look& k, spectrum& e)
{
    constexpr std::size_t per_golay_word = golay_word_symbols / cell_symbols;
    constexpr std::size_t head = start_sync_symbols / cell_symbols;
    constexpr std::size_t per_part = 2 * per_golay_word;
    const layout& l = layout::shared();
    e = {};
    if (!(k.power > 1e-30))
        return;
    struct sums {
        alignas(64) float real[spectrum::room] = {}, imag[spectrum::room] = {};
    } all, part, golay_word;
    const auto per_power = [&](std::size_t symbols_in_part) {
        return static_cast<float>(1 / (k.power * static_cast<double>(symbols_in_part)));
    };
    for (std::size_t c = 0; c < cells; ++c) {
        add_cell(
            k.cell[c], l.turn_real[c], l.turn_imag[c], golay_word.real, golay_word.imag);
        if (c % per_golay_word != per_golay_word - 1)
            continue;
        add_sum(golay_word.real, golay_word.imag, part.real, part.imag);
        close_part(golay_word.real,
                   golay_word.imag,
                   per_power(golay_word_symbols),
                   e.golay_words);
        const bool heads = c + 1 == head;
        if (!heads && !(c >= head && (c - head) % per_part == per_part - 1))
            continue;
        add_sum(part.real, part.imag, all.real, all.imag);
        close_part(part.real,
                   part.imag,
                   per_power(heads ? start_sync_symbols : 2 * golay_word_symbols),
                   e.piecewise);
    }
    close_part(all.real, all.imag, per_power(known_count), e.coherent);
}

struct finding {
    std::size_t frequency = 0;
    energies at_best;
    double strength = 0;
};

finding best_frequency(const spectrum& all)
{
    finding best;
    for (std::size_t f = 0; f < frequencies; ++f) {
        const energies e = all.at(f);
        if (e.strength() > best.strength)
            best = { f, e, e.strength() };
    }
    return best;
}

std::optional<acquisition>
confirm(const sample_history& history, const candidate& where, symbols which, bool& hit)
{
    symbol_reader reader(where.waveform);
    reader.load(history, where.at, block_samples, where.offset_hz, 0);
    const look first = take_look(reader, where.waveform, 0, which);
    hit = first.hit;
    spectrum seen;
    weigh(first, seen);
    if (best_frequency(seen).strength < worth_a_look)
        return {};

    constexpr int times = 5; // half a symbol to each side, in samples
    constexpr int middle = times / 2;
    std::array<double, times> powers;
    std::array<spectrum, times> spectra;
    std::array<finding, times> findings;
    std::size_t best = 0;
    for (std::size_t t = 0; t < times; ++t) {
        const look now =
            take_look(reader, where.waveform, static_cast<double>(t) - middle, which);
        powers[t] = now.power;
        weigh(now, spectra[t]);
        findings[t] = best_frequency(spectra[t]);
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
                                    (e.golay_words - 16) / (n - 16) });

    // The whole frame names the frequency most sharply, unless fading has torn it apart.
    std::size_t f = 0;
    const spectrum& here = spectra[best];
    for (std::size_t k = 0; k < frequencies; ++k)
        if (here.coherent[k] > here.coherent[f])
            f = k;
    const bool whole = coherent_share(here.at(f)) > 0.6 * share;
    if (!whole)
        f = findings[best].frequency;
    auto strength = [&](const energies& x) { return whole ? x.coherent : x.strength(); };
    auto at_time = [&](std::size_t t) { return strength(spectra[t].at(f)); };

    // between the grid's points
    double fine_f = 0, fine_t = 0;
    if (f > 0 && f + 1 < frequencies)
        fine_f = peak_between(
            strength(here.at(f - 1)), strength(here.at(f)), strength(here.at(f + 1)));
    if (best > 0 && best + 1 < times)
        fine_t = peak_between(at_time(best - 1), at_time(best), at_time(best + 1));

    acquisition found;
    found.waveform = where.waveform;
    found.start = true;
    found.at = where.at + static_cast<double>(best) - middle + fine_t;
    found.offset_hz =
        where.offset_hz + (static_cast<double>(f) + fine_f) * step_hz - search_hz;
    const double signal = std::clamp(share, 0.02, 0.999);
    found.signal_power = signal * powers[best];
    found.noise_power = (1 - signal) * powers[best];
    found.evidence = findings[best].strength;
    return found;
}

} // namespace

std::optional<acquisition> confirm_start(const sample_history& history,
                                         const candidate& where)
{
    // A signal that comes out of a fade looks like a burst, but fits with all of its
    // symbols.
    bool hit = false;
    const auto calm = confirm(history, where, symbols::calm, hit);
    if (!hit)
        return calm;
    const auto all = confirm(history, where, symbols::all, hit);
    const bool fits = all && all->signal_power > all->noise_power * least_fit;
    return fits && (!calm || all->evidence >= calm->evidence) ? all : calm;
}

} // namespace securevoice

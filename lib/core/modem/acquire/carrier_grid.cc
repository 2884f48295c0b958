/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/carrier_grid.h"

#include "core/modem/front/vectors.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace securevoice::carrier_grid {
namespace {

/* exp(-2 pi i f t), all frequencies of a time side by side, filled up to whole
 * vectors. */
template <std::size_t times>
struct turns {
    static constexpr std::size_t room = 32; // frequencies, filled up to whole vectors
    float real[times][room] = {}, imag[times][room] = {};

    turns(std::size_t frequencies, double (*frequency)(std::size_t), double symbols_apart)
    {
        for (std::size_t n = 0; n < times; ++n)
            for (std::size_t f = 0; f < frequencies; ++f) {
                const double phase = -2 * M_PI * frequency(f) / symbol_rate *
                                     symbols_apart * static_cast<double>(n);
                real[n][f] = static_cast<float>(std::cos(phase));
                imag[n][f] = static_cast<float>(std::sin(phase));
            }
    }
};
static_assert(coarse_steps <= 32 && fine_steps <= 32, "they fit in turns::room");

const turns<sync_symbols>& turns_of_sync_words()
{
    static const turns<sync_symbols> shared(coarse_steps, coarse_of, 1);
    return shared;
}
const turns<pilots_per_block>& turns_of_pilots()
{
    static const turns<pilots_per_block> shared(
        fine_steps, fine_of, static_cast<double>(pilot_index(1) - pilot_index(0)));
    return shared;
}

} // namespace

SECUREVOICE_FOR_EACH_PROCESSOR
void add_word_energies(const std::array<cfloat, sync_symbols>& z, word_energies& energy)
{
    const auto& turn = turns_of_sync_words();
    constexpr std::size_t room = turns<sync_symbols>::room;
    float real[2][room] = {}, imag[2][room] = {};
    for (std::size_t n = 0; n < sync_symbols; ++n) {
        const float zr = z[n].real(), zi = z[n].imag();
        float* const r = real[n / golay_word_symbols];
        float* const i = imag[n / golay_word_symbols];
        for (std::size_t f = 0; f < room; ++f) {
            r[f] += zr * turn.real[n][f] - zi * turn.imag[n][f];
            i[f] += zr * turn.imag[n][f] + zi * turn.real[n][f];
        }
    }
    for (std::size_t f = 0; f < coarse_steps; ++f) {
        const cfloat a{ real[0][f], imag[0][f] }, b{ real[1][f], imag[1][f] };
        energy[f] += static_cast<double>(std::max(std::norm(a + b), std::norm(a - b)));
    }
}

SECUREVOICE_FOR_EACH_PROCESSOR
void add_mode_energies(const std::array<cfloat, pilots_per_block>& pilots,
                       mode_energies& energy)
{
    const auto& turn = turns_of_pilots();
    constexpr std::size_t room = turns<pilots_per_block>::room;
    float real[pilots_per_block][room], imag[pilots_per_block][room];
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        const float zr = pilots[k].real(), zi = pilots[k].imag();
        for (std::size_t f = 0; f < room; ++f) {
            real[k][f] = zr * turn.real[k][f] - zi * turn.imag[k][f];
            imag[k][f] = zr * turn.imag[k][f] + zi * turn.real[k][f];
        }
    }
    const auto butterfly = [](float* x, float* y) {
        for (std::size_t f = 0; f < room; ++f) {
            const float sum = x[f] + y[f];
            y[f] = x[f] - y[f];
            x[f] = sum;
        }
    };
    for (std::size_t span = 1; span < pilots_per_block; span *= 2)
        for (std::size_t k = 0; k < pilots_per_block; ++k)
            if (!(k & span)) {
                butterfly(real[k], real[k + span]);
                butterfly(imag[k], imag[k + span]);
            }
    for (std::size_t m = 0; m < mode_codes; ++m)
        for (std::size_t f = 0; f < fine_steps; ++f)
            energy[m][f] +=
                static_cast<double>(real[m][f] * real[m][f] + imag[m][f] * imag[m][f]) /
                pilots_per_block;
}

double energy_threshold(double m)
{
    const double root = 1 - 1 / (9 * m) + 5.2 / (3 * std::sqrt(m));
    return m * root * root * root;
}

} // namespace securevoice::carrier_grid

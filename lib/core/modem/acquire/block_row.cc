/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/block_row.h"

#include "core/modem/front/median_rank.h"
#include "core/modem/front/symbol_filter.h"

#include <cmath>
#include <vector>

namespace securevoice {
namespace {

constexpr double agreement =
    5; // coherent over mean energy, known symbols: noise 1 in 150
constexpr float most_of_usual = 10; // times a symbol's usual power: more is interference

} // namespace

block_row::block_row(const sample_history& history,
                     double first,
                     std::size_t blocks,
                     double offset_hz,
                     waveform w)
    : d_waveform(w),
      d_history(history),
      d_first(first),
      d_blocks(blocks),
      d_offset_hz(offset_hz)
{
}

bool block_row::is_there(long block) const
{
    return start_of(block) - static_cast<double>(symbol_filter::reach) >=
           static_cast<double>(d_history.begin());
}

void block_row::shift(double samples, double hz)
{
    d_first += samples;
    d_offset_hz += hz;
}

void block_row::leave_out_oldest(std::size_t blocks)
{
    d_first = start_of(blocks);
    d_blocks -= blocks;
}

void block_row::load(symbol_reader& reader,
                     std::size_t block,
                     std::size_t symbols,
                     double phase) const
{
    reader.load(d_history,
                start_of(block),
                static_cast<double>(symbols * receive_samples),
                d_offset_hz,
                phase);
}

void block_row::find_usual_power(symbol_reader& reader)
{
    std::vector<float> powers;
    for (std::size_t b = 0; b <= d_blocks; ++b) {
        load(reader, b, sync_symbols, 0);
        for (std::size_t n = 0; n < sync_symbols; ++n)
            powers.push_back(
                mean_power(reader.value(static_cast<double>(n * receive_samples))));
    }
    d_usual_power = take_median(powers);
}

bool block_row::is_hit(const symbol_sample& y) const
{
    return mean_power(y) > most_of_usual * d_usual_power;
}

symbol_sample block_row::read(const symbol_reader& reader, double position) const
{
    auto y = reader.value(position);
    if (is_hit(y)) {
        const float scale = std::sqrt(d_usual_power / mean_power(y));
        y.real_part *= scale;
        y.imaginary_part *= scale;
    }
    return y;
}

bool block_row::agrees(long block, const known_symbols& known) const
{
    symbol_reader reader(d_waveform);
    reader.load(d_history, start_of(block), block_samples, d_offset_hz, 0);
    cfloat sum;
    double energy = 0, count = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (known[n] != cfloat{}) {
            const auto y = read(reader, static_cast<double>(n * receive_samples));
            sum += times_conjugate(y, known[n]);
            energy += static_cast<double>(mean_power(y));
            ++count;
        }
    return static_cast<double>(std::norm(sum)) > agreement * energy && count > 0;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/sample_history.h"
#include "core/modem/front/symbol_reader.h"
#include "core/modem/waveform/known_symbols.h"

#include <cstddef>

namespace securevoice {

/*!
 * Some blocks in a row that are looked at in the samples of the past: where each begins,
 * and its symbols, those that interference hit brought back to usual power.
 */
class block_row
{
public:
    /*! \param first sample index of the oldest block */
    block_row(const sample_history& history,
              double first,
              std::size_t blocks,
              double offset_hz,
              waveform w);

    waveform which() const { return d_waveform; }
    std::size_t blocks() const { return d_blocks; }
    double offset_hz() const { return d_offset_hz; }
    template <typename Index>
    double start_of(Index block) const
    {
        return d_first + static_cast<double>(block) * block_samples;
    }
    /*! Whether the history reaches back to it. */
    bool is_there(long block) const;

    /*! Later by \p samples, higher by \p hz: what was found out about all of them. */
    void shift(double samples, double hz);
    void leave_out_oldest(std::size_t blocks);

    /*! The first \p symbols of a block, from \p phase on, in turns. */
    void load(symbol_reader& reader,
              std::size_t block,
              std::size_t symbols,
              double phase) const;
    /*! Power that most symbols have: of the sync words, read at their time as far as it
     * is known. Before it is found, every symbol is hit. */
    void find_usual_power(symbol_reader& reader);
    bool is_hit(const symbol_sample& y) const;
    /*! A symbol; one that interference hit counts as one of usual power. */
    symbol_sample read(const symbol_reader& reader, double position) const;

    /*! Whether the known symbols of a frame agree. */
    bool agrees(long block, const known_symbols& known) const;

private:
    waveform d_waveform;
    const sample_history& d_history;
    double d_first;
    std::size_t d_blocks;
    double d_offset_hz;
    float d_usual_power = 0;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/gmsk.h"

#include <array>
#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * Symbols to the IQ of precoded GMSK: the real part of a symbol is one bit, its imaginary
 * part the next one. Behind the receive filter both come back as they were, half a symbol
 * apart. The envelope is 1 from the first symbol to the last; it rises before and falls
 * behind by a raised cosine.
 *
 * The phase is a whole number of quarter turns and the newest bits' pulses: it does not
 * drift, however long the burst is and at whatever sample rate.
 */
class gmsk_shaper
{
public:
    /*! \param sample_rate samples/s */
    explicit gmsk_shaper(double sample_rate);

    /*! Begins a burst with the rising edge. */
    void begin(std::vector<cfloat>& out);

    /*! Appends two bits' time for each symbol; only the signs count. */
    void send(const cfloat* symbols, std::size_t count, std::vector<cfloat>& out);

    /*! Ends the burst: the last pulses and the falling edge. */
    void end(std::vector<cfloat>& out);

private:
    enum class edge { none, rising, falling };
    void send_bit(int frequency, edge e, std::size_t edge_bit, std::vector<cfloat>& out);

    static constexpr std::size_t table_steps = 1024;          // per bit
    std::array<float, gmsk_span * table_steps + 2> d_phase{}; // radians
    double d_step;                                            // bits per sample
    std::uint64_t d_samples = 0;                              // of this burst
    std::uint64_t d_bits = 0;                                 // of this burst
    std::array<int, gmsk_span>
        d_frequency{};           // of the newest bits, newest first: -1, 0, +1
    unsigned d_quarters = 0;     // turned by the bits before
    bool d_last_negative = true; // sign of the newest bit
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/golay_word_kernels.h"
#include "core/modem/front/sample_history.h"

#include <vector>

namespace securevoice {

/*!
 * What both searches see: the samples through the pulse's matched filter, every half
 * symbol, turned back by carrier offsets three bins apart. The main pulse of GMSK is near
 * enough to the one of `narrow`: a filter of its own finds 0.05 dB weaker starts.
 */
class search_filter
{
public:
    static constexpr double bin_hz = 250;            // Hz from carrier to carrier
    static constexpr std::size_t bins_per_group = 3; // bins that are correlated together
    static constexpr std::size_t places = golay_word_kernels::golay_word_places;
    static constexpr std::size_t step = 2 * places; // samples taken at a time
    static constexpr std::size_t reach = golay_word_kernels::golay_word_reach; // samples

    /*! One group of bins: as golay_word_kernels::correlate() wants it, the newest places
     * last but for zeros. */
    struct row {
        std::vector<float> real, imag;
    };

    explicit search_filter(double max_offset_hz);

    /*! Takes the newest \p step samples of the history. */
    void take(const sample_history& history);

    const std::vector<row>& rows() const { return d_rows; }

    /*! Bins to each side of offset 0; those of row n begin at bin 3 n - side(). */
    int side() const { return d_side; }

    /*! Makes room for the newest places behind what a Golay word reaches back. */
    static void slide(row& r);

private:
    static constexpr std::size_t filtered = step + 2 * reach;

    struct carrier {
        std::vector<float> real, imag; // of even, then of odd samples
        bool alternates = false;       // turns by half a turn from step to step
    };

    int d_side;
    std::vector<carrier> d_carriers;
    std::vector<row> d_rows;
    std::vector<float> d_taps;
    std::vector<cfloat> d_samples;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/symbol_filter.h"

#include <cmath>
#include <vector>

namespace securevoice {

/*! A stretch of the history, turned back by a carrier, behind the matched filter. */
class symbol_reader
{
public:
    /*! How far outside of the stretch values may be asked for, in samples. */
    static constexpr std::size_t margin = 8;

    /*!
     * \param at        sample index of position 0
     * \param length    samples: positions 0 ... length can be read
     * \param offset_hz carrier to turn back
     * \param phase     of that carrier at \p at, in cycles
     */
    void load(const sample_history& history,
              double at,
              double length,
              double offset_hz,
              double phase)
    {
        const double first =
            std::floor(at) - static_cast<double>(symbol_filter::reach + margin);
        const double cycles = offset_hz / receive_rate;
        const auto count = static_cast<std::size_t>(std::ceil(length)) +
                           2 * (symbol_filter::reach + margin) + 2;
        history.derotated(static_cast<std::int64_t>(first),
                          count,
                          cycles,
                          phase - cycles * (at - first),
                          d_samples);
        d_origin = at - first;
    }

    cfloat value(double position) const
    {
        return d_filter.value(d_samples.data(), d_origin + position);
    }
    cfloat slope(double position) const
    {
        return d_filter.slope(d_samples.data(), d_origin + position);
    }

private:
    const symbol_filter& d_filter = symbol_filter::shared();
    std::vector<cfloat> d_samples;
    double d_origin = 0;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/symbol_filter.h"
#include "core/modem/front/symbol_sample.h"

#include <cmath>
#include <vector>

namespace securevoice {

/*! A stretch of the history, turned back by a carrier, behind the receive filter. */
class symbol_reader
{
public:
    explicit symbol_reader(waveform w) : d_filter(symbol_filter::of(w)) {}

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

    symbol_sample value(double position) const
    {
        return both(position, &symbol_filter::value);
    }
    symbol_sample slope(double position) const
    {
        return both(position, &symbol_filter::slope);
    }
    const symbol_filter& filter() const { return d_filter; }

private:
    symbol_sample both(double position,
                       cfloat (symbol_filter::*read)(const cfloat*, double) const) const
    {
        const double centre = d_origin + position;
        const cfloat first = (d_filter.*read)(d_samples.data(), centre);
        const std::size_t delay = d_filter.quadrature_delay();
        return { first,
                 delay ? (d_filter.*read)(d_samples.data(),
                                          centre + static_cast<double>(delay))
                       : first };
    }

    const symbol_filter& d_filter;
    std::vector<cfloat> d_samples;
    double d_origin = 0;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/gain_smoother.h"
#include "core/modem/front/symbol_reader.h"
#include "core/modem/track/interference.h"
#include "core/modem/waveform/known_symbols.h"

#include <array>
#include <vector>

namespace securevoice {

/*! Where a frame stands in the history. */
struct frame_place {
    double at = 0;        // sample index of its first symbol
    double offset_hz = 0; // carrier
    double phase = 0;     // of the carrier at `at`, cycles
    double spacing = 0;   // samples from symbol to symbol

    double block_length() const { return spacing * block_symbols; }

    /*! Of a frame that is so many behind this one. */
    frame_place ahead(std::size_t frames) const
    {
        const double samples = block_length() * static_cast<double>(frames);
        return {
            at + samples, offset_hz, phase + offset_hz / receive_rate * samples, spacing
        };
    }
};

/*!
 * One frame and the sync word behind it as symbols behind the receive filter: their
 * powers, the interference among them, and what the known ones say of the gain.
 */
class frame_view
{
public:
    explicit frame_view(waveform w) : d_reader(w) {}

    /*!
     * \param valid_end   sample index where the signal's samples end: symbols beyond it
     *                    are no views
     * \param usual_power of a symbol, as far as it is known
     */
    void read(const sample_history& history,
              const frame_place& place,
              double valid_end,
              double usual_power);

    /*! Takes these symbols as known. \param variance of each, without the interference */
    void view_known(const known_symbols& known, float variance);

    /*! Of all views, without the interference. */
    void set_variance(float variance);

    /*! What each of the seen_symbols says of the gain. */
    const gain_view* views() const { return d_views.data(); }
    const gain_view& view(std::size_t n) const { return d_views[n]; }
    const symbol_sample& symbol(std::size_t n) const { return d_symbols[n]; }

    /*! Derivative of a symbol by time, per symbol. */
    symbol_sample slope(std::size_t n) const
    {
        return d_reader.slope(static_cast<double>(n) * d_place.spacing);
    }

    /*! Variance that the interference adds to a symbol. */
    float interference_at(std::size_t n) const { return d_interference.at(n); }
    bool has_interference() const { return d_interference.any(); }
    /*! Whether no interference hit a symbol. */
    bool is_clean(std::size_t n) const { return d_interference.clean(n); }
    /*! Whether there is a view of a symbol that no interference hit. */
    bool says_something(std::size_t n) const
    {
        return d_views[n].variance >= 0 && d_interference.clean(n);
    }
    /*! Whether interference takes most of the pilots, if this is a block. */
    bool pilots_are_hit() const;

    /*! Mean power of the symbols that no interference hit. \param otherwise all were */
    double power(double otherwise) const;

    /*! Log-likelihood of the viewed symbols if there were nothing but noise of this
     * frame's power, and the interference. \param otherwise as in power() */
    double noise_likelihood(double otherwise) const;

    /*! How well each pilot of a block tells the phase of the next one, 0 ... 1. */
    double pilot_coherence() const;
    /*! Share of the known symbols' energy that the others among them predict, 0 ... 1.
     * \param gains smoothed, of each symbol */
    double coherence(const std::vector<gain_estimate>& gains) const;

    const symbol_filter& filter() const { return d_reader.filter(); }

private:
    void read_limited(const sample_history& history);

    symbol_reader d_reader;
    frame_place d_place;
    double d_valid_end = 0;
    std::array<symbol_sample, seen_symbols> d_symbols{};
    std::vector<float> d_powers, d_limited;
    interference d_interference;
    std::array<gain_view, seen_symbols> d_views{};
};

/*! Real part of x times the conjugate of y. */
inline double real_product(cfloat x, cfloat y)
{
    return static_cast<double>(x.real() * y.real() + x.imag() * y.imag());
}

} // namespace securevoice

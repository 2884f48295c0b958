/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/acquire/golay_word_kernels.h"
#include "core/modem/acquire/search_filter.h"

#include <array>
#include <cstdint>
#include <vector>

namespace securevoice {

/*! A place in time and frequency where something may begin. */
struct candidate {
    double at = 0;        // index of the first symbol's sample, at receive_rate, +-1
    double offset_hz = 0; // +- half a bin
    float strength = 0;
    securevoice::waveform waveform = securevoice::waveform::linear;
};

/*!
 * The search that runs all the time: correlates with both Golay words every half symbol
 * for all carrier offsets of the search_filter.
 *
 * Behind the matched filter the Golay words' correlators are built from sums and
 * differences, as Golay words are a complementary pair (fast Golay correlator: Budisin,
 * Electronics Letters 27, 1991): three rotations and six sums per place and offset.
 * Correlator energies are divided by their mean over one frame time, so that carriers and
 * signals raise no alarm by their power. One search knows one waveform; what is called a
 * and b here are c and d of the waveform `constant`.
 */
class golay_word_search
{
public:
    /*! For signals behind this filter. */
    golay_word_search(const search_filter& filter, waveform w);

    /*! Takes what the filter took: the same one, once after each step of it. */
    void take(const search_filter& filter);

    /*! Start frames seen by the newest step, none twice. Cheap and easily alarmed: about
     * 40 a second. */
    const std::vector<candidate>& starts() const { return d_starts; }

    /*! Sync words at the block period that the newest step strengthened: the newest word
     * of each. */
    const std::vector<candidate>& periodic() const { return d_periodic; }

private:
    static constexpr std::size_t places = search_filter::places;
    static constexpr std::size_t step = search_filter::step;
    static constexpr std::size_t symbol = 2;                      // places per symbol
    static constexpr std::size_t period = block_symbols * symbol; // places per block
    static constexpr std::size_t word_tail = golay_word_kernels::golay_word_tail;
    static constexpr std::size_t word = golay_word_symbols * symbol;
    static constexpr std::size_t guard =
        2 * symbol; // a start is the greatest one this near
    static constexpr std::size_t periodic_guard =
        24 * symbol; // past a sync word's own sidelobes

    /*
     * Values of the places of one bin: a ring, whose first step stands once more behind
     * its end, so that `places` values from any place on lie side by side.
     */
    template <std::size_t steps>
    struct ring {
        static constexpr std::size_t length = steps * places;
        alignas(64) float value[length + places] = {};
    };
    template <std::size_t steps>
    struct rings {
        ring<steps> real, imag;
        golay_word_kernels::row at(std::size_t place)
        {
            return { real.value + place, imag.value + place };
        }
    };

    static constexpr std::size_t period_steps = period / places;
    using long_ring = ring<period_steps + 1>; // what a start frame needs
    using long_rings = rings<period_steps + 1>;
    using short_rings = rings<2>; // the products of its Golay words in a row

    struct bin {
        std::size_t row = 0; // of the filter
        double offset_hz = 0;
        std::array<golay_word_kernels::rotation, 3> turn; // in 1, then as many symbols
        golay_word_kernels::rotation word_turn;           // in a Golay word
        long_rings a, b;                                  // correlators
        long_ring energy_a, energy_b;
        // a conj(b) and b conj(a), the second of them a Golay word later
        short_rings ab, ba;
        long_ring head; // coherent energy of the first 8 Golay words of a start frame
        std::array<float, period_steps> sums{}; // of energies, per step
        // per place of the block: leaky sum of word energies, and the greatest of each
        // step
        alignas(64) std::array<float, period> regular{};
        std::array<float, period_steps> most_regular{};
    };

    /* Where in the rings of all bins things of this step stand. */
    struct offsets {
        std::size_t newest_short, newest_long;
        std::size_t word;                                      // a Golay word ago
        std::array<std::array<std::size_t, 8>, 2> start_words; // head, and behind it
        std::array<std::size_t, 7> near_products;
        std::size_t head;
    };

    template <std::size_t steps>
    std::size_t newest() const;
    template <std::size_t steps>
    std::size_t before(std::size_t places_ago) const;
    offsets offsets_now() const;
    template <std::size_t steps>
    void close(ring<steps>& r) const;
    template <std::size_t steps>
    void close(rings<steps>& r) const;

    void join_axes(const search_filter& filter);
    void correlate(bin& b, const search_filter::row& r);
    float find_golay_words(
        bin& b, const search_filter::row& r) const; // returns the sum of their energies
    void compare_neighbours(bin& b) const;
    void weigh_start(bin& b, float scale);
    void weigh_sync_word(bin& b, float scale);
    void find_starts();
    double axes_delay() const { return d_waveform == waveform::constant ? 2.0 : 0.0; }
    void find_periodic();

    waveform d_waveform;
    std::array<std::size_t, 2> d_apart; // symbols between what Golay words are built from
    std::vector<search_filter::row> d_joined; // of the waveform `constant`
    std::vector<cfloat> d_last; // of each row of the filter, before its axes were joined
    std::vector<bin> d_bins;
    std::int64_t d_steps = 0; // taken
    offsets d_at{};
    std::vector<float>
        d_best; // start metric per place, the newest `guard` of the past first
    std::vector<std::int32_t> d_best_bin;
    std::vector<candidate> d_starts, d_periodic;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/sample_history.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace securevoice {

/*! A place in time and frequency where something may begin. */
struct candidate {
    double at = 0;        // index of the first symbol's sample, at receive_rate, +-1
    double offset_hz = 0; // +-bin_hz / 2
    float strength = 0;
    securevoice::waveform waveform = securevoice::waveform::linear;
};

/*!
 * The search that runs all the time: correlates with both half words every half symbol for carrier offsets bin_hz apart.
 *
 * A matched filter serves three neighbouring offsets each. Behind it the half words' correlators are built from sums and differences,
 * as half words are a Golay pair (fast Golay correlator: Budisin, Electronics Letters 27, 1991): three rotations and six sums per
 * sample and offset. Correlator energies are divided by their mean over one frame time, so that carriers and signals
 * raise no alarm by their power. One search knows one waveform; what is called a and b here are c and d of the waveform `constant`.
 */
class half_word_search
{
public:
    static constexpr double bin_hz = 250;
    static constexpr std::size_t step = 192;        // samples taken at a time
    static constexpr std::size_t places = step / 2; // looked at: every half symbol

    half_word_search(double max_offset_hz, waveform w);

    /*! Takes the newest \p step samples of the history. */
    void take(const sample_history& history);

    /*! Start frames seen by the newest step, none twice. Cheap and easily alarmed: about ten a second. */
    const std::vector<candidate>& starts() const { return d_starts; }

    /*! Sync words at the block period that the newest step strengthened: the newest word of each. */
    const std::vector<candidate>& periodic() const { return d_periodic; }

private:
    static constexpr std::size_t symbol = 2;                      // places per symbol
    static constexpr std::size_t period = block_symbols * symbol; // places per block
    static constexpr std::size_t filter_reach = 16;               // samples
    static constexpr std::size_t word_tail = (half_word_symbols - 1) * symbol;
    static constexpr std::size_t word = half_word_symbols * symbol;
    static constexpr std::size_t far =
        (start_data_per_group + half_word_symbols) * symbol;
    static constexpr std::size_t guard =
        2 * symbol; // a start is the greatest one this near
    static constexpr std::size_t periodic_guard =
        24 * symbol; // past a sync word's own sidelobes

    struct group {
        int centre = 0;                // of the matched filter, in units of 50 Hz
        std::vector<float> real, imag; // filtered, word_tail + places
        cfloat last;                   // of the filter, before its two axes were joined
    };
    /* One value per place; the newest `places` of them begin at d_now. */
    using row = std::vector<float>;

    /* Complex values. */
    struct rows {
        row real, imag;
    };

    struct bin {
        std::size_t in_group = 0;
        int turn = 0; // offset from the group's centre, in bins
        double offset_hz = 0;
        rows a, b; // correlators
        row energy_a, energy_b;
        // a conj(b) and b conj(a), the second of them later: by a half word, as in sync words and the head of a start frame,
        // and by as much as the half words behind that are apart
        rows ab, ba, far_ab, far_ba;
        row head; // coherent energy of the first 8 half words of a start frame
        std::vector<float> sums;    // of energies, per step, ring of one frame
        std::vector<float> regular; // per place of the block: leaky sum of word energies
    };

    void for_each_row(bin& b, const std::function<void(row&)>& act);
    void filter(const sample_history& history);
    void convolve(const float* x, float* out) const;
    void join_axes(group& g) const;
    void correlate(bin& b);
    float find_half_words(bin& b) const; // returns the sum of their energies
    void compare_neighbours(bin& b);
    void
    multiply(const rows& before, std::size_t at, const rows& newest, rows& out) const;
    void in_common(const rows& ab,
                   const rows& ba,
                   std::size_t first,
                   std::size_t apart,
                   float* out) const;
    void weigh_start(bin& b, float scale);
    void weigh_sync_word(bin& b, float scale);
    void find_starts();
    double axes_delay() const { return d_waveform == waveform::constant ? 2.0 : 0.0; }
    void find_periodic();

    waveform d_waveform;
    std::uint16_t d_start_signs;
    std::vector<group> d_groups;
    std::vector<bin> d_bins;
    std::vector<float> d_taps;
    std::vector<cfloat> d_carrier; // one period of 50 Hz
    std::vector<cfloat> d_samples;
    std::size_t d_now;        // index in the rows of the newest step
    std::int64_t d_steps = 0; // taken
    std::vector<float>
        d_best; // start metric per place, the newest `guard` of the past first
    std::vector<std::int32_t> d_best_bin;
    std::vector<candidate> d_starts, d_periodic;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <array>
#include <cstddef>
#include <cstdint>

/*!
 * The loops of golay_word_search, on one row of values, apart from what they are for.
 * Every pointer is to golay_word_places values unless said otherwise; outputs overlap
 * nothing.
 */
namespace securevoice::golay_word_kernels {

// a step of 10 ms at two places a symbol: 48 symbols
constexpr std::size_t golay_word_places = 96;
constexpr std::size_t golay_word_tail =
    14; // places from a Golay word's first symbol to its last
constexpr std::size_t golay_word_input =
    golay_word_places + golay_word_tail + 4; // filled up, so that whole vectors are read
constexpr std::size_t golay_word_reach = 16; // of the matched filter, samples

struct rotation {
    float cosine = 1, sine = 0;
};

/* Complex values. */
struct const_row {
    const float *real, *imag;
};
struct row {
    float *real, *imag;
    operator const_row() const { return { real, imag }; }
};

/*! out = sign x c, \p count values. */
void rotate(const_row x, const_row c, float sign, std::size_t count, row out);

/*!
 * The matched filter, symmetric, at every second sample.
 * \param x    golay_word_places + golay_word_reach even samples, then as many odd ones
 * \param taps 2 golay_word_reach + 1
 */
void filter(const float* x, const float* taps, float* out);

struct golay_words {
    row a, b;
    float *energy_a, *energy_b;
};

/*!
 * Both Golay words' correlators: three stages of sums and differences. A complementary
 * pair is built from pairs, quarters and halves.
 * \param x     golay_word_input
 * \param apart symbols between what the second and the third stage join: 2 and 4, or 4
 * and 2
 * \param turn  of the carrier in 1 symbol, and in those of the two stages
 * \return sum of all energies
 */
float correlate(const_row x,
                const std::array<std::size_t, 2>& apart,
                const std::array<rotation, 3>& turn,
                const golay_words& out);

/*! x conj(y) */
void multiply(const_row x, const_row y, row out);

/*!
 * 2 |sum of the products|, to 3 %, each with the sign it has in the head of a start
 * frame.
 * \param products of neighbours among its 8 Golay words
 */
void in_common(const std::array<const_row, 7>& products, waveform w, float* out);

/*! The same of the 8 Golay words behind the head, from the Golay words themselves. */
void in_common(const std::array<const_row, 8>& golay_words, waveform w, float* out);

/*! sum += the energies, each bounded */
void add_bounded(const std::array<const float*, 8>& energies, float bound, float* sum);

/*! sum += the head's, bounded \return the greatest sum */
float add_head(const float* head, float bound, float* sum);

/*! Where \p sum plus the bounded tail, times \p scale, is more than \p best it becomes
 * that, and \p best_bin becomes \p bin. */
void keep_best(const float* sum,
               const float* tail,
               float scale,
               float bound,
               std::int32_t bin,
               float* best,
               std::int32_t* best_bin);

struct sync_word {
    const float *energy_a, *energy_b;
    const_row product;
    rotation turn,
        side; // by the offset from the group's centre, and half of what a bin leaves open
    float scale, bound, mean, keep;
};

/*! sum = keep sum + bounded energy of the sync word - mean \return the greatest of
 * them */
float add_sync_word(const sync_word& w, float* sum);

} // namespace securevoice::golay_word_kernels

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * ln P(+)/P(-) of a sign. A word may also be missing, before the signal began or under an
 * interference: then it is as far from the one as from the other.
 * \param fit correlation of the symbols with their gains \param energy of the gains
 * \param noise power of a symbol
 */
float sign_likelihood(double fit, double energy, double noise);

/*! Which number the first block has, and how sure that is. */
struct number_guess {
    /*! The likeliest; of several that are as likely the smallest, as calls are short. */
    std::uint16_t number = 0;
    double certainty = 0; // ln of its probability over that of all other numbers together
    /*! The same for all numbers together that are as likely: fewer than 16 signs leave
     * several. */
    double certainty_of_signs = 0;
};

/*!
 * Maximum likelihood over all 65535 numbers (docs/protocol.md 3.2).
 * \param signs ln P(+)/P(-) of the signs s1, s2 of blocks in a row. 16 of them name one
 * number, 14 leave four.
 */
number_guess resolve_number(const std::vector<float>& signs);

} // namespace securevoice

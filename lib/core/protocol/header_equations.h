/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/header.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace securevoice {

/*!
 * The header from pieces of which single bits are wrong, as when the same symbols of
 * every block are jammed: interpolation over GF(2^16) is linear over GF(2), so each bit
 * of a piece is an equation for the 176 bits of the header. The most certain ones that
 * are independent are solved, and the next ones have to agree (ordered statistics;
 * Fossorier, Lin 1995). Certain bits alone may leave a few unknowns open: a constant
 * polynomial changes the same bit in both words of every piece. All values of these, and
 * of the least certain ones that were solved, are tried.
 */
class header_equations
{
public:
    static constexpr std::size_t to_agree = 16; // equations beside those that are solved

    static constexpr std::size_t most_undecided = 6; // 64 headers are asked for, at most

    struct source {
        std::uint32_t index; // of the piece: number mod 32768
        const piece_octets* piece;
        const piece_certainty* certainty;
    };

    /*!
     * A solution for which \p fits is true; tried with each bit's own certainty, then
     * with the mean one of all pieces at the bit's position.
     * \param pieces at most header_assembler::capacity, with different indices; below
     *               seven nothing is tried
     */
    std::optional<header> solve(const std::vector<source>& pieces,
                                const std::function<bool(const header&)>& fits);

private:
    static constexpr std::size_t words = (header_bits + 63) / 64;
    /*! Bit k of the header is bit k % 64 of word k / 64; behind the last one is the
     * sum. */
    using equation = std::array<std::uint64_t, words>;
    using equations = std::array<equation, piece_bits>; // of one piece, sums zero
    static_assert(words * 64 > header_bits, "room for the sum");

    struct ranked {
        float certainty;
        std::uint16_t piece, bit;
    };

    const equations& equations_of(std::uint32_t index);
    void rank(const std::vector<source>& pieces);
    std::optional<std::size_t> reduce(equation& e) const;
    header substitute(const equation& turned) const;
    std::optional<header> solve_ranked(const std::vector<source>& pieces,
                                       const std::function<bool(const header&)>& fits);

    struct remembered {
        std::uint32_t index;
        equations of;
    };
    std::vector<remembered> d_known;
    std::vector<const equations*> d_equations;
    std::vector<ranked> d_order;
    std::array<equation, header_bits> d_solved; // by its first unknown
    std::array<bool, header_bits> d_is_solved;
    std::vector<std::uint16_t> d_unknown; // those that are solved, the surest first
    std::size_t d_agreeing = 0;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/header_equations.h"

#include "core/protocol/bits.h"

#include <algorithm>

namespace securevoice {

namespace {

constexpr std::size_t most_known = 3 * header_assembler::capacity; // pieces' equations
constexpr std::size_t sum_word = header_bits / 64;
constexpr std::uint64_t sum_bit = std::uint64_t{ 1 } << header_bits % 64;
constexpr std::uint64_t below_sum = sum_bit - 1;

} // namespace

const header_equations::equations& header_equations::equations_of(std::uint32_t index)
{
    const auto known =
        std::find_if(d_known.begin(), d_known.end(), [index](const remembered& r) {
            return r.index == index;
        });
    if (known != d_known.end())
        return known->of;
    auto& made = d_known.emplace_back(remembered{ index, {} }).of;
    // What a bit of the header adds to the piece is the piece of that bit alone.
    for (std::size_t k = 0; k < header_bits; ++k) {
        header unit;
        put_bit(unit.octets.data(), k, 1);
        const auto piece = header_piece(unit, index);
        for (std::size_t n = 0; n < piece_bits; ++n)
            made[n][k / 64] |= std::uint64_t{ bit_at(piece.data(), n) } << k % 64;
    }
    return made;
}

void header_equations::rank(const std::vector<source>& pieces)
{
    std::stable_sort(
        d_order.begin(), d_order.end(), [](const ranked& a, const ranked& b) {
            return a.certainty > b.certainty;
        });
    d_unknown.clear();
    d_is_solved.fill(false);
    d_agreeing = 0;
    for (const auto& r : d_order) {
        auto e = (*d_equations[r.piece])[r.bit];
        if (bit_at(pieces[r.piece].piece->data(), r.bit))
            e[sum_word] |= sum_bit;
        if (const auto unknown = reduce(e)) {
            d_solved[*unknown] = e;
            d_is_solved[*unknown] = true;
            d_unknown.push_back(static_cast<std::uint16_t>(*unknown));
        } else if (e[sum_word] & sum_bit) {
            return;
        } else {
            ++d_agreeing;
        }
        if (d_unknown.size() == header_bits && d_agreeing >= to_agree)
            return;
    }
}

/*! Takes out what is solved. \return the first unknown that is left, if any */
std::optional<std::size_t> header_equations::reduce(equation& e) const
{
    for (std::size_t w = 0; w < words; ++w)
        while (const auto left = w == sum_word ? e[w] & below_sum : e[w]) {
            const auto first = 64 * w + static_cast<std::size_t>(__builtin_ctzll(left));
            if (!d_is_solved[first])
                return first;
            for (std::size_t v = w; v < words; ++v)
                e[v] ^= d_solved[first][v];
        }
    return std::nullopt;
}

/*! \param turned unknowns that are set, or whose equation's sum is turned over */
header header_equations::substitute(const equation& turned) const
{
    equation bits{};
    for (std::size_t k = header_bits; k-- > 0;) {
        unsigned sum = turned[k / 64] >> k % 64 & 1;
        if (d_is_solved[k]) {
            const auto& e = d_solved[k];
            sum ^= (e[sum_word] & sum_bit) != 0;
            for (std::size_t w = 0; w < words; ++w)
                sum ^= static_cast<unsigned>(__builtin_parityll(e[w] & bits[w]));
        }
        bits[k / 64] |= std::uint64_t{ sum & 1 } << k % 64;
    }
    header h;
    for (std::size_t k = 0; k < header_bits; ++k)
        put_bit(h.octets.data(), k, static_cast<unsigned>(bits[k / 64] >> k % 64 & 1));
    return h;
}

std::optional<header>
header_equations::solve_ranked(const std::vector<source>& pieces,
                               const std::function<bool(const header&)>& fits)
{
    rank(pieces);
    if (d_agreeing < to_agree || d_unknown.size() + most_undecided < header_bits)
        return std::nullopt;
    std::vector<std::size_t> undecided;
    for (std::size_t k = 0; k < header_bits; ++k)
        if (!d_is_solved[k])
            undecided.push_back(k);
    for (auto k = d_unknown.rbegin(); undecided.size() < most_undecided; ++k)
        undecided.push_back(*k);
    for (unsigned choice = 0; choice < 1u << most_undecided; ++choice) {
        equation turned{};
        for (std::size_t n = 0; n < most_undecided; ++n)
            turned[undecided[n] / 64] |= std::uint64_t{ choice >> n & 1 }
                                         << undecided[n] % 64;
        const auto h = substitute(turned);
        if (fits(h))
            return h;
    }
    return std::nullopt;
}

std::optional<header>
header_equations::solve(const std::vector<source>& pieces,
                        const std::function<bool(const header&)>& fits)
{
    if (pieces.size() * piece_bits < header_bits + to_agree + piece_bits)
        return std::nullopt;
    if (d_known.size() + pieces.size() > most_known)
        d_known.clear();
    d_known.reserve(most_known); // what points into it stays valid
    d_equations.clear();
    for (const auto& p : pieces)
        d_equations.push_back(&equations_of(p.index));

    for (const bool by_position : { false, true }) {
        d_order.clear();
        for (std::size_t bit = 0; bit < piece_bits; ++bit) {
            float sum = 0;
            for (const auto& p : pieces)
                sum += (*p.certainty)[bit];
            for (std::size_t n = 0; n < pieces.size(); ++n)
                d_order.push_back({ by_position ? sum : (*pieces[n].certainty)[bit],
                                    static_cast<std::uint16_t>(n),
                                    static_cast<std::uint16_t>(bit) });
        }
        if (const auto found = solve_ranked(pieces, fits))
            return found;
    }
    return std::nullopt;
}

} // namespace securevoice

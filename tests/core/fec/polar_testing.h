/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/fec/polar.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace securevoice::test {

using bits = std::vector<std::uint8_t>;
using llrs = std::vector<float>;

inline bits random_bits(std::mt19937_64& generator, std::size_t count)
{
    bits out(count);
    for (auto& b : out) {
        b = static_cast<std::uint8_t>(generator() >> 63);
    }
    return out;
}

inline bits encode(const polar_code& code, const bits& piece, const bits& others)
{
    bits sent(code.sent());
    polar_encode(code, piece.data(), others.data(), sent.data());
    return sent;
}

/*! One info word, sent over a QPSK channel with white noise. */
struct transmission {
    /*! \param es_n0_db of the QPSK symbol: two code bits */
    transmission(std::mt19937_64& generator, const polar_code& code, double es_n0_db)
        : piece(random_bits(generator, code.piece_positions.size())),
          others(random_bits(generator, code.other_positions.size())),
          sent(encode(code, piece, others)),
          llr(sent.size())
    {
        const double ec_n0 = std::pow(10.0, es_n0_db / 10) / 2;
        std::normal_distribution<double> noise(0, std::sqrt(0.5 / ec_n0));
        for (std::size_t k = 0; k < sent.size(); k++) {
            llr[k] =
                static_cast<float>(4 * ec_n0 * ((sent[k] ? -1 : 1) + noise(generator)));
        }
    }

    bits piece;
    bits others;
    bits sent;
    llrs llr;
};

/*! Sum of the magnitudes of the LLRs that speak against the bits: the metric, by its
 * definition. */
inline double cost(const llrs& llr, const bits& sent)
{
    double total = 0;
    for (std::size_t k = 0; k < llr.size(); k++) {
        if ((llr[k] < 0) != (sent[k] != 0)) {
            total += std::abs(double(llr[k]));
        }
    }
    return total;
}

inline std::vector<const polar_code*> all_codes()
{
    std::vector<const polar_code*> codes{ &start_code() };
    for (std::size_t k = 0; k < codec_count; k++) {
        codes.push_back(&block_code(static_cast<codec>(k)));
    }
    return codes;
}

} // namespace securevoice::test

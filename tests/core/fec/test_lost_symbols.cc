/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE lost_symbols
#include "polar_testing.h"

#include "core/fec/polar.h"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace securevoice;
using namespace securevoice::test;

namespace {

constexpr double es_n0_db = 9; // of the symbols that are not lost
constexpr std::size_t list = 32;

/*! True if the sent word is in the list although the symbols for which \p lost is true
 * said nothing. */
bool survives(std::mt19937_64& generator,
              const polar_code& code,
              const std::function<bool(std::size_t)>& lost)
{
    transmission air(generator, code, es_n0_db);
    for (std::size_t m = 0; m < air.llr.size() / 2; ++m)
        if (lost(m))
            air.llr[2 * m] = air.llr[2 * m + 1] = 0;
    static polar_list_decoder decoder(list);
    return decoder.decode(
        code,
        air.llr.data(),
        air.piece.empty() ? nullptr : air.piece.data(),
        list,
        [&](const polar_candidate& c) { return c.others == air.others; });
}

} // namespace

// The symbols that one pulse in each block takes, wherever it stands.
BOOST_AUTO_TEST_CASE(two_fifths_of_the_symbols_in_a_row)
{
    std::mt19937_64 generator(1);
    for (const auto* code : all_codes()) {
        const std::size_t symbols = code->sent() / 2, pulse = symbols * 2 / 5;
        std::size_t blocks = 0, survived = 0;
        for (std::size_t start = 0; start < symbols; start += 4, ++blocks)
            survived += survives(generator, *code, [&](std::size_t m) {
                return (m + symbols - start) % symbols < pulse;
            });
        BOOST_TEST(survived == blocks,
                   code->info()
                       << " bits: " << survived << " of " << blocks << " blocks");
    }
}

// What `robust` loses with three air blocks of eight (docs/protocol.md, 3.5).
BOOST_AUTO_TEST_CASE(three_symbols_of_every_eight)
{
    std::mt19937_64 generator(2);
    for (const auto* code : all_codes())
        for (unsigned first = 0; first < 8; ++first)
            for (unsigned second = first + 1; second < 8; ++second)
                for (unsigned third = second + 1; third < 8; ++third)
                    BOOST_TEST(survives(generator,
                                        *code,
                                        [&](std::size_t m) {
                                            return m % 8 == first || m % 8 == second ||
                                                   m % 8 == third;
                                        }),
                               code->info() << " bits: " << first << second << third);
}

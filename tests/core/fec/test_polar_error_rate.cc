/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE polar_error_rate
#include "polar_testing.h"

#include "core/fec/polar.h"

#include <boost/test/unit_test.hpp>

using namespace securevoice;
using namespace securevoice::test;

namespace {

struct operating_point {
    const char* name;
    const polar_code& code;
    std::size_t list;
    bool piece_known;
    double es_n0_db;
    double expected; // block error rate, from 20000 to 40000 blocks with other seeds
};

} // namespace

// QPSK, white noise, channel known; a block is in error if the sent word is not in the
// list. The rate over 1500 blocks must lie within 4.5 standard deviations of the expected
// one (chance of a miss below 1e-4 over all points): 0.2 dB lost or won anywhere changes
// it by more.
BOOST_AUTO_TEST_CASE(block_error_rates_are_those_that_were_measured)
{
    const operating_point points[] = {
        { "3200, 32 paths", block_code(codec::c3200), 32, true, 0.2, 0.0436 },
        { "3200, 32 paths, piece unknown",
          block_code(codec::c3200),
          32,
          false,
          0.7,
          0.0596 },
        { "1300, 8 paths", block_code(codec::c1300), 8, true, -3.4, 0.0612 },
        { "700C, 4 paths", block_code(codec::c700c), 4, true, -5.2, 0.0869 },
        { "start frame, 32 paths", start_code(), 32, false, -1.2, 0.0891 },
    };
    constexpr int frames = 1500;
    polar_list_decoder decoder(32);
    for (const auto& point : points) {
        std::mt19937_64 generator(2026);
        int errors = 0;
        for (int frame = 0; frame < frames; frame++) {
            const transmission air(generator, point.code, point.es_n0_db);
            errors +=
                decoder.decode(point.code,
                               air.llr.data(),
                               point.piece_known ? air.piece.data() : nullptr,
                               point.list,
                               [&](const polar_candidate& c) {
                                   return c.others == air.others && c.piece == air.piece;
                               }) == nullptr;
        }
        const double rate = double(errors) / frames;
        const double deviation =
            std::sqrt(point.expected * (1 - point.expected) / frames);
        BOOST_TEST_MESSAGE(point.name << ": " << rate << ", expected " << point.expected);
        BOOST_TEST(std::abs(rate - point.expected) < 4.5 * deviation,
                   point.name << ": rate " << rate << ", expected " << point.expected);
    }
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE polar_list
#include "polar_testing.h"

#include "core/fec/polar.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <set>

using namespace securevoice;
using namespace securevoice::test;

namespace {

/*! A code with any info positions at all, the last one among them or not: no order of
 * reliability. */
polar_code random_code(std::mt19937_64& generator, std::size_t length, std::size_t info)
{
    polar_code code{ length, 0, {}, {} };
    code.punctured = generator() % length;
    std::vector<std::uint16_t> positions(length);
    std::iota(positions.begin(), positions.end(), std::uint16_t(0));
    std::shuffle(positions.begin(), positions.end(), generator);
    const auto piece = static_cast<std::ptrdiff_t>(generator() % (info + 1));
    const auto end = positions.begin() + static_cast<std::ptrdiff_t>(info);
    code.piece_positions.assign(positions.begin(), positions.begin() + piece);
    code.other_positions.assign(positions.begin() + piece, end);
    std::sort(code.piece_positions.begin(), code.piece_positions.end());
    std::sort(code.other_positions.begin(), code.other_positions.end());
    return code;
}

llrs random_llrs(std::mt19937_64& generator, std::size_t count)
{
    std::normal_distribution<float> normal(0.5f, 2.0f);
    llrs out(count);
    for (auto& x : out) {
        x = normal(generator);
    }
    return out;
}

bits bits_of(std::size_t value, std::size_t count)
{
    bits out(count);
    for (std::size_t k = 0; k < count; k++) {
        out[k] = static_cast<std::uint8_t>(value >> k & 1);
    }
    return out;
}

/*! Costs of all code words with the given piece bits (null: all pieces), ascending. */
std::vector<double> all_costs(const polar_code& code, const llrs& llr, const bits* piece)
{
    std::vector<double> costs;
    const std::size_t pieces = code.piece_positions.size();
    const std::size_t others = code.other_positions.size();
    for (std::size_t v = 0; v < std::size_t(1) << others; v++) {
        for (std::size_t w = 0; w < std::size_t(1) << (piece ? 0 : pieces); w++) {
            costs.push_back(cost(
                llr,
                encode(code, piece ? *piece : bits_of(w, pieces), bits_of(v, others))));
        }
    }
    std::sort(costs.begin(), costs.end());
    return costs;
}

struct offered_word {
    bits piece;
    bits others;
    double metric;
};

std::vector<offered_word> offered(polar_list_decoder& decoder,
                                  const polar_code& code,
                                  const llrs& llr,
                                  const bits* piece,
                                  std::size_t list)
{
    std::vector<offered_word> words;
    const auto* none =
        decoder.decode(code,
                       llr.data(),
                       piece ? piece->data() : nullptr,
                       list,
                       [&](const polar_candidate& c) {
                           words.push_back({ c.piece, c.others, double(c.metric) });
                           return false;
                       });
    BOOST_TEST(none == nullptr);
    return words;
}

} // namespace

// With room for all words nothing is ever dropped: each must come, once, with its cost,
// in order. Random info sets drive every kind of node.
BOOST_AUTO_TEST_CASE(a_list_with_room_for_all_words_holds_all_in_the_order_of_their_cost)
{
    std::mt19937_64 generator(11);
    polar_list_decoder decoder(128);
    for (int round = 0; round < 300; round++) {
        const std::size_t length = std::size_t(32) << generator() % 3;
        const polar_code code = random_code(generator, length, generator() % 8);
        const llrs llr = random_llrs(generator, code.sent());
        const bits piece = random_bits(generator, code.piece_positions.size());
        const bits* known = generator() % 2 ? &piece : nullptr;

        const auto expected = all_costs(code, llr, known);
        const auto words = offered(decoder, code, llr, known, 128);
        BOOST_REQUIRE_EQUAL(words.size(), expected.size());
        std::set<bits> seen;
        for (std::size_t k = 0; k < words.size(); k++) {
            BOOST_REQUIRE_SMALL(words[k].metric - expected[k], 1e-3);
            BOOST_REQUIRE_SMALL(
                words[k].metric -
                    cost(llr, encode(code, words[k].piece, words[k].others)),
                1e-3);
            bits word = words[k].piece;
            word.insert(word.end(), words[k].others.begin(), words[k].others.end());
            BOOST_REQUIRE(seen.insert(word).second);
        }
    }
}

// Codes whose whole tree is one node: the list must be the best words there are, however
// long it is.
BOOST_AUTO_TEST_CASE(nodes_decided_as_a_whole_give_the_best_words)
{
    std::mt19937_64 generator(12);
    polar_list_decoder decoder(128);
    for (const std::size_t frozen : { 0, 1 }) { // all bits info; single parity check
        polar_code code{ 32, 0, {}, {} };
        for (std::size_t i = frozen; i < 32; i++) {
            code.other_positions.push_back(static_cast<std::uint16_t>(i));
        }
        for (int round = 0; round < 40; round++) {
            const llrs llr = random_llrs(generator, 32);
            // The best 128 words differ from the hard decisions in some of the 14 least
            // reliable bits only.
            std::vector<double> magnitudes;
            std::size_t parity = 0;
            for (const float x : llr) {
                magnitudes.push_back(std::abs(double(x)));
                parity ^= x < 0;
            }
            std::sort(magnitudes.begin(), magnitudes.end());
            std::vector<double> expected;
            for (std::size_t turned = 0; turned < std::size_t(1) << 14; turned++) {
                double total = 0;
                std::size_t p = parity;
                for (std::size_t k = 0; k < 14; k++) {
                    if (turned >> k & 1) {
                        total += magnitudes[k];
                        p ^= 1;
                    }
                }
                if (frozen == 0 || p == 0) {
                    expected.push_back(total);
                }
            }
            std::sort(expected.begin(), expected.end());
            // A word that turns the 15th bit costs more than the last one looked at.
            const double limit = magnitudes[14];
            for (std::size_t list = 1; list <= 128; list *= 2) {
                const auto words = offered(decoder, code, llr, nullptr, list);
                BOOST_REQUIRE_EQUAL(words.size(), list);
                for (std::size_t k = 0; k < list && expected[k] < limit; k++) {
                    BOOST_REQUIRE_SMALL(words[k].metric - expected[k], 1e-3);
                }
            }
        }
    }
}

// Small codes with noise, more words than the list holds: maximum likelihood by trying
// all words.
BOOST_AUTO_TEST_CASE(the_best_candidate_is_the_most_likely_word)
{
    std::mt19937_64 generator(13);
    polar_list_decoder decoder(8);
    // Info on heavy rows (Reed-Muller), not punctured and punctured to half; then with a
    // frozen stretch between info bits.
    const polar_code codes[] = {
        { 64, 0, { 31, 47 }, { 51, 53, 54, 55, 57, 59, 61, 62, 63 } },
        { 64, 32, { 31, 47 }, { 51, 53, 54, 55, 57, 59, 61, 62, 63 } },
        { 64, 0, {}, { 13, 14, 15, 39, 43, 45, 46, 47, 61, 62, 63 } },
    };
    for (const polar_code& code : codes) {
        int best = 0;
        constexpr int frames = 200;
        for (int frame = 0; frame < frames; frame++) {
            const transmission air(generator, code, -1.5);
            const auto expected = all_costs(code, air.llr, nullptr);
            const auto words = offered(decoder, code, air.llr, nullptr, 8);
            BOOST_REQUIRE_EQUAL(words.size(), 8u);
            BOOST_REQUIRE(words[0].metric > expected[0] - 1e-3);
            best += words[0].metric < expected[0] + 1e-3;
        }
        BOOST_TEST_MESSAGE(best << " of " << frames);
        BOOST_TEST(best >= 185); // 192 or more as measured
    }
}

BOOST_AUTO_TEST_CASE(candidates_come_best_first_until_one_is_accepted)
{
    std::mt19937_64 generator(14);
    polar_list_decoder decoder(32);
    for (const polar_code* code : all_codes()) {
        const transmission air(generator, *code, -3.0);
        for (std::size_t list = 1; list <= 32; list *= 2) {
            const auto words = offered(decoder, *code, air.llr, nullptr, list);
            BOOST_TEST(words.size() == list);
            for (std::size_t k = 0; k < words.size(); k++) {
                BOOST_TEST((k == 0 || words[k - 1].metric <= words[k].metric));
                const double real =
                    cost(air.llr, encode(*code, words[k].piece, words[k].others));
                BOOST_CHECK_CLOSE(words[k].metric, real, 0.01);
            }

            const std::size_t wanted = (list - 1) / 2;
            std::size_t calls = 0;
            const auto* got = decoder.decode(
                *code, air.llr.data(), nullptr, list, [&](const polar_candidate&) {
                    return calls++ == wanted;
                });
            BOOST_REQUIRE(got);
            BOOST_TEST(calls == wanted + 1);
            BOOST_TEST((got->others == words[wanted].others));
            BOOST_TEST((got->piece == words[wanted].piece));
        }
    }
}

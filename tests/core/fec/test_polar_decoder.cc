/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE polar_decoder
#include "polar_testing.h"

#include "core/fec/polar.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <new>
#include <stdexcept>

using namespace securevoice;
using namespace securevoice::test;

namespace {

std::size_t allocations = 0;

} // namespace

// Counted, to see that decoding in the steady state allocates nothing.
void* operator new(std::size_t size)
{
    allocations++;
    if (void* memory = std::malloc(size ? size : 1)) {
        return memory;
    }
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

const polar_predicate accept_any = [](const polar_candidate&) { return true; };

/*!
 * Successive cancellation as in Arikan 2009, bit by bit: no special nodes, no paths,
 * frozen bits with their values. Returns the code word of the node; u receives the
 * decisions.
 */
std::vector<int> cancel(const std::vector<double>& llr,
                        const std::vector<int>& frozen, // -1: info
                        std::size_t first,
                        std::vector<int>& u)
{
    if (llr.size() == 1) {
        u[first] = frozen[first] >= 0 ? frozen[first] : llr[0] < 0;
        return { u[first] };
    }
    const std::size_t half = llr.size() / 2;
    std::vector<double> node(half);
    for (std::size_t k = 0; k < half; k++) {
        const double a = llr[k];
        const double b = llr[k + half];
        node[k] = ((a < 0) != (b < 0) ? -1 : 1) * std::min(std::abs(a), std::abs(b));
    }
    const std::vector<int> left = cancel(node, frozen, first, u);
    for (std::size_t k = 0; k < half; k++) {
        node[k] = llr[k + half] + (left[k] ? -llr[k] : llr[k]);
    }
    const std::vector<int> right = cancel(node, frozen, first + half, u);
    std::vector<int> word(llr.size());
    for (std::size_t k = 0; k < half; k++) {
        word[k] = left[k] ^ right[k];
        word[k + half] = right[k];
    }
    return word;
}

/*! The interleaver of section 4, by erasing what is drawn from a list: the places change,
 * not the bits. */
std::vector<std::size_t> shuffled(std::size_t count)
{
    std::vector<std::size_t> left(count), drawn;
    for (std::size_t k = 0; k < count; k++) {
        left[k] = k;
    }
    std::uint64_t r = 1;
    while (left.size() > 1) {
        r = (1664525 * r + 1013904223) % (std::uint64_t{ 1 } << 32);
        const auto at = r / 65536 * left.size() / 65536;
        drawn.push_back(left[at]);
        left[at] = left.back();
        left.pop_back();
    }
    drawn.push_back(left[0]);
    return { drawn.rbegin(), drawn.rend() };
}

/*! Info bits that plain successive cancellation decides for. \param piece null if not
 * known */
polar_candidate
reference_decode(const polar_code& code, const llrs& llr, const bits* piece)
{
    std::vector<double> channel(code.length, 0.0);
    const auto order = shuffled(code.sent());
    for (std::size_t k = 0; k < code.sent(); k++) {
        channel[code.punctured + order[k]] = double(llr[k]);
    }
    std::vector<int> frozen(code.length, 0);
    for (const auto position : code.other_positions) {
        frozen[position] = -1;
    }
    for (std::size_t k = 0; k < code.piece_positions.size(); k++) {
        frozen[code.piece_positions[k]] = piece ? (*piece)[k] : -1;
    }
    std::vector<int> u(code.length);
    cancel(channel, frozen, 0, u);
    polar_candidate decided;
    for (const auto position : code.piece_positions) {
        decided.piece.push_back(static_cast<std::uint8_t>(u[position]));
    }
    for (const auto position : code.other_positions) {
        decided.others.push_back(static_cast<std::uint8_t>(u[position]));
    }
    return decided;
}

} // namespace

BOOST_AUTO_TEST_CASE(one_path_decides_as_plain_successive_cancellation)
{
    std::mt19937_64 generator(1);
    polar_list_decoder decoder(32);
    std::size_t wrong = 0;
    for (const polar_code* code : all_codes()) {
        for (int frame = 0; frame < 30; frame++) {
            const transmission air(generator, *code, -4 + 0.2 * frame);
            for (const bool known : { false, true }) {
                const auto expected =
                    reference_decode(*code, air.llr, known ? &air.piece : nullptr);
                const auto* got = decoder.decode(*code,
                                                 air.llr.data(),
                                                 known ? air.piece.data() : nullptr,
                                                 1,
                                                 accept_any);
                BOOST_REQUIRE(got);
                BOOST_REQUIRE(got->piece == expected.piece);
                BOOST_REQUIRE(got->others == expected.others);
                wrong += got->others != air.others;
            }
        }
    }
    // Both kinds of path have to be among them.
    BOOST_TEST(wrong > 50u);
    BOOST_TEST(wrong < 430u);
}

BOOST_AUTO_TEST_CASE(without_noise_the_first_candidate_is_the_sent_word)
{
    std::mt19937_64 generator(2);
    polar_list_decoder decoder(128);
    for (const polar_code* code : all_codes()) {
        for (std::size_t list = 1; list <= 128; list *= 2) {
            const transmission air(generator, *code, 100.0);
            for (const bool known : { false, true }) {
                const auto* got = decoder.decode(*code,
                                                 air.llr.data(),
                                                 known ? air.piece.data() : nullptr,
                                                 list,
                                                 accept_any);
                BOOST_REQUIRE(got);
                BOOST_TEST((got->piece == air.piece));
                BOOST_TEST((got->others == air.others));
                BOOST_TEST(got->metric == 0.0f);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_known_piece_helps_and_a_wrong_one_never_gives_the_sent_word)
{
    std::mt19937_64 generator(3);
    const polar_code& code = block_code(codec::c700c);
    polar_list_decoder decoder(8);
    std::size_t known = 0, unknown = 0;
    for (int frame = 0; frame < 100; frame++) {
        const transmission air(generator, code, -4.2);
        const auto is_sent = [&](const polar_candidate& c) {
            return c.others == air.others;
        };
        known +=
            decoder.decode(code, air.llr.data(), air.piece.data(), 8, is_sent) != nullptr;
        unknown += decoder.decode(code, air.llr.data(), nullptr, 8, is_sent) != nullptr;
        bits other_piece = air.piece;
        other_piece[static_cast<std::size_t>(frame) % other_piece.size()] ^= 1;
        decoder.decode(
            code, air.llr.data(), other_piece.data(), 8, [&](const polar_candidate& c) {
                BOOST_TEST((c.piece == other_piece));
                BOOST_TEST(cost(air.llr, encode(code, c.piece, c.others)) > 0);
                BOOST_TEST((encode(code, c.piece, c.others) != air.sent));
                return false;
            });
    }
    BOOST_TEST(known >= 95u);
    BOOST_TEST(unknown < known);
}

BOOST_AUTO_TEST_CASE(survives_what_a_broken_radio_gives)
{
    const float inf = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::mt19937_64 generator(4);
    polar_list_decoder decoder(32);
    for (const polar_code* code : all_codes()) {
        for (const float value : { 0.0f,
                                   -0.0f,
                                   nan,
                                   inf,
                                   -inf,
                                   std::numeric_limits<float>::max(),
                                   std::numeric_limits<float>::denorm_min() }) {
            const llrs llr(code->sent(), value);
            std::size_t offered = 0;
            decoder.decode(*code, llr.data(), nullptr, 32, [&](const polar_candidate& c) {
                BOOST_TEST(std::isfinite(c.metric));
                offered++;
                return false;
            });
            BOOST_TEST(offered == 32u);
        }

        // Certain bits, every third one erased: still the sent word.
        transmission air(generator, *code, 6.0);
        for (std::size_t k = 0; k < air.llr.size(); k++) {
            air.llr[k] = k % 3 == 0 ? (k % 2 ? nan : 0.0f) : (air.sent[k] ? -inf : inf);
        }
        const auto* got =
            decoder.decode(*code, air.llr.data(), air.piece.data(), 32, accept_any);
        BOOST_REQUIRE(got);
        BOOST_TEST((got->others == air.others));
        BOOST_TEST(got->metric == 0.0f);
    }
}

BOOST_AUTO_TEST_CASE(what_was_decoded_before_does_not_matter)
{
    std::mt19937_64 generator(5);
    polar_list_decoder used(32);
    for (int frame = 0; frame < 40; frame++) {
        const auto codes = all_codes();
        const polar_code& code = *codes[generator() % codes.size()];
        const transmission air(generator, code, -2.0);
        const std::size_t list = std::size_t(1) << generator() % 6;
        std::vector<std::pair<float, bits>> first, second;
        used.decode(code, air.llr.data(), nullptr, list, [&](const polar_candidate& c) {
            first.emplace_back(c.metric, c.others);
            return false;
        });
        polar_list_decoder fresh(list);
        fresh.decode(code, air.llr.data(), nullptr, list, [&](const polar_candidate& c) {
            second.emplace_back(c.metric, c.others);
            return false;
        });
        BOOST_TEST((first == second));
    }
}

BOOST_AUTO_TEST_CASE(allocates_nothing_in_the_steady_state)
{
    std::mt19937_64 generator(6);
    polar_list_decoder decoder(32);
    const polar_predicate refuse = [](const polar_candidate&) { return false; };
    std::vector<transmission> air;
    for (const polar_code* code : all_codes()) {
        air.emplace_back(generator, *code, -3.0);
    }
    const std::size_t before = allocations;
    for (std::size_t k = 0; k < air.size(); k++) {
        const polar_code& code =
            k == 0 ? start_code() : block_code(static_cast<codec>(k - 1));
        for (std::size_t list = 1; list <= 32; list *= 2) {
            decoder.decode(code, air[k].llr.data(), nullptr, list, refuse);
            decoder.decode(code, air[k].llr.data(), air[k].piece.data(), list, refuse);
        }
    }
    BOOST_TEST(allocations == before);
}

BOOST_AUTO_TEST_CASE(refuses_lists_and_codes_that_cannot_be)
{
    for (const std::size_t list : { 0, 3, 129, 256 }) {
        BOOST_CHECK_THROW(polar_list_decoder{ list }, std::invalid_argument);
    }
    polar_list_decoder decoder(8);
    const llrs llr(704);
    for (const std::size_t list : { 0, 3, 16 }) {
        BOOST_CHECK_THROW(
            decoder.decode(
                block_code(codec::c3200), llr.data(), nullptr, list, accept_any),
            std::invalid_argument);
    }
    polar_code code = block_code(codec::c3200);
    code.punctured = code.length;
    BOOST_CHECK_THROW(decoder.decode(code, llr.data(), nullptr, 8, accept_any),
                      std::invalid_argument);
}

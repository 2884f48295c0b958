/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE polar_encoder
#include "polar_testing.h"

#include "core/fec/polar.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>

using namespace securevoice;
using namespace securevoice::test;

namespace {

const polar_code& code_by_name(const std::string& name)
{
    return name == "start" ? start_code() : block_code(codec_from_name(name));
}

bits bits_of(const std::string& text)
{
    bits out;
    for (const char c : text) {
        if (c != '-') {
            out.push_back(static_cast<std::uint8_t>(c - '0'));
        }
    }
    return out;
}

polar_code small_code() { return { 64, 32, { 40, 50 }, { 60, 61, 62, 63 } }; }

} // namespace

// The vectors come from the specification by matrix multiplication:
// tests/tools/make_polar_vectors.py.
BOOST_AUTO_TEST_CASE(encodes_as_the_generator_matrix_does)
{
    std::ifstream file(POLAR_VECTORS);
    std::size_t vectors = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        std::istringstream fields(line);
        std::string name, piece, others, sent;
        fields >> name >> piece >> others >> sent;
        const polar_code& code = code_by_name(name);
        BOOST_REQUIRE_EQUAL(bits_of(piece).size(), code.piece_positions.size());
        BOOST_REQUIRE_EQUAL(bits_of(others).size(), code.other_positions.size());
        BOOST_TEST(encode(code, bits_of(piece), bits_of(others)) == bits_of(sent),
                   boost::test_tools::per_element());
        vectors++;
    }
    BOOST_TEST(vectors == 32u);
}

BOOST_AUTO_TEST_CASE(codes_have_the_sizes_of_section_4)
{
    BOOST_TEST(start_code().length == 512u);
    BOOST_TEST(start_code().sent() == 512u);
    BOOST_TEST(start_code().info() == 176u);
    BOOST_TEST(start_code().piece_positions.empty());
    for (std::size_t k = 0; k < codec_count; k++) {
        const auto c = static_cast<codec>(k);
        BOOST_TEST(block_code(c).length == 1024u);
        BOOST_TEST(block_code(c).punctured == 320u);
        BOOST_TEST(block_code(c).info() == info_bits(c));
        BOOST_TEST(block_code(c).piece_positions.size() == piece_bits);
    }
}

BOOST_AUTO_TEST_CASE(refuses_codes_that_cannot_be)
{
    const bits info(1024);
    bits sent(1024);
    const auto refused = [&](const polar_code& code) {
        BOOST_CHECK_THROW(polar_encode(code, info.data(), info.data(), sent.data()),
                          std::invalid_argument);
    };
    polar_code code = small_code();
    BOOST_CHECK_NO_THROW(polar_encode(code, info.data(), info.data(), sent.data()));
    BOOST_CHECK_THROW(polar_encode(code, nullptr, info.data(), sent.data()),
                      std::invalid_argument);

    code.length = 96;
    refused(code);
    code.length = 2048;
    refused(code);
    code.length = 0;
    refused(code);
    code = small_code();
    code.punctured = 64;
    refused(code);
    code.punctured = 65;
    refused(code);
    code = small_code();
    code.other_positions = { 60, 64 };
    refused(code);
    code.other_positions = { 61, 60 };
    refused(code);
    code.other_positions = { 60, 60 };
    refused(code);
    code.other_positions = { 50, 60 }; // 50 is the piece's
    refused(code);
}

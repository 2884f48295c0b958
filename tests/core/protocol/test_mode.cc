/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE mode
#include "core/protocol/mode.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

using namespace securevoice;

BOOST_AUTO_TEST_CASE(table_of_section_2)
{
    struct row {
        const char* name;
        std::size_t voice;
        std::size_t info;
        std::size_t octets;
    };
    const row rows[] = { { "3200", 256, 328, 33 }, { "2400", 192, 264, 25 },
                         { "1600", 128, 200, 17 }, { "1400", 112, 184, 15 },
                         { "1300", 104, 176, 14 }, { "1200", 96, 168, 13 },
                         { "700C", 56, 128, 8 } };
    BOOST_REQUIRE_EQUAL(codec_names().size(), std::size(rows));
    for (std::size_t n = 0; n < std::size(rows); ++n) {
        const auto c = static_cast<codec>(n);
        BOOST_TEST(codec_name(c) == rows[n].name);
        BOOST_TEST(codec_names()[n] == rows[n].name);
        BOOST_TEST((codec_from_name(rows[n].name) == c));
        BOOST_TEST(voice_bits(c) == rows[n].voice);
        BOOST_TEST(info_bits(c) == rows[n].info);
        BOOST_TEST(text_octets(c) == rows[n].octets);
    }
}

BOOST_AUTO_TEST_CASE(codes_of_modes)
{
    std::set<unsigned> codes;
    for (const auto p : { profile::narrow,
                          profile::robust,
                          profile::constant,
                          profile::gmsk,
                          profile::fsk4,
                          profile::bpsk,
                          profile::qpsk })
        for (unsigned c = 0; c < codec_count; ++c) {
            const mode m{ static_cast<codec>(c), p };
            BOOST_TEST(m.code() == 8 * static_cast<unsigned>(p) + c);
            BOOST_TEST(m.air_code() == (p == profile::robust ? 8 + c : c));
            BOOST_TEST((profile_of(m.code()) == p));
            BOOST_TEST(is_mode(m.code()));
            BOOST_TEST((mode_from_code(m.code()) == m));
            codes.insert(m.code());
        }
    BOOST_TEST(codes.size() == 49u);
    for (unsigned code = 0; code < 256; ++code)
        if (codes.count(code) == 0) {
            BOOST_TEST(!is_mode(static_cast<std::uint8_t>(code)));
            BOOST_CHECK_THROW(mode_from_code(static_cast<std::uint8_t>(code)),
                              std::invalid_argument);
        }
}

BOOST_AUTO_TEST_CASE(profiles_by_name)
{
    BOOST_TEST((profile_from_name("narrow") == profile::narrow));
    BOOST_TEST((profile_from_name("robust") == profile::robust));
    BOOST_TEST(profile_name(profile::narrow) == "narrow");
    BOOST_TEST((profile_from_name("constant") == profile::constant));
    BOOST_TEST(profile_name(profile::robust) == "robust");
    BOOST_TEST(profile_name(profile::constant) == "constant");
    for (const auto* name : { "gmsk", "4fsk", "bpsk", "qpsk" }) {
        BOOST_TEST(profile_name(profile_from_name(name)) == name);
        BOOST_TEST(is_plain(profile_from_name(name)));
    }
    BOOST_TEST(!is_plain(profile::constant));
}

BOOST_AUTO_TEST_CASE(unknown_names_are_refused_with_the_choice)
{
    const auto names_all = [](const std::invalid_argument& e) {
        const std::string text = e.what();
        return text.find("3200") != text.npos && text.find("700C") != text.npos;
    };
    BOOST_CHECK_EXCEPTION(codec_from_name("700c"), std::invalid_argument, names_all);
    BOOST_CHECK_EXCEPTION(codec_from_name(""), std::invalid_argument, names_all);
    BOOST_CHECK_THROW(profile_from_name("wide"), std::invalid_argument);
    BOOST_CHECK_THROW(voice_bits(static_cast<codec>(7)), std::invalid_argument);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE number
#include "core/text/number.h"

#include <boost/test/unit_test.hpp>

#include <clocale>
#include <stdexcept>
#include <utility>

using namespace securevoice;

namespace {

std::string sentence(const std::string& text)
{
    try {
        number_from_text(text, "--rate");
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "";
}

} // namespace

BOOST_AUTO_TEST_CASE(numbers_with_and_without_a_suffix)
{
    using row = std::pair<const char*, double>;
    for (const auto& [text, value] : { row{ "48000", 48000 },
                                       row{ "48k", 48000 },
                                       row{ "48K", 48000 },
                                       row{ "433.5M", 433500000 },
                                       row{ "1.2G", 1.2e9 },
                                       row{ "-0.8k", -800 },
                                       row{ "+6", 6 },
                                       row{ ".5", 0.5 },
                                       row{ "5.", 5 },
                                       row{ "1.5e3", 1500 },
                                       row{ "1e-3k", 1 },
                                       row{ "0", 0 },
                                       row{ " 7\t", 7 },
                                       row{ "8\r\n", 8 } })
        BOOST_TEST(number_from_text(text, "--rate") == value, text);
}

BOOST_AUTO_TEST_CASE(the_nearest_double_not_a_product_beside_it)
{
    BOOST_TEST(number_from_text("445.95625M", "x") == 445956250.0);
    BOOST_TEST(number_from_text("2.3k", "x") == 2300.0);
    BOOST_TEST(number_from_text("1.1G", "x") == 1100000000.0);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_named_with_whose_it_is)
{
    for (const auto* text :
         { "",      " ",    "fast", "k",   "M",   "4 8",  "48kk", "48 k",
           "0x10",  "inf",  "nan",  "-",   "+-1", "--1",  "1e",   "1e400",
           "433,5", "48Hz", "1..2", "48m", "12g", "1e3e", "k48",  "1:2:3" }) {
        const auto said = sentence(text);
        BOOST_TEST(said.find("--rate is a number, such as 48000, 48k or 433.5M") == 0U,
                   text << ": " << said);
    }
    BOOST_TEST(sentence("433,5M").find("decimal point") != std::string::npos);
    BOOST_TEST(sentence("433.5m").find("a million is M") != std::string::npos);
    BOOST_TEST(sentence("48k").empty()); // the control
}

BOOST_AUTO_TEST_CASE(the_language_of_the_system_does_not_matter)
{
    // Where it is not installed this is the same once more.
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    BOOST_TEST(number_from_text("433.5M", "x") == 433500000.0);
    std::setlocale(LC_ALL, "C");
}

BOOST_AUTO_TEST_CASE(whole_numbers)
{
    BOOST_TEST(whole_number_from_text("1k", "x") == 1000);
    BOOST_TEST(whole_number_from_text("-3", "x") == -3);
    BOOST_TEST(whole_number_from_text("1.5k", "x") == 1500);
    for (const auto* text : { "1.5", "1e30", "0.1k1", "", "many" })
        BOOST_CHECK_THROW(whole_number_from_text(text, "x"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(lists_and_ranges)
{
    const auto are = [](const char* text, const std::vector<double>& wanted) {
        const auto got = numbers_from_text(text, "--cn0");
        BOOST_TEST(got == wanted, boost::test_tools::per_element());
    };
    are("36", { 36 });
    are("36,37.5", { 36, 37.5 });
    are("36:38:0.5", { 36, 36.5, 37, 37.5, 38 });
    are("36:38:0.7", { 36, 36.7, 37.4 });
    are("30,36:37:1,1k", { 30, 36, 37, 1000 });
    are("5:5:1", { 5 });
    BOOST_TEST(numbers_from_text("36:38:0.1", "x").size() == 21U);
    BOOST_TEST(numbers_from_text("0:9999:1", "x").size() == 10000U);
}

BOOST_AUTO_TEST_CASE(ranges_that_are_none)
{
    for (const auto* text : { "36:38",
                              "38:36:1",
                              "36:38:0",
                              "36:38:-1",
                              "36:38:1:1",
                              "a:b:step",
                              ":::",
                              "36:",
                              ",",
                              "36,",
                              ",36",
                              "",
                              "36;37",
                              "0:1e12:1e-3",
                              "0:10000:1",
                              "1:1e308:1e-300" })
        BOOST_CHECK_THROW(numbers_from_text(text, "--cn0"), std::invalid_argument);
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE words
#include "core/text/nearest_word.h"
#include "core/text/program_name.h"
#include "core/text/version.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>

using namespace securevoice;

BOOST_AUTO_TEST_CASE(the_word_that_was_meant)
{
    const std::vector<std::string> words{ "keys",   "tx",     "rx",  "channel",
                                          "listen", "window", "list" };
    const auto near = [&](const char* typed) {
        return nearest_word(typed, words).value_or("none");
    };
    BOOST_TEST(near("key") == "keys");
    BOOST_TEST(near("kesy") == "keys");
    BOOST_TEST(near("chanel") == "channel");
    BOOST_TEST(near("widnow") == "window");
    BOOST_TEST(near("win") == "window"); // the only one that begins so
    BOOST_TEST(near("lisst") == "list");
    BOOST_TEST(near("") == "none");
    BOOST_TEST(near("spectrum") == "none");
    BOOST_TEST(near("zzz") == "none");
    BOOST_TEST(near(std::string(100000, 'k').c_str()) == "none");
    BOOST_TEST(!nearest_word("keys", {}).has_value());
}

BOOST_AUTO_TEST_CASE(commands_are_named_as_the_program_was_called)
{
    unsetenv("SECUREVOICE_CALLED_AS");
    BOOST_TEST(program_name() == "securevoice");
    BOOST_TEST(quoted_command("keys list") == "'securevoice keys list'");
    set_program_name("");
    BOOST_TEST(program_name() == "securevoice");
    set_program_name("./gr-securevoice");
    BOOST_TEST(quoted_command("keys list") == "'./gr-securevoice keys list'");
    BOOST_TEST(program_word() == "gr-securevoice");
    set_program_name("/usr/bin/securevoice"); // started by that one
    BOOST_TEST(program_name() == "./gr-securevoice");
}

BOOST_AUTO_TEST_CASE(a_version_has_three_numbers)
{
    const auto v = version();
    BOOST_TEST(std::count(v.begin(), v.end(), '.') == 2);
    BOOST_TEST(v.find_first_not_of("0123456789.") == std::string::npos);
}

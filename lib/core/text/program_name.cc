/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/text/program_name.h"

#include <cstdlib>

namespace securevoice {

namespace {

// In the environment: `listen` and its like are other programs, in another language.
constexpr const char* variable = "SECUREVOICE_CALLED_AS";

} // namespace

std::string program_name()
{
    const auto* const name = std::getenv(variable);
    return name && *name ? name : "securevoice";
}

std::string program_word()
{
    const auto name = program_name();
    const auto word = name.substr(name.rfind('/') + 1);
    return word.empty() ? name : word;
}

std::string quoted_command(const std::string& arguments)
{
    return "'" + program_name() + " " + arguments + "'";
}

void set_program_name(const std::string& called_as)
{
    if (!called_as.empty())
        setenv(variable, called_as.c_str(), 0);
}

} // namespace securevoice

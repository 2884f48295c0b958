/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/*! One grammar of numbers (core/text/number.h) for the options of all commands. */
namespace securevoice::apps {

/*! Every option of this command and its subcommands that takes a number takes it in that form.
 * After all of them were added. */
void teach_numbers(CLI::App& command);

/*! An option for several numbers, with commas and ranges; what stands in \p numbers before is its default. */
CLI::Option* add_numbers(CLI::App& parser,
                         const std::string& option,
                         std::vector<double>& numbers,
                         const std::string& help);

} // namespace securevoice::apps

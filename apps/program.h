/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "commands.h"

#include <functional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*! What a program is made of. */
struct program_parts {
    std::string description; // above the list of its commands in --help
    std::function<std::vector<command>(CLI::App& program)> add_commands;
};

/*!
 * What main() does: reads the command line, runs one command, turns errors into sentences and exit codes. A first word that is no
 * command may be the name of another program (dispatch.h).
 * \returns the exit code
 */
int run_program(int argc, char** argv, const program_parts& parts);

} // namespace securevoice::apps

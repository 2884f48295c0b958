/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*! Exit codes besides 0. CONTRIBUTING and the tests know them by these numbers. */
enum exit_code : int {
    environment_failed = 1, // a file, the system, a key file
    bad_usage = 2,          // an option or parameter
    nothing_heard = 3,      // rx, eavesdrop: the IQ held nothing that may be heard
    blocks_refused = 4,     // rx: something was heard, other blocks were refused
    doubtful =
        5 // rx: what was heard may be noise: FM alone, at a sample rate that was assumed
};

/*! A command of the program: its options, and what it does. */
struct command {
    CLI::App* parser;
    std::function<int()> run; // returns the exit code
};

// One file each: command_NAME.cc.
std::vector<command> add_keys(CLI::App& program);
command add_tx(CLI::App& program);
command add_channel(CLI::App& program);
command add_rx(CLI::App& program);
command add_eavesdrop(CLI::App& program);
command add_vocoder(CLI::App& program);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// The program `securevoice`.

#include "commands.h"
#include "program.h"

#include "core/text/program_name.h"

using namespace securevoice;
using namespace securevoice::apps;

namespace {

std::vector<command> add_commands(CLI::App& program)
{
    auto commands = add_keys(program);
    for (const auto add : { add_tx, add_channel, add_rx, add_eavesdrop, add_vocoder })
        commands.push_back(add(program));
    return commands;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 0)
        set_program_name(argv[0]);
    return run_program(
        argc,
        argv,
        { "Encrypted digital voice over radio, from files to files.\n"
          "With a radio: listen, talk, window (need GNU Radio).\n"
          "Measurements: bench.\n"
          "Other commands are found as programs named securevoice-COMMAND.",
          add_commands });
}

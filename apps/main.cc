/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// The program `securevoice`: reads the command line, runs one command, turns errors into sentences and exit codes.

#include "commands.h"
#include "dispatch.h"
#include "io/pending_file.h"

#include "core/crypto/process.h"
#include "core/crypto/secret_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

using namespace securevoice;
using namespace securevoice::apps;

namespace {

int say(int code, const std::string& sentence)
{
    fmt::print(stderr, "securevoice: {}\n", sentence);
    return code;
}

int run(int argc, char** argv)
{
    CLI::App program{ "Encrypted digital voice over radio, from files to files.\n"
                      "With a radio: listen, talk, window (need GNU Radio).\n"
                      "Other commands are found as programs named securevoice-COMMAND." };
    program.name("securevoice");
    program.require_subcommand(1);
    auto commands = add_keys(program);
    for (const auto add : { add_tx,
                            add_channel,
                            add_rx,
                            add_eavesdrop,
                            add_vocoder,
                            add_bench,
                            add_bench_jam,
                            add_bench_cpu,
                            add_bench_latency,
                            add_bench_acquire })
        commands.push_back(add(program));

    const auto own = [&](const char* word) {
        return !program
                    .get_subcommands(
                        [word](const CLI::App* sub) { return sub->get_name() == word; })
                    .empty();
    };
    if (argc > 1 && argv[1][0] != '-' && !own(argv[1])) {
        become(argv[1], argv + 1);
        return say(bad_usage,
                   fmt::format("there is no command '{0}' and no program "
                               "securevoice-{0}: 'securevoice --help' lists the commands",
                               argv[1]));
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
            return program.exit(e); // --help
        return say(bad_usage, fmt::format("{} (see --help)", e.what()));
    }
    harden_process();
    on_unlocked_memory(
        [] { fmt::print(stderr, "securevoice: warning: {}\n", unlocked_memory); });
    remove_pending_files_on_signals();
    const auto asked = std::find_if(commands.begin(), commands.end(), [](const auto& c) {
        return c.parser->parsed();
    });
    return asked->run();
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::invalid_argument& e) {
        return say(bad_usage, e.what());
    } catch (const std::bad_alloc&) {
        return say(environment_failed, "there is not enough memory");
    } catch (const std::exception& e) {
        return say(environment_failed, e.what());
    }
}

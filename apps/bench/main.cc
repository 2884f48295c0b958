/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// The program `securevoice-bench`, which `securevoice bench` becomes.

#include "bench/benches.h"
#include "program.h"

using namespace securevoice;
using namespace securevoice::apps;

namespace {

char bench_word[] = "bench";

std::vector<command> add_commands(CLI::App& program)
{
    auto* bench = program.add_subcommand(bench_word, "measurements");
    bench->require_subcommand(1);
    std::vector<command> commands;
    for (const auto add : { add_bench_sensitivity,
                            add_bench_jam,
                            add_bench_cpu,
                            add_bench_latency,
                            add_bench_numbers,
                            add_bench_acquire })
        commands.push_back(add(*bench));
    return commands;
}

} // namespace

int main(int argc, char** argv)
{
    // As if it were called as the command that users know.
    std::vector<char*> words{ argv[0], bench_word };
    words.insert(words.end(), argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto count = static_cast<int>(words.size());
    words.push_back(nullptr);
    return run_program(count, words.data(), { "Measurements.", add_commands });
}

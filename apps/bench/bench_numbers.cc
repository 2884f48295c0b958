/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice bench numbers: for `securevoice sweep`, which is in another language.

#include "bench/benches.h"

#include "core/text/number.h"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace securevoice::apps {

namespace {

struct options {
    std::string what;
    std::string text;
};

} // namespace

command add_bench_numbers(CLI::App& bench)
{
    auto* parser = bench.add_subcommand("numbers", "a list, one a line");
    parser->group(""); // for programs: not in --help
    const auto o = std::make_shared<options>();
    parser->add_option("WHAT", o->what, "begins the sentence of an error")->required();
    parser->add_option("TEXT", o->text, "as for --cn0")->required();
    return { parser, [o] {
                for (const auto n : numbers_from_text(o->text, o->what))
                    fmt::print("{}\n", n);
                return 0;
            } };
}

} // namespace securevoice::apps

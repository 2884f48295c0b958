/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/run_options.h"

#include <stdexcept>

namespace securevoice::apps {

void add_seed(CLI::App& parser, std::uint64_t& seed, const std::string& of)
{
    parser.add_option("--seed", seed, of)
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
}

void add_jobs(CLI::App& parser, std::size_t& jobs)
{
    jobs = 0;
    parser.add_option("--jobs", jobs, "threads (default: all cores)")
        ->check(CLI::NonNegativeNumber);
}

void expect_none_wrong(std::size_t wrong)
{
    if (wrong > 0)
        throw std::runtime_error("blocks were played that were never sent: this is a "
                                 "fault of the receiver, please report it");
}

} // namespace securevoice::apps

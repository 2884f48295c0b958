/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "commands.h"

namespace securevoice::apps {

// One file each: bench_NAME.cc. They add a subcommand to `bench`.
command add_bench_acquire(CLI::App& bench);
command add_bench_cpu(CLI::App& bench);
command add_bench_jam(CLI::App& bench);
command add_bench_latency(CLI::App& bench);
command add_bench_numbers(CLI::App& bench);
command add_bench_sensitivity(CLI::App& bench);

} // namespace securevoice::apps

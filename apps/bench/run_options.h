/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace securevoice::apps {

/*! --seed. \param of what it is */
void add_seed(CLI::App& parser, std::uint64_t& seed, const std::string& of);

/*! --jobs. \param jobs 0: all cores */
void add_jobs(CLI::App& parser, std::size_t& jobs);

/*!
 * After the report: a receiver that played what nobody sent is broken.
 * \param wrong blocks
 * \throws std::runtime_error if there are any
 */
void expect_none_wrong(std::size_t wrong);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace securevoice::apps {

/*! How a measurement tells its result. */
struct report_options {
    bool json = false;
    std::string plot; // a PNG; empty: none
};

/*! --json and --plot. */
void add_report(CLI::App& parser, report_options& options);

/*!
 * Prints the table, or the JSON, and hands the JSON to the program securevoice-plot if a picture is wanted.
 * \param bench what was measured, for instance "sensitivity": the picture's kind
 * \throws std::runtime_error if the picture cannot be drawn; the result has been printed then
 */
void tell(const report_options& options,
          const std::string& bench,
          const nlohmann::ordered_json& report,
          const std::function<void()>& print_table);

} // namespace securevoice::apps

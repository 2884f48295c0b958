/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>
#include <vector>

namespace securevoice::apps {

/*! The commands that are programs of their own, beside this program and on PATH, and those of the launcher of a clone, sorted. */
std::vector<std::string> other_commands();

/*!
 * Becomes the program `securevoice-NAME`, sought beside this program and then on PATH, as git does with its own. Returns only if
 * there is none.
 * \throws std::runtime_error if there is one that cannot be run
 */
void become(const std::string& name, char** arguments);

} // namespace securevoice::apps

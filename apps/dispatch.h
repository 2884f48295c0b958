/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice::apps {

/*!
 * Becomes the program `securevoice-NAME`, sought beside this program and then on PATH, as git does with its own. Returns only if
 * there is none.
 * \throws std::runtime_error if there is one that cannot be run
 */
void become(const std::string& name, char** arguments);

} // namespace securevoice::apps

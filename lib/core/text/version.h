/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice {

/*! "0.1.0": the version that CMake's project() names. */
std::string version();

} // namespace securevoice

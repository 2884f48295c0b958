/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/fec/polar.h"

namespace securevoice {

constexpr std::size_t max_polar_length = 1024;

/*!
 * \throws std::invalid_argument unless the length is a power of two up to
 * max_polar_length, at least one bit is sent, and the positions ascend, are below the
 * length and are not used twice
 */
void check_code(const polar_code& code);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>

namespace securevoice {

/*!
 * x = u F^(n) in place: x[j] is the sum of all u[i] with (i & j) == j. Its own inverse.
 * \param bits   0/1, one per octet
 * \param length a power of two
 */
void polar_transform(std::uint8_t* bits, std::size_t length);

} // namespace securevoice

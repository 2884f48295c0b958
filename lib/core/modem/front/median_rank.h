/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>

namespace securevoice {

/*!
 * Whether the element of rank count / 2 (the upper median) is at least \p level: counting
 * is several times faster than finding it.
 * \param values \p count, less than 2^31
 */
bool median_is_at_least(const float* values, std::size_t count, float level);

} // namespace securevoice

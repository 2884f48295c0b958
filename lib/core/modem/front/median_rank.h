/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <algorithm>
#include <cstddef>

namespace securevoice {

/*!
 * Whether the element of rank count / 2 (the upper median) is at least \p level: counting
 * is several times faster than finding it.
 * \param values \p count, less than 2^31
 */
bool median_is_at_least(const float* values, std::size_t count, float level);

/*! The element of rank \p rank (0: the least) of values that are reordered for it. */
template <typename Values>
float take_ranked(Values& values, std::size_t rank)
{
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

/*! The upper median of values that are reordered for it; there is at least one. */
template <typename Values>
float take_median(Values& values)
{
    return take_ranked(values, values.size() / 2);
}

} // namespace securevoice

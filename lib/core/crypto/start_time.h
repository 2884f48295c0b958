/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>

/*! Start times of transmissions (docs/protocol.md, section 5): units of 4 s since 2020,
 * modulo 2^28. */
namespace securevoice {

/*! \param unix_time s since 1970 \return 28 bits */
std::uint32_t start_time_from_unix(std::int64_t unix_time);

/*! The moment nearest to \p near that has these 28 bits, s since 1970, a multiple of 4.
 * They come round every 34 years. */
std::int64_t unix_from_start_time(std::uint32_t start_time, std::int64_t near);

} // namespace securevoice

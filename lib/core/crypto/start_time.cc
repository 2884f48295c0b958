/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/start_time.h"
#include "core/protocol/header.h"

namespace securevoice {

namespace {

constexpr std::int64_t unit = 4;                  // s
constexpr std::int64_t epoch = 1577836800 / unit; // 2020-01-01T00:00:00Z
constexpr std::int64_t turn = std::int64_t{ 1 } << start_time_bits;
static_assert(epoch * unit == 1577836800, "the epoch is a whole number of units");

std::int64_t units_since_epoch(std::int64_t unix_time)
{
    const auto down = unix_time / unit - (unix_time % unit < 0 ? 1 : 0);
    return down - epoch;
}

} // namespace

std::uint32_t start_time_from_unix(std::int64_t unix_time)
{
    // Two's complement: the lower bits of a negative number are its residue.
    return static_cast<std::uint32_t>(units_since_epoch(unix_time) & (turn - 1));
}

std::int64_t unix_from_start_time(std::uint32_t start_time, std::int64_t near)
{
    const auto near_units = units_since_epoch(near);
    auto ahead = (std::int64_t{ start_time } - near_units) & (turn - 1);
    if (ahead >= turn / 2)
        ahead -= turn;
    return (near_units + ahead + epoch) * unit;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>

/*! Bits of octets, the most significant one first (docs/protocol.md, section 1). */
namespace securevoice {

/*! Bit n: 0 or 1. */
inline std::uint8_t bit_at(const std::uint8_t* octets, std::size_t n)
{
    return static_cast<std::uint8_t>(octets[n / 8] >> (7 - n % 8) & 1);
}

/*! Sets bit n, which is 0, to the lowest bit of a number. */
inline void put_bit(std::uint8_t* octets, std::size_t n, unsigned bit)
{
    octets[n / 8] = static_cast<std::uint8_t>(octets[n / 8] | (bit & 1) << (7 - n % 8));
}

/*! Makes of octets one number, 0 or 1, for each of their first bits. */
inline void unpack_bits(const std::uint8_t* octets, std::size_t count, std::uint8_t* bits)
{
    for (std::size_t n = 0; n < count; ++n)
        bits[n] = bit_at(octets, n);
}

/*! The other way round, of the lowest bits of numbers, into octets that are zero. */
inline void pack_bits(const std::uint8_t* bits, std::size_t count, std::uint8_t* octets)
{
    for (std::size_t n = 0; n < count; ++n)
        put_bit(octets, n, bits[n]);
}

} // namespace securevoice

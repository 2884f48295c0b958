/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/session.h"

#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace securevoice::test {

constexpr std::int64_t some_time = 1790000000; // s since 1970

/*! A key of octets that are given, not random: the same in every run. */
inline secret_key key_from(std::uint8_t seed)
{
    std::array<std::uint8_t, secret_key::size> octets;
    for (std::size_t n = 0; n < octets.size(); ++n)
        octets[n] = static_cast<std::uint8_t>(seed + 7 * n + 1);
    return secret_key::take(octets.data(), octets.size());
}

/*! Random bits in the 8 + V places that a codec sends. */
inline text_field random_text(codec c, std::mt19937& random)
{
    text_field text{};
    for (std::size_t n = 0; n < signalling_bits + voice_bits(c); ++n)
        if (random() & 1)
            text[n / 8] = static_cast<std::uint8_t>(text[n / 8] | 0x80 >> n % 8);
    return text;
}

inline std::vector<mode> all_modes()
{
    std::vector<mode> modes;
    for (std::uint8_t code = 0; code < 16; ++code)
        if (is_mode(code))
            modes.push_back(mode_from_code(code));
    return modes;
}

inline std::vector<std::uint8_t> from_hex(const std::string& hex)
{
    const auto digit = [](char c) {
        const auto value = std::string("0123456789abcdef").find(c);
        if (value == std::string::npos)
            throw std::invalid_argument("no hexadecimal digit");
        return static_cast<unsigned>(value);
    };
    std::vector<std::uint8_t> octets;
    for (std::size_t n = 0; n + 1 < hex.size(); n += 2)
        octets.push_back(
            static_cast<std::uint8_t>(digit(hex[n]) << 4 | digit(hex[n + 1])));
    return octets;
}

template <typename Octets>
std::string to_hex(const Octets& octets, std::size_t count)
{
    std::string hex;
    for (std::size_t n = 0; n < count; ++n) {
        hex += "0123456789abcdef"[octets[n] >> 4];
        hex += "0123456789abcdef"[octets[n] & 15];
    }
    return hex;
}

template <typename Octets>
std::string to_hex(const Octets& octets)
{
    return to_hex(octets, octets.size());
}

} // namespace securevoice::test

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/fingerprint_words.h"

#include <string_view>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr std::array<std::string_view, 1024> words = {
#include "core/keys/fingerprint_words.inc"
};
static_assert(!words.back().empty(), "1024 words");

std::size_t value_of(char letter)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const auto value = alphabet.find(letter);
    if (value == std::string_view::npos)
        throw std::invalid_argument("a fingerprint has the letters A-Z and 2-7 only");
    return value;
}

} // namespace

std::string fingerprint_words(const std::string& letters)
{
    if (letters.size() != 8)
        throw std::invalid_argument("a fingerprint has 8 letters, not " +
                                    std::to_string(letters.size()));
    std::string text;
    for (std::size_t n = 0; n < letters.size(); n += 2) {
        if (!text.empty())
            text += ' ';
        text += words[value_of(letters[n]) << 5 | value_of(letters[n + 1])];
    }
    return text;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/key_text.h"
#include "core/crypto/key_file.h"

#include <sodium.h>

#include <string_view>
#include <algorithm>
#include <optional>

namespace securevoice::detail {

namespace {

constexpr std::string_view first_words = "gr-securevoice key ";
constexpr std::string_view first_line = "gr-securevoice key 1";
constexpr std::string_view key_field = "key: ";
constexpr std::size_t key_digits = 2 * secret_key::size;

[[noreturn]] void refuse(const std::string& path, const std::string& what)
{
    throw key_error("key file '" + path + "' " + what);
}

bool starts_with(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

secret_key decode(std::string_view digits, const std::string& path)
{
    if (digits.size() != key_digits)
        refuse(path,
               "holds a key of " + std::to_string(digits.size()) +
                   " hexadecimal digits: it needs " + std::to_string(key_digits) +
                   "; copy the whole file again");
    secret_memory octets(secret_key::size);
    std::size_t made = 0;
    if (sodium_hex2bin(octets.data(),
                       octets.size(),
                       digits.data(),
                       digits.size(),
                       nullptr,
                       &made,
                       nullptr) != 0 ||
        made != octets.size())
        refuse(path, "holds a key that is not hexadecimal: copy the whole file again");
    if (sodium_is_zero(octets.data(), octets.size()))
        refuse(path,
               "holds a key of zeros, which protects nothing: make a new one with "
               "'securevoice keys new NAME'");
    return secret_key::take(octets.data(), octets.size());
}

// Removes the first line from text. Nothing if no line end is left.
std::optional<std::string_view> next_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

} // namespace

secret_key
parse_key_text(const secret_memory& memory, std::size_t count, const std::string& path)
{
    std::string_view text(reinterpret_cast<const char*>(memory.data()), count);
    if (text.find('\r') != std::string_view::npos)
        refuse(path,
               "has carriage returns at its line ends: copy it again as it is, not as "
               "text of "
               "another system");
    const auto first = next_line(text);
    if (!first || !starts_with(*first, first_words))
        refuse(path,
               "does not begin with '" + std::string(first_line) +
                   "': it is no key file of gr-securevoice");
    if (*first != first_line)
        refuse(
            path,
            "has a version that this program does not know: use a newer gr-securevoice");

    std::optional<secret_key> key;
    for (unsigned number = 2; !text.empty(); ++number) {
        const auto line = next_line(text);
        if (!line)
            refuse(path,
                   "is cut off in line " + std::to_string(number) + ": copy it again");
        if (!starts_with(*line, key_field))
            refuse(path,
                   "has something in line " + std::to_string(number) +
                       " that this program does not know: use a newer gr-securevoice, or "
                       "copy "
                       "the file again");
        if (key)
            refuse(path, "holds two keys: put each in a file of its own");
        key = decode(line->substr(key_field.size()), path);
    }
    if (!key)
        refuse(path, "holds no key: copy the whole file again");
    return std::move(*key);
}

secret_memory make_key_text(const secret_key& key)
{
    const auto start = std::string(first_line) + "\n" + std::string(key_field);
    secret_memory hex(key_digits + 1); // sodium_bin2hex ends it with a zero octet
    auto* digits = reinterpret_cast<char*>(hex.data());
    sodium_bin2hex(digits, hex.size(), key.data(), secret_key::size);

    secret_memory text(start.size() + key_digits + 1);
    auto next = std::copy(start.begin(), start.end(), text.data());
    next = std::copy_n(hex.data(), key_digits, next);
    *next = '\n';
    return text;
}

} // namespace securevoice::detail

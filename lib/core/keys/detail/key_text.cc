/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_text.h"
#include "core/keys/key_file.h"
#include "core/text/program_name.h"

#include <sodium.h>

#include <string_view>
#include <algorithm>

namespace securevoice::detail {

namespace {

constexpr std::string_view version_1 = "gr-securevoice key 1";
constexpr std::string_view version_2 = "gr-securevoice key 2";
constexpr std::string_view key_field = "key: ";
constexpr std::string_view name_field = "name: ";
constexpr std::string_view state_field = "state: ";
constexpr std::string_view passes_field = "passes: ";
constexpr std::string_view memory_field = "memory: ";
constexpr std::string_view salt_field = "salt: ";
constexpr std::string_view nonce_field = "nonce: ";
constexpr std::string_view sealed_field = "sealed: ";
constexpr std::size_t key_digits = 2 * secret_key::size;

bool starts_with(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

// Takes a text line by line. What it throws holds none of the text.
class line_reader
{
public:
    line_reader(std::string_view text, const std::string& path)
        : d_text(text), d_left(text), d_path(path)
    {
    }

    [[noreturn]] void refuse(const std::string& what) const
    {
        throw key_error("key file '" + d_path + "' " + what);
    }
    [[noreturn]] void refuse_line() const
    {
        refuse("is not as this program writes it in line " + std::to_string(d_number) +
               (d_expected.empty()
                    ? ": take out what is below the key"
                    : ", where '" + d_expected + "' and what belongs to it should be") +
               "; or copy the file again as it is");
    }

    bool at_end() const { return d_left.empty(); }
    /*! What was taken until now. */
    std::string taken() const
    {
        return std::string(d_text.substr(0, d_text.size() - d_left.size()));
    }
    bool next_is(std::string_view field) const { return starts_with(d_left, field); }

    /*! Nothing if no line end is left. */
    std::optional<std::string_view> line()
    {
        ++d_number;
        const auto end = d_left.find('\n');
        if (end == std::string_view::npos)
            return std::nullopt;
        const auto found = d_left.substr(0, end);
        d_left.remove_prefix(end + 1);
        return found;
    }

    /*! What follows \p name in the next line. */
    std::string_view field(std::string_view name, const char* missing)
    {
        if (at_end())
            refuse(std::string("holds ") + missing + ": copy the whole file again");
        const auto found = line();
        if (!found)
            refuse("is cut off in line " + std::to_string(d_number) + ": copy it again");
        d_expected = name;
        if (!starts_with(*found, name))
            refuse_line();
        return found->substr(name.size());
    }

    void end()
    {
        if (at_end())
            return;
        const auto found = line();
        if (found && starts_with(*found, key_field))
            refuse("holds two keys: put each in a file of its own");
        if (!found)
            refuse("is cut off in line " + std::to_string(d_number) + ": copy it again");
        d_expected.clear();
        refuse_line();
    }

private:
    std::string_view d_text;
    std::string_view d_left;
    const std::string& d_path;
    unsigned d_number = 0;
    std::string d_expected; // how the line has to begin
};

bool decode_hex(std::string_view digits, std::uint8_t* octets, std::size_t count)
{
    std::size_t made = 0;
    return digits.size() == 2 * count &&
           sodium_hex2bin(
               octets, count, digits.data(), digits.size(), nullptr, &made, nullptr) ==
               0 &&
           made == count;
}

secret_key plain_key(line_reader& lines)
{
    const auto digits = lines.field(key_field, "no key");
    if (digits.size() != key_digits)
        lines.refuse("holds a key of " + std::to_string(digits.size()) +
                     " hexadecimal digits: it needs " + std::to_string(key_digits) +
                     "; copy the whole file again");
    secret_memory octets(secret_key::size);
    if (!decode_hex(digits, octets.data(), octets.size()))
        lines.refuse("holds a key that is not hexadecimal: copy the whole file again");
    if (sodium_is_zero(octets.data(), octets.size()))
        lines.refuse(
            "holds a key of zeros, which protects nothing: make a new one with " +
            quoted_command("keys new NAME"));
    return secret_key::take(octets.data(), octets.size());
}

constexpr const char* part = "only a part of a sealed key";

// One text has one meaning: nothing in it can be changed unnoticed, not even a letter's
// case.
template <std::size_t N>
void read_hex(line_reader& lines, std::string_view name, std::array<std::uint8_t, N>& out)
{
    const auto digits = lines.field(name, part);
    const auto upper = [](char c) { return c >= 'A' && c <= 'F'; };
    if (std::any_of(digits.begin(), digits.end(), upper) ||
        !decode_hex(digits, out.data(), N))
        lines.refuse_line();
}

std::uint32_t read_number(line_reader& lines, std::string_view name)
{
    const auto digits = lines.field(name, part);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || digits.size() > 9 || digits[0] == '0' ||
        !std::all_of(digits.begin(), digits.end(), is_digit))
        lines.refuse_line();
    return static_cast<std::uint32_t>(std::stoul(std::string(digits)));
}

key_state read_state(line_reader& lines)
{
    const auto state =
        key_state::from_text(std::string(lines.field(state_field, "no state")));
    if (!state)
        lines.refuse_line();
    return *state;
}

bool within(std::uint32_t value, std::uint32_t least, std::uint32_t most)
{
    return value >= least && value <= most;
}

void read_sealed(line_reader& lines, key_text& out)
{
    auto& sealed = out.sealed.emplace();
    sealed.name = lines.field(name_field, part);
    if (!is_key_name(sealed.name))
        lines.refuse_line();
    out.state = read_state(lines);
    sealed.cost.passes = read_number(lines, passes_field);
    sealed.cost.memory_kib = read_number(lines, memory_field);
    if (!within(sealed.cost.passes, least_cost.passes, most_cost.passes) ||
        !within(sealed.cost.memory_kib, least_cost.memory_kib, most_cost.memory_kib))
        lines.refuse("asks for " + std::to_string(sealed.cost.passes) + " passes over " +
                     std::to_string(sealed.cost.memory_kib) +
                     " KiB to check a passphrase, which is out of bounds: copy the file "
                     "again, or have it exported again");
    read_hex(lines, salt_field, sealed.salt);
    read_hex(lines, nonce_field, sealed.nonce);
    out.bound = lines.taken();
    read_hex(lines, sealed_field, sealed.box);
}

std::string line(std::string_view field, const std::string& value)
{
    return std::string(field) + value + "\n";
}

template <std::size_t N>
std::string hex_line(std::string_view field, const std::array<std::uint8_t, N>& octets)
{
    std::array<char, 2 * N + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), octets.data(), N);
    return line(field, hex.data());
}

} // namespace

key_text
parse_key_text(const secret_memory& memory, std::size_t count, const std::string& path)
{
    const std::string_view text(reinterpret_cast<const char*>(memory.data()), count);
    line_reader lines(text, path);
    if (text.find('\r') != std::string_view::npos)
        lines.refuse("has carriage returns at its line ends: copy it again as it is, not "
                     "as text of another system, or let " +
                     quoted_command("keys import FILE NAME") + " mend it");
    const auto first = lines.line();
    if (!first || !starts_with(*first, first_words_of_key)) {
        const bool inside =
            first && text.find(first_words_of_key) != std::string_view::npos;
        lines.refuse("does not begin with '" + std::string(version_1) + "': " +
                     (inside
                          ? "something stands before it that an editor or a mailer put "
                            "there; " +
                                quoted_command("keys import FILE NAME") + " mends it"
                          : "it is no key file of gr-securevoice"));
    }
    key_text out;
    if (*first == version_1) {
        out.plain = plain_key(lines);
    } else if (*first != version_2) {
        lines.refuse("has a version that this program does not know: use a newer "
                     "gr-securevoice");
    } else if (lines.next_is(name_field)) {
        read_sealed(lines, out);
    } else {
        out.state = read_state(lines);
        out.plain = plain_key(lines);
    }
    lines.end();
    return out;
}

secret_memory make_key_text(const secret_key& key, const key_state& state)
{
    // A key to send with stays what older programs can read.
    const auto start =
        (state == key_state() ? line(version_1, "")
                              : line(version_2, "") + line(state_field, state.text())) +
        std::string(key_field);
    secret_memory text(start.size() + key_digits + 1);
    auto* const digits = std::copy(start.begin(), start.end(), text.data());
    // In place: a copy would leave digits in registers. Ends with a zero octet.
    sodium_bin2hex(
        reinterpret_cast<char*>(digits), key_digits + 1, key.data(), secret_key::size);
    digits[key_digits] = '\n';
    return text;
}

secret_memory make_sealed_text(const std::string& name,
                               const secret_key& key,
                               const key_state& state,
                               const passphrase& secret,
                               const seal_cost& cost)
{
    sealed_key sealed;
    sealed.name = name;
    sealed.cost = cost;
    randombytes_buf(sealed.salt.data(), sealed.salt.size());
    randombytes_buf(sealed.nonce.data(), sealed.nonce.size());
    const auto bound =
        line(version_2, "") + line(name_field, name) + line(state_field, state.text()) +
        line(passes_field, std::to_string(cost.passes)) +
        line(memory_field, std::to_string(cost.memory_kib)) +
        hex_line(salt_field, sealed.salt) + hex_line(nonce_field, sealed.nonce);
    seal_key(sealed, bound, key, secret);
    const auto last = hex_line(sealed_field, sealed.box);
    secret_memory text(bound.size() + last.size());
    std::copy(
        last.begin(), last.end(), std::copy(bound.begin(), bound.end(), text.data()));
    return text;
}

} // namespace securevoice::detail

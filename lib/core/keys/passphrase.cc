/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"
#include "core/keys/key_error.h"
#include "core/keys/passphrase.h"
#include "core/keys/terminal.h"
#include "core/system/reason.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace securevoice {

namespace {

bool is_control(std::uint8_t octet) { return octet < ' ' || octet == 0x7F; }

bool is_utf_8(const passphrase& p)
{
    const auto* const octets = p.data();
    for (std::size_t n = 0; n < p.size();) {
        const auto first = octets[n++];
        std::size_t more = 0;
        if (first >= 0xF0)
            more = 3;
        else if (first >= 0xE0)
            more = 2;
        else if (first >= 0x80)
            more = 1;
        if ((more > 0 && (first < 0xC2 || first > 0xF4)) || n + more > p.size())
            return false;
        for (; more > 0; --more)
            if ((octets[n++] & 0xC0) != 0x80)
                return false;
    }
    return true;
}

// One that has another meaning where it is typed than where it is read from a file is
// never begun with.
void check_new(const passphrase& p)
{
    const auto* const octets = p.data();
    if (std::any_of(octets, octets + p.size(), is_control))
        throw key_error("that passphrase has a tab or another character in it that "
                        "cannot be typed where it is asked for: take it out");
    if (p.size() > 0 && (octets[0] == ' ' || octets[p.size() - 1] == ' '))
        throw key_error("that passphrase begins or ends with a blank, which nobody sees "
                        "and editors take away: take it out");
    if (!is_utf_8(p))
        throw key_error("that passphrase is not in UTF-8, as what is typed is: save the "
                        "file as UTF-8");
    if (p.size() < passphrase::least_of_new)
        throw key_error("that passphrase is too short: take at least " +
                        std::to_string(passphrase::least_of_new) +
                        " characters, better five words drawn by dice");
}

// No key was ever sealed by nothing.
void refuse_empty(const passphrase& p, const std::string& key_name)
{
    if (p.size() == 0)
        throw key_error("the passphrase of key '" + key_name +
                        "' is empty: give the one that it was sealed by");
}

[[noreturn]] void too_long()
{
    throw key_error("that passphrase is too long: take at most " +
                    std::to_string(passphrase::most) + " octets");
}

passphrase ask_on_terminal(const std::string& key_name, passphrase_for use)
{
    terminal user("key '" + key_name + "' needs a passphrase");
    const auto ask = [&user](const std::string& prompt) {
        passphrase typed;
        if (!user.read_hidden(prompt, typed))
            too_long();
        return typed;
    };
    if (use == passphrase_for::opening) {
        auto typed = ask("Passphrase of key '" + key_name + "': ");
        refuse_empty(typed, key_name);
        return typed;
    }
    auto first = ask("New passphrase for key '" + key_name + "': ");
    check_new(first);
    if (!ask("The same again: ").same(first))
        throw key_error("the two passphrases are not the same: begin again");
    return first;
}

// What editors of another system put around a line, and nobody can type.
passphrase without_marks(passphrase line)
{
    constexpr std::array<std::uint8_t, 3> byte_order_mark{ 0xEF, 0xBB, 0xBF };
    auto count = line.size();
    if (count > 0 && line.data()[count - 1] == '\r')
        --count;
    std::size_t first = 0;
    if (count >= byte_order_mark.size() &&
        std::equal(byte_order_mark.begin(), byte_order_mark.end(), line.data()))
        first = byte_order_mark.size();
    if (first == 0 && count == line.size())
        return line;
    passphrase bare;
    for (auto n = first; n < count; ++n)
        bare.append(line.data()[n]);
    return bare;
}

passphrase read_line(int descriptor)
{
    passphrase line;
    secret_memory octet(1);
    for (bool nothing_yet = true;; nothing_yet = false) {
        // One by one: what follows the line is for the next one, or for another program.
        const auto got = ::read(descriptor, octet.data(), 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            throw key_error("no passphrase can be read from file descriptor " +
                            std::to_string(descriptor) + ": " + reason());
        if (got == 0 && nothing_yet)
            throw key_error("file descriptor " + std::to_string(descriptor) +
                            " holds no further passphrase: give one line for each "
                            "that is asked for");
        if (got == 0 || *octet.data() == '\n')
            return without_marks(std::move(line));
        if (*octet.data() == 0)
            throw key_error("the passphrase from file descriptor " +
                            std::to_string(descriptor) +
                            " is in UTF-16, or no text: save the file as UTF-8");
        if (!line.append(*octet.data()))
            too_long();
    }
}

} // namespace

bool passphrase::append(std::uint8_t octet)
{
    if (d_count == most)
        return false;
    d_octets.data()[d_count++] = octet;
    return true;
}

void passphrase::remove_last()
{
    const auto continues = [this] {
        return (d_octets.data()[d_count] & 0xC0) == 0x80; // UTF-8, RFC 3629
    };
    while (d_count > 0) {
        --d_count;
        const bool first_octet = !continues();
        d_octets.data()[d_count] = 0;
        if (first_octet)
            break;
    }
}

void passphrase::clear()
{
    wipe_memory(d_octets.data(), d_count);
    d_count = 0;
}

bool passphrase::same(const passphrase& other) const
{
    return d_count == other.d_count && same_octets(data(), other.data(), d_count);
}

passphrase passphrase::copy() const
{
    passphrase other;
    std::copy_n(data(), d_count, other.d_octets.data());
    other.d_count = d_count;
    return other;
}

passphrase_source passphrase_from_terminal() { return &ask_on_terminal; }

passphrase_source passphrase_from_descriptor(int descriptor)
{
    return [descriptor](const std::string& key_name, passphrase_for use) {
        auto line = read_line(descriptor);
        if (use == passphrase_for::opening)
            refuse_empty(line, key_name);
        if (use == passphrase_for::sealing)
            check_new(line);
        return line;
    };
}

} // namespace securevoice

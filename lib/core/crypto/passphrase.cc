/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"
#include "core/crypto/key_error.h"
#include "core/crypto/passphrase.h"
#include "core/crypto/terminal.h"

#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cerrno>

namespace securevoice {

namespace {

void check_new(const passphrase& p)
{
    if (p.size() < passphrase::least_of_new)
        throw key_error("that passphrase is too short: take at least " +
                        std::to_string(passphrase::least_of_new) +
                        " characters, better five words drawn by dice");
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
    if (use == passphrase_for::opening)
        return ask("Passphrase of key '" + key_name + "': ");
    auto first = ask("New passphrase for key '" + key_name + "': ");
    check_new(first);
    if (!ask("The same again: ").same(first))
        throw key_error("the two passphrases are not the same: begin again");
    return first;
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
                            std::to_string(descriptor) + ": " +
                            std::generic_category().message(errno));
        if (got == 0 && nothing_yet)
            throw key_error("file descriptor " + std::to_string(descriptor) +
                            " holds no further passphrase: give one line for each "
                            "that is asked for");
        if (got == 0 || *octet.data() == '\n')
            return line;
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
    return [descriptor](const std::string&, passphrase_for use) {
        auto line = read_line(descriptor);
        if (use == passphrase_for::sealing)
            check_new(line);
        return line;
    };
}

} // namespace securevoice

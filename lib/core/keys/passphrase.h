/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_memory.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace securevoice {

/*! A passphrase, octets as they were typed, in guarded, locked memory, wiped when it
 * goes. */
class passphrase
{
public:
    static constexpr std::size_t most = 1024; // octets
    /*! NIST SP 800-63B, 5.1.1.2, for secrets that people choose */
    static constexpr std::size_t least_of_new = 8;

    passphrase() : d_octets(most) {}

    /*! False if there is no room: the octet was not taken. */
    bool append(std::uint8_t octet);
    /*! Removes the last character, all octets of it if it is UTF-8. */
    void remove_last();
    void clear();

    const std::uint8_t* data() const { return d_octets.data(); }
    std::size_t size() const { return d_count; }
    bool same(const passphrase& other) const;
    passphrase copy() const;

private:
    secret_memory d_octets;
    std::size_t d_count = 0;
};

/*! What one guess of a passphrase costs whoever has the file: Argon2id (RFC 9106), one
 * lane. */
struct seal_cost {
    std::uint32_t passes;
    std::uint32_t memory_kib;
};
/*! Some tenths of a second on a desktop computer; libsodium's MODERATE. */
constexpr seal_cost usual_cost{ 3, 262144 };
/*! Bounds of what is loaded. Less is no protection; more would hold up or exhaust the
 * computer: a file's numbers are not authentic before they were used. */
constexpr seal_cost least_cost{ 1, 8192 };
constexpr seal_cost most_cost{ 16, 1048576 };

enum class passphrase_for {
    opening, // a key file that is sealed by it
    sealing  // a key file that will be
};

/*!
 * Where passphrases come from. \throws key_error if there is none or it is empty, or if
 * one for sealing is too short, or could have another meaning when it is typed: with
 * control characters, blanks at its ends, or not in UTF-8
 */
using passphrase_source =
    std::function<passphrase(const std::string& key_name, passphrase_for use)>;

/*! Asks on the process's terminal (/dev/tty) with echo off; one for sealing twice. Throws
 * if there is no terminal, or the process is in the background. */
passphrase_source passphrase_from_terminal();

/*! Each passphrase is the next line of an open file descriptor, which stays open. No
 * octet behind the line is read. A carriage return at its end and a byte order mark
 * before it do not count: nobody can type them. */
passphrase_source passphrase_from_descriptor(int descriptor);

} // namespace securevoice

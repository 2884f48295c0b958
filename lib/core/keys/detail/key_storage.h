/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_memory.h"

#include <cstddef>
#include <string>

/*! Key files as the system sees them: octets, owner, mode. */
namespace securevoice::detail {

struct stored_text {
    secret_memory octets;
    std::size_t count;
    bool is_private; // belongs to this user, closed to all others
};

/*!
 * Reads a regular file, follows no symbolic link at its end.
 * \param need_private a file of others, or open to others, is refused
 * \param most         octets; a longer one is refused
 * \throws key_error
 */
stored_text read_text(const std::string& path, bool need_private, std::size_t most);

/*! Reads until the end of a stream. \param source its name for messages */
stored_text read_stream(int descriptor, const std::string& source, std::size_t most);

/*! Makes a file, mode 0600. \throws key_error if there is one, or it cannot be written */
void write_new_text(const std::string& path, const secret_memory& text);

/*!
 * Puts a text in the place of a file: there is always the old or the new one, whole. The
 * old one's octets are overwritten.
 */
void replace_text(const std::string& path, const secret_memory& text);

/*! Writes a text to a stream. */
void write_stream(int descriptor,
                  const secret_memory& text,
                  const std::string& destination);

/*! What a file lies on, as far as overwriting goes. */
enum class medium {
    in_place,      // the file system writes over the old octets; the device may not
    copies,        // it writes elsewhere and leaves the old octets: btrfs, zfs, f2fs ...
    memory,        // tmpfs
    other_computer // nfs, cifs
};

/*! Overwrites a file with random octets, removes it. \throws key_error, then the file may
 * still be there */
medium overwrite_and_remove(const std::string& path);

} // namespace securevoice::detail

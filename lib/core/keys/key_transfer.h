/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/key_file.h"

#include <string>

/*! Keys on their way from one keyring to another; and the end of a key. */
namespace securevoice {

/*!
 * Reads a key as others hand it over: a key file of any name, plain or sealed, also with
 * the line ends of another system or without the last one (as readers of QR codes give
 * it); or the 32 octets alone, as 64 hexadecimal digits or as base64 (RFC 4648, with or
 * without padding, both alphabets).
 * \param path "-": standard input
 * \param ask  for the passphrase of a sealed one; empty: a sealed one is refused
 * \return the name is that which a sealed file was given, else the file's; empty if
 * neither is one
 * \throws key_error as read_key_file(); a sealed file may be open to others, a plain one
 * not
 */
key_ptr receive_key(const std::string& path, const passphrase_source& ask);

/*! Whether receive_key() would find a key, plain or sealed, in a file; whoever owns
 * it. */
bool holds_key(const std::string& path);

/*! Writes a key file as write_key_file() does, under any name. \param path "-": standard
 * output */
void hand_over_key(const std::string& path, const named_key& key, const key_seal& seal);

/*! The text of a key file, for a QR code. */
secret_memory key_file_text(const named_key& key, const key_seal& seal);

/*!
 * Overwrites a key file with random octets as far as the medium allows, and removes it.
 * It need not be one that can be read.
 * \return what may be left and where, a sentence
 * \throws key_error if it is no regular file of this user, or longer than a key file
 */
std::string destroy_key_file(const std::string& path);

} // namespace securevoice

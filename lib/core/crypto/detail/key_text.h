/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"

#include <cstddef>
#include <string>

/*!
 * The text of a key file:
 *
 *     gr-securevoice key 1
 *     key: 64 hexadecimal digits
 *
 * A line that this version does not know is refused, so that a state or a seal added by a
 * later one is never passed over.
 */
namespace securevoice::detail {

constexpr std::size_t max_key_text = 4096; // octets

/*!
 * \param text the file's octets
 * \param path for messages
 * \throws key_error; the message holds none of the text
 */
secret_key
parse_key_text(const secret_memory& text, std::size_t count, const std::string& path);

/*! The whole text; all of the memory is used. */
secret_memory make_key_text(const secret_key& key);

} // namespace securevoice::detail

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice {

/*!
 * The same 40 bits as words: each two letters are one of 1024 words.
 * \param letters secret_key::fingerprint()
 * \return four words, separated by spaces
 * \throws std::invalid_argument unless it is 8 letters of RFC 4648 base32
 */
std::string fingerprint_words(const std::string& letters);

} // namespace securevoice

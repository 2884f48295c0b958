/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdexcept>

namespace securevoice {

/*! What is wrong with a key, its file, its passphrase or the keyring: one sentence that
 * says what to do. Never holds secret octets. */
class key_error : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

} // namespace securevoice

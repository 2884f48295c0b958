/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/key_file.h"

#include <string>

namespace gr {
namespace securevoice {

/*!
 * A key for a block: a copy of its own of one that typed_passphrase opened, else from its
 * file, with passphrases from where set_passphrase_descriptor() says.
 * \throws ::securevoice::key_error as ::securevoice::load_key()
 */
::securevoice::key_ptr load_block_key(const std::string& key,
                                      const std::string& keyring,
                                      ::securevoice::key_use use);

} // namespace securevoice
} // namespace gr

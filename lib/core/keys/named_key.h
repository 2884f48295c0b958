/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/keys/key_state.h"

#include <memory>
#include <string>

namespace securevoice {

/*! A traffic key, the name it has in the keyring, and what it may be used for. */
struct named_key {
    std::string name;
    secret_key key;
    key_state state{};
};
using key_ptr = std::shared_ptr<named_key>;

} // namespace securevoice

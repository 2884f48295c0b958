/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/start.h"
#include "core/crypto/secret_key.h"

#include <sodium.h>

#include <stdexcept>

namespace securevoice {

void detail::start_crypto_by(int (*init)())
{
    if (init() < 0)
        throw std::runtime_error(
            "libsodium cannot start: it finds no random source on this "
            "system (is /dev/urandom there?)");
}

void start_crypto() { detail::start_crypto_by(&sodium_init); }

} // namespace securevoice

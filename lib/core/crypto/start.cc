/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/start.h"
#include "core/crypto/secret_key.h"

#include <sodium.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace securevoice {

namespace {

// libsodium ends the process when it gets no random octets later on; its own handler does
// so without a word.
[[noreturn]] void end_process()
{
    constexpr char why[] =
        "securevoice: the system's random source has failed or "
        "libsodium was misused: nothing more is sent, this program ends\n";
    if (write(STDERR_FILENO, why, sizeof why - 1) < 0)
        std::abort(); // nobody to be told
    std::abort();
}

} // namespace

void detail::start_crypto_by(int (*init)())
{
    if (init() < 0)
        throw std::runtime_error(
            "libsodium cannot start: it finds no random source on this "
            "system (is /dev/urandom there?)");
}

void start_crypto()
{
    static const int told = sodium_set_misuse_handler(&end_process);
    if (told != 0)
        throw std::runtime_error(
            "libsodium cannot start: it takes no handler for misuse");
    detail::start_crypto_by(&sodium_init);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/protocol/header.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace securevoice {

/*! Fills memory with random octets. \throws std::runtime_error if it cannot: then nothing
 * is sent */
using random_source = std::function<void(std::uint8_t* octets, std::size_t count)>;

/*! The system's: libsodium's randombytes_buf, which ends the process rather than give
 * weak octets. */
random_source system_random();

using audio_digest = std::array<std::uint8_t, 32>;

/*! Makes \p digest depend on these samples too (16 bit). */
audio_digest
fold_audio(const audio_digest& digest, const std::int16_t* samples, std::size_t count);

/*! What a salt is made of (docs/protocol.md, 6.5). One input that is fresh is enough. */
struct salt_inputs {
    std::array<std::uint8_t, 32> random{};
    std::uint64_t wall_clock = 0;      // ns since 1970
    std::uint64_t monotonic_clock = 0; // ns since some point in the past
    std::uint64_t counter = 0;         // of the salts that this process made
    std::uint64_t process = 0;         // its id: another one after a fork
    audio_digest first_audio{};
};

/*! \throws std::runtime_error if \p random fails or gives zeros only */
salt_inputs gather_salt_inputs(const random_source& random,
                               const audio_digest& first_audio);

/*! \param key traffic key; null for a station without one */
salt_value make_salt(const secret_key* key, const salt_inputs& inputs);

} // namespace securevoice

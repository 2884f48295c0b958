/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"
#include "core/keys/detail/key_seal.h"
#include "core/keys/key_state.h"

#include <cstddef>
#include <optional>
#include <string>

/*!
 * The text of a key file. Version 1, a key to send with:
 *
 *     gr-securevoice key 1
 *     key: 64 hexadecimal digits
 *
 * Version 2, a key with another state, or one under a passphrase:
 *
 *     gr-securevoice key 2              gr-securevoice key 2
 *     state: receive until 2026-12-07   name: friends
 *     key: 64 hexadecimal digits        state: send
 *                                       passes: 3
 *                                       memory: 262144            (KiB)
 *                                       salt: 32 hexadecimal digits
 *                                       nonce: 48
 *                                       sealed: 96
 *
 * The lines stand in this order. One that a version does not know is refused, so that
 * nothing added later is ever passed over.
 */
namespace securevoice::detail {

constexpr std::size_t max_key_text = 4096; // octets

struct key_text {
    key_state state;
    // One of both.
    std::optional<secret_key> plain;
    std::optional<sealed_key> sealed;
    std::string bound; // of a sealed key: the text before its last line
};

/*!
 * \param text the file's octets
 * \param path for messages
 * \throws key_error; the message holds none of the text
 */
key_text
parse_key_text(const secret_memory& text, std::size_t count, const std::string& path);

/*! The whole text; all of the memory is used. */
secret_memory make_key_text(const secret_key& key, const key_state& state);

/*! \throws key_error if there is not enough memory for \p cost */
secret_memory make_sealed_text(const std::string& name,
                               const secret_key& key,
                               const key_state& state,
                               const passphrase& secret,
                               const seal_cost& cost);

} // namespace securevoice::detail

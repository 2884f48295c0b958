/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/keys/key_state.h"
#include "core/keys/passphrase.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <string>

/*! The seal of a key file: Argon2id (RFC 9106) and XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha-03). */
namespace securevoice::detail {

/*! A key under a passphrase. */
struct sealed_key {
    std::string name;
    seal_cost cost{};
    std::array<std::uint8_t, crypto_pwhash_argon2id_SALTBYTES> salt{};
    std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
    std::array<std::uint8_t, secret_key::size + crypto_aead_xchacha20poly1305_ietf_ABYTES>
        box{};
};

/*!
 * Sets the box.
 * \param bound text that the box is bound to: everything else in the file
 * \throws key_error if there is not enough memory
 */
void seal_key(sealed_key& sealed,
              const std::string& bound,
              const secret_key& key,
              const passphrase& secret);

/*! \throws key_error if the passphrase is wrong or anything in the file was changed, if
 * the key is one of zeros, or if there is not enough memory */
secret_key unseal_key(const sealed_key& sealed,
                      const std::string& bound,
                      const passphrase& secret,
                      const std::string& path);

} // namespace securevoice::detail

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_seal.h"
#include "core/keys/key_error.h"

#include <algorithm>

namespace securevoice::detail {

namespace {

secret_memory wrapping_key(const sealed_key& sealed, const passphrase& secret)
{
    secret_memory key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    if (crypto_pwhash(key.data(),
                      key.size(),
                      reinterpret_cast<const char*>(secret.data()),
                      secret.size(),
                      sealed.salt.data(),
                      sealed.cost.passes,
                      std::size_t{ sealed.cost.memory_kib } * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw key_error("there is not enough memory for the passphrase's check (" +
                        std::to_string(sealed.cost.memory_kib / 1024) +
                        " MiB): end other programs");
    return key;
}

const std::uint8_t* octets_of(const std::string& text)
{
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

} // namespace

void seal_key(sealed_key& sealed,
              const std::string& bound,
              const secret_key& key,
              const passphrase& secret)
{
    const auto wrapping = wrapping_key(sealed, secret);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.box.data(),
                                               nullptr,
                                               key.data(),
                                               secret_key::size,
                                               octets_of(bound),
                                               bound.size(),
                                               nullptr,
                                               sealed.nonce.data(),
                                               wrapping.data());
}

secret_key unseal_key(const sealed_key& sealed,
                      const std::string& bound,
                      const passphrase& secret,
                      const std::string& path)
{
    const auto wrapping = wrapping_key(sealed, secret);
    secret_memory octets(secret_key::size);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(octets.data(),
                                                   nullptr,
                                                   nullptr,
                                                   sealed.box.data(),
                                                   sealed.box.size(),
                                                   octets_of(bound),
                                                   bound.size(),
                                                   sealed.nonce.data(),
                                                   wrapping.data()) != 0)
        throw key_error("that passphrase does not open key file '" + path +
                        "': type it again (capitals and blanks count), or copy the file "
                        "again if it was changed");
    if (sodium_is_zero(octets.data(), octets.size()))
        throw key_error("key file '" + path +
                        "' holds a key of zeros, which protects nothing: ask for "
                        "another one");
    return secret_key::take(octets.data(), octets.size());
}

} // namespace securevoice::detail

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/hash.h"

#include <algorithm>
#include <stdexcept>

namespace securevoice {

namespace {

template <std::size_t N, typename Value>
std::array<std::uint8_t, N> little_endian(Value value)
{
    std::array<std::uint8_t, N> out;
    for (auto& octet : out) {
        octet = static_cast<std::uint8_t>(value & 0xFF);
        value >>= 8;
    }
    return out;
}

} // namespace

hash::hash(const hash_name& domain,
           const std::uint8_t* key,
           std::size_t octets,
           const hash_name& personal)
    : d_octets(octets)
{
    if (crypto_generichash_blake2b_init_salt_personal(&d_state,
                                                      key,
                                                      key ? key_octets : 0,
                                                      octets,
                                                      domain.data(),
                                                      personal.data()) != 0)
        throw std::invalid_argument("a BLAKE2b digest has 1 to 64 octets, not " +
                                    std::to_string(octets));
}

hash::~hash() { sodium_memzero(&d_state, sizeof(d_state)); }

hash& hash::add(const std::uint8_t* octets, std::size_t count)
{
    crypto_generichash_blake2b_update(&d_state, octets, count);
    return *this;
}

hash& hash::add_le32(std::uint32_t value) { return add(little_endian<4>(value)); }

hash& hash::add_le64(std::uint64_t value) { return add(little_endian<8>(value)); }

void hash::finish(std::uint8_t* digest)
{
    if (crypto_generichash_blake2b_final(&d_state, digest, d_octets) != 0)
        throw std::logic_error("a hash was finished twice");
}

void hash::finish_first(std::uint8_t* out, std::size_t count)
{
    if (count > d_octets)
        throw std::logic_error("more octets asked for than the digest has");
    std::array<std::uint8_t, crypto_generichash_blake2b_BYTES_MAX> digest;
    finish(digest.data());
    std::copy_n(digest.begin(), count, out);
    sodium_memzero(digest.data(), digest.size());
}

bool same_octets(const std::uint8_t* a, const std::uint8_t* b, std::size_t count)
{
    return sodium_memcmp(a, b, count) == 0;
}

} // namespace securevoice

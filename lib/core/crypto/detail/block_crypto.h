/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/derived_keys.h"
#include "core/protocol/block.h"
#include "core/protocol/frames.h"

#include <array>
#include <cstddef>
#include <cstdint>

/*!
 * Cipher and tags of one block (docs/protocol.md, 6.1 to 6.3). Only the sessions use it:
 * they know which number may be used.
 */
namespace securevoice::detail {

constexpr std::size_t cipher_key_octets = 32;
using stream_domain = std::array<char, 4>;
constexpr stream_domain secure_stream{ 's', 'e', 'c', 'v' };
constexpr stream_domain clear_stream{ 'c', 'l', 'r', 'v' };

/*!
 * The one function that makes keystream: ChaCha20 (RFC 8439) from block counter 0, nonce
 * domain | number.
 * \param key 32 octets
 */
void make_stream(const std::uint8_t* key,
                 const stream_domain& domain,
                 std::uint64_t number,
                 std::uint8_t* out,
                 std::size_t octets);

/*! \p text XOR stream over the 8 + V bits that a codec sends. Its own inverse. */
text_field crypt_text(const std::uint8_t* key,
                      const stream_domain& domain,
                      std::uint32_t number,
                      codec c,
                      const text_field& text);

/*! True if all bits beyond 8 + V are zero. */
bool unused_bits_are_zero(codec c, const text_field& field);

using block_tag = std::array<std::uint8_t, tag_octets>;
using clear_check = std::array<std::uint8_t, 3>;

block_tag
secure_tag(const voice_keys& keys, std::uint32_t number, codec c, const air_block& block);
clear_check check_of_clear(const std::uint8_t* check_key,
                           std::uint32_t number,
                           codec c,
                           const air_block& block);
/*! Of a block whose check is set. */
std::uint8_t keyed_octet(const voice_keys& keys,
                         std::uint32_t number,
                         codec c,
                         const air_block& block);

/*! Body and tag of a block whose piece is set. */
void seal_secure(const voice_keys& keys,
                 std::uint32_t number,
                 codec c,
                 const text_field& text,
                 air_block& block);

/*! \return false, and \p text untouched, if the tag does not fit */
bool open_secure(const voice_keys& keys,
                 std::uint32_t number,
                 codec c,
                 const air_block& block,
                 text_field& text);

/*! True if the keyed octet of a clear block fits. */
bool keyed_octet_fits(const voice_keys& keys,
                      std::uint32_t number,
                      codec c,
                      const air_block& block);

} // namespace securevoice::detail

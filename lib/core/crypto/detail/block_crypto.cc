/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"

#include <sodium.h>

#include <algorithm>

namespace securevoice::detail {

namespace {

static_assert(cipher_key_octets == crypto_stream_chacha20_ietf_KEYBYTES,
              "ChaCha20 of RFC 8439");

constexpr std::size_t check_octets = std::tuple_size_v<clear_check>;
static_assert(check_octets + 1 == tag_octets, "tag field of a clear block");

// What tag and checks of a block cover.
void add_block(hash& h, kind k, std::uint32_t number, codec c, const air_block& block)
{
    h.add(static_cast<std::uint8_t>(k))
        .add_le32(number)
        .add(block.piece)
        .add(block.body.data(), text_octets(c));
}

std::uint8_t unused_bits_of_last_octet(codec c)
{
    const auto used = (signalling_bits + voice_bits(c)) % 8;
    return static_cast<std::uint8_t>(used == 0 ? 0 : 0xFF >> used);
}

} // namespace

void make_stream(const std::uint8_t* key,
                 const stream_domain& domain,
                 std::uint64_t number,
                 std::uint8_t* out,
                 std::size_t octets)
{
    std::array<std::uint8_t, crypto_stream_chacha20_ietf_NONCEBYTES> nonce;
    auto next = std::copy(domain.begin(), domain.end(), nonce.begin());
    for (; next != nonce.end(); ++next) {
        *next = static_cast<std::uint8_t>(number & 0xFF);
        number >>= 8;
    }
    crypto_stream_chacha20_ietf(out, octets, nonce.data(), key);
}

text_field crypt_text(const std::uint8_t* key,
                      const stream_domain& domain,
                      std::uint32_t number,
                      codec c,
                      const text_field& text)
{
    const auto octets = text_octets(c);
    text_field stream{};
    const wiped_at_end wipe(stream);
    make_stream(key, domain, number, stream.data(), octets);
    stream[octets - 1] =
        static_cast<std::uint8_t>(stream[octets - 1] & ~unused_bits_of_last_octet(c));
    text_field out = text;
    for (std::size_t n = 0; n < octets; ++n)
        out[n] ^= stream[n];
    return out;
}

bool unused_bits_are_zero(codec c, const text_field& field)
{
    const auto octets = text_octets(c);
    auto unused =
        static_cast<std::uint8_t>(field[octets - 1] & unused_bits_of_last_octet(c));
    for (auto n = octets; n < field.size(); ++n)
        unused |= field[n];
    return unused == 0;
}

block_tag
secure_tag(const voice_keys& keys, std::uint32_t number, codec c, const air_block& block)
{
    hash h(domains::block_tag, keys.mac(), 32);
    add_block(h, kind::secure, number, c, block);
    return h.first<tag_octets>();
}

clear_check check_of_clear(const std::uint8_t* check_key,
                           std::uint32_t number,
                           codec c,
                           const air_block& block)
{
    hash h(domains::clear_check, check_key, 32);
    add_block(h, kind::clear, number, c, block);
    return h.first<check_octets>();
}

std::uint8_t
keyed_octet(const voice_keys& keys, std::uint32_t number, codec c, const air_block& block)
{
    hash h(domains::clear_keyed, keys.mac(), 32);
    add_block(h, kind::clear, number, c, block);
    h.add(block.tag.data(), check_octets);
    return h.first<1>()[0];
}

void seal_secure(const voice_keys& keys,
                 std::uint32_t number,
                 codec c,
                 const text_field& text,
                 air_block& block)
{
    block.body = crypt_text(keys.enc(), secure_stream, number, c, text);
    block.tag = secure_tag(keys, number, c, block);
}

bool open_secure(const voice_keys& keys,
                 std::uint32_t number,
                 codec c,
                 const air_block& block,
                 text_field& text)
{
    if (number >= max_blocks || !unused_bits_are_zero(c, block.body) ||
        !same_octets(secure_tag(keys, number, c, block), block.tag))
        return false;
    text = crypt_text(keys.enc(), secure_stream, number, c, block.body);
    return true;
}

bool keyed_octet_fits(const voice_keys& keys,
                      std::uint32_t number,
                      codec c,
                      const air_block& block)
{
    const auto expected = keyed_octet(keys, number, c, block);
    return number < max_blocks && unused_bits_are_zero(c, block.body) &&
           same_octets(&expected, &block.tag.back(), 1);
}

} // namespace securevoice::detail

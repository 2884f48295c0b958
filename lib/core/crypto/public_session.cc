/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/derived_keys.h"
#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "core/crypto/session.h"

#include <algorithm>

namespace securevoice {

namespace {

codec codec_of(const header& h) { return mode_from_code(h.mode_code()).codec; }

} // namespace

public_session::public_session(const header& h) : d_header(h)
{
    hash(domains::clear_keys, nullptr, d_keys.size())
        .add(context_of(h))
        .finish(d_keys.data());
}

bool public_session::open(std::uint32_t number,
                          const air_block& block,
                          text_field& text) const
{
    const auto c = codec_of(d_header);
    const auto check = detail::check_of_clear(
        d_keys.data() + detail::cipher_key_octets, number, c, block);
    if (number >= max_blocks || !detail::unused_bits_are_zero(c, block.body) ||
        !std::equal(check.begin(), check.end(), block.tag.begin()))
        return false;
    text = detail::crypt_text(d_keys.data(), detail::clear_stream, number, c, block.body);
    return true;
}

air_block public_session::seal(std::uint32_t number, const text_field& text) const
{
    const auto c = codec_of(d_header);
    air_block block;
    block.piece = header_piece(d_header, number);
    block.body = detail::crypt_text(d_keys.data(), detail::clear_stream, number, c, text);
    const auto check = detail::check_of_clear(
        d_keys.data() + detail::cipher_key_octets, number, c, block);
    std::copy(check.begin(), check.end(), block.tag.begin());
    return block;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/derived_keys.h"
#include "core/crypto/hash.h"

#include <algorithm>

namespace securevoice {

namespace {

constexpr std::size_t derived_octets = 64;
constexpr std::size_t time_at = salt_octets;
constexpr std::size_t tag_at = time_at + 4;
constexpr std::size_t check_at = tag_at + 4;

} // namespace

context context_of(const header& h)
{
    const auto m = mode_from_code(h.mode_code());
    context ctx;
    const auto salt = h.salt();
    auto next = std::copy(salt.begin(), salt.end(), ctx.begin());
    *next++ = protocol_version;
    *next++ = static_cast<std::uint8_t>(m.codec);
    *next++ = static_cast<std::uint8_t>(m.profile);
    return ctx;
}

header_keys::header_keys(const secret_key& key, const context& ctx)
    : d_octets(derived_octets)
{
    hash(domains::header_keys, key.data(), derived_octets)
        .add(ctx)
        .finish(d_octets.data());
}

std::uint32_t header_keys::mask() const
{
    const auto* octets = d_octets.data() + secret_key::size;
    return (std::uint32_t{ octets[0] } << 24 | std::uint32_t{ octets[1] } << 16 |
            std::uint32_t{ octets[2] } << 8 | octets[3]) &
           start_time_mask;
}

header_tag header_keys::tag(const header& h) const
{
    return hash(domains::header_tag, d_octets.data(), 32)
        .add(context_of(h))
        .add(h.octets.data() + time_at, tag_at - time_at)
        .first<4>();
}

voice_keys::voice_keys(const secret_key& key,
                       const context& ctx,
                       std::uint32_t start_time)
    : d_octets(derived_octets)
{
    hash(domains::voice_keys, key.data(), derived_octets)
        .add(ctx)
        .add_le64(start_time)
        .finish(d_octets.data());
}

header_check public_header_check(const header& h)
{
    return hash(domains::header_check, nullptr, 32)
        .add(context_of(h))
        .add(h.octets.data() + time_at, check_at - time_at)
        .first<2>();
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"
#include "core/crypto/secret_memory.h"
#include "core/protocol/header.h"

#include <array>
#include <cstdint>

/*! The two stages of keys of one transmission (docs/protocol.md, section 6). */
namespace securevoice {

/*! `ctx`: salt, version, codec, profile. */
using context = std::array<std::uint8_t, salt_octets + 3>;
/*! \throws std::invalid_argument if the header's mode does not exist */
context context_of(const header& h);

/*! Stage 1 (`hk`): what a header needs. */
class header_keys
{
public:
    header_keys(const secret_key& key, const context& ctx);

    /*! 28 bits that hide the start time. */
    std::uint32_t mask() const;
    /*! `htag` of a header whose salt, mode and time are set. */
    header_tag tag(const header& h) const;

private:
    secret_memory d_octets;
};

/*! Stage 2 (`vk`): what blocks need. */
class voice_keys
{
public:
    /*! \param start_time units of 4 s, 28 bits */
    voice_keys(const secret_key& key, const context& ctx, std::uint32_t start_time);

    const std::uint8_t* enc() const { return d_octets.data(); }
    const std::uint8_t* mac() const { return d_octets.data() + secret_key::size; }

private:
    secret_memory d_octets;
};

/*! `hcheck` of a header whose other fields are set; anybody can compute it. */
header_check public_header_check(const header& h);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/block.h"

#include <array>
#include <cstdint>
#include <optional>

namespace securevoice {

using salt_value = std::array<std::uint8_t, salt_octets>;

/*! The header of a transmission: 22 octets (docs/protocol.md, section 5). */
struct header {
    std::array<std::uint8_t, header_octets> octets{};

    salt_value salt() const;
    std::uint8_t mode_code() const;
    std::uint32_t masked_time() const; // 28 bits
    std::array<std::uint8_t, 4> tag() const;
    bool operator==(const header& o) const { return octets == o.octets; }
    bool operator!=(const header& o) const { return octets != o.octets; }
};

/*! The piece of block \p number (5.1). Keeps nothing: about a microsecond. */
piece_octets header_piece(const header& h, std::uint32_t number);

/*!
 * Collects pieces and solves for the header. Pieces are kept with their weights: the most certain are used first, and where the
 * check does not fit, single ones are left out in turn.
 */
class header_assembler
{
public:
    /*! \param weight larger is more certain \param number the block's number */
    void add(std::uint32_t number, const piece_octets& piece, float weight);

    /*! The header whose public check fits, if there are pieces enough. Bounded work per call. */
    std::optional<header> solve() const;

    std::size_t size() const;
    void clear();

private:
    struct entry {
        std::uint32_t index; // number mod 32768
        piece_octets piece;
        float weight;
    };
    std::array<entry, 24> d_entries{};
    std::size_t d_count = 0;
};

} // namespace securevoice

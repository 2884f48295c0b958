/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/block.h"
#include "core/protocol/mode.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace securevoice {

using salt_value = std::array<std::uint8_t, salt_octets>;
using header_tag = std::array<std::uint8_t, 4>;
using header_check = std::array<std::uint8_t, 2>;

constexpr unsigned start_time_bits = 28;
constexpr std::uint32_t start_time_mask = (1u << start_time_bits) - 1;

/*! The header of a transmission: 22 octets (docs/protocol.md, section 5). */
struct header {
    std::array<std::uint8_t, header_octets> octets{};

    salt_value salt() const;
    std::uint8_t mode_code() const;    // 0 ... 15; is_mode() says whether it exists
    std::uint32_t masked_time() const; // 28 bits
    header_tag tag() const;
    header_check check() const;

    void set_salt(const salt_value& salt);
    /*! \param masked_time the lower 28 bits are taken */
    void set_time(mode m, std::uint32_t masked_time);
    void set_tag(const header_tag& tag);
    void set_check(const header_check& check);

    bool operator==(const header& o) const { return octets == o.octets; }
    bool operator!=(const header& o) const { return octets != o.octets; }
};

/*! The piece of block \p number (5.1). Keeps nothing. */
piece_octets header_piece(const header& h, std::uint32_t number);

/*! How certain the bits of a piece are, first bit first: larger is more certain. */
using piece_certainty = std::array<float, piece_bits>;

class header_equations;

/*!
 * Collects pieces and solves for the header (5.1; Reed and Solomon 1960). Six pieces are
 * twelve words, one more than the header has: six that do not lie on one polynomial are
 * passed over before the check is asked.
 */
class header_assembler
{
public:
    static constexpr std::size_t capacity = 24;
    static constexpr std::size_t pieces_needed = 6;
    static constexpr std::size_t pieces_tried = 12; // all sets of six among them

    header_assembler();
    ~header_assembler();
    header_assembler(header_assembler&&) noexcept;
    header_assembler& operator=(header_assembler&&) noexcept;

    /*!
     * Of two pieces with one index (number modulo 32768) the better is kept. When all
     * places are taken, the worst of the older half goes: however certain bad pieces
     * look, the newest ones stay.
     * \param number the block's number
     * \param weight larger is more certain
     * \param bits   how certain each bit is
     */
    void add(std::uint32_t number,
             const piece_octets& piece,
             float weight,
             const piece_certainty& bits = {});

    /*!
     * A header for which six pieces agree and \p fits (header_check_fits of crypto/) is
     * true. Tries all sets of six among the twelve best pieces, those of the best first,
     * then among the twelve newest, so that bad pieces with good weights block nothing:
     * at most 2 * 924 sets, about 0.5 ms. Then it leaves out the least certain bits of
     * seven or more pieces (header_equations.h), the newest and the best: 1 ms at most.
     */
    std::optional<header> solve(const std::function<bool(const header&)>& fits) const;

    std::size_t size() const { return d_count; }
    void clear() { d_count = 0; }

private:
    struct entry {
        std::uint32_t index; // number mod 32768
        piece_octets piece;
        float weight;
        piece_certainty bits;
    };
    using chosen = std::array<const entry*, pieces_tried>;

    void remove(std::size_t position);
    static std::optional<header>
    solve_six(const std::array<const entry*, pieces_needed>& six);
    static std::optional<header>
    solve_among(const chosen& entries,
                std::size_t count,
                const std::function<bool(const header&)>& fits);
    std::optional<header>
    solve_bits(const std::array<const entry*, capacity>& entries,
               const std::function<bool(const header&)>& fits) const;

    std::array<entry, capacity> d_entries{}; // oldest first
    std::size_t d_count = 0;
    std::unique_ptr<header_equations> d_equations; // its working memory
};

} // namespace securevoice

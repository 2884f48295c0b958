/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"
#include "core/protocol/mode.h"

#include <array>
#include <functional>
#include <vector>

namespace securevoice {

/*!
 * Convolutional interleaver of the profile `robust` (docs/protocol.md, 3.5; Ramsey 1970,
 * Forney 1971): data symbol m of block n is sent at the same place of air block n
 * + symbol_delay(m). Depth 1, the profile `narrow`, is no interleaver at all.
 */
constexpr std::size_t symbol_delay(std::size_t m, std::size_t depth) { return m % depth; }

/*! Data symbol of the start frame that fills the place of data symbol \p m in air block
 * \p air where there is no block to be sent. */
constexpr std::size_t filler(std::size_t m, std::size_t air)
{
    return (m + 37 * air) % start_data_symbols;
}

/*! Sender's side. */
class interleaver
{
public:
    /*! A burst begins. \param start its frame; its bits fill what has no block */
    explicit interleaver(const coded_frame& start);

    /*! The next block: what is on the air in its time. */
    coded_frame push(const coded_frame& block);

    /*! Behind the last block: air blocks that remain to be sent before the closing
     * word. */
    std::size_t remaining() const { return d_depth - 1; }
    coded_frame flush();

private:
    using code_bits = std::array<std::uint8_t, block_code_bits>;
    coded_frame mix(bool fresh);

    std::array<std::uint8_t, start_code_bits> d_header{};
    std::uint8_t d_mode;
    std::size_t d_depth;
    std::vector<code_bits> d_blocks; // ring
    std::vector<bool> d_there;
    std::uint32_t d_first = 0; // number of the burst's first block
    std::uint32_t d_air = 0;   // air blocks made
};

/*!
 * Receiver's side: soft frames of the air to soft frames of the code. A block comes out
 * with its last symbols; blocks of which less than half of the symbols came (late entry)
 * are left out. What fills the first air blocks is added to the start frame, which
 * therefore comes after them, and is made of them where it was not heard.
 */
class deinterleaver
{
public:
    using sink = std::function<void(const soft_frame&)>;

    explicit deinterleaver(profile p) : d_depth(interleaver_depth(p)), d_ring(d_depth) {}

    /*! \param air frames, their numbers growing \param length of a block, in units of
     * soft_frame::time */
    void
    push(const soft_frame& air, std::uint32_t number, double length, const sink& emit);

    /*! The signal is over: what is still to be had. */
    void finish(double length, const sink& emit);

private:
    struct slot {
        soft_frame frame;
        bool there = false;
    };
    void pass(double length, const sink& emit);
    void add_filler(const soft_frame& air, std::uint32_t number);
    void emit_header(const sink& emit);
    void emit_block(std::int64_t number, double length, const sink& emit);

    std::size_t d_depth;
    std::vector<slot> d_ring; // by the air block's number
    soft_frame d_header;
    bool d_has_header = false;
    std::int64_t d_newest = -1; // air block
};

} // namespace securevoice

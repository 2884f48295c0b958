/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/waveform/interleaver.h"

#include <algorithm>

namespace securevoice {

interleaver::interleaver(const coded_frame& start)
    : d_mode(start.mode),
      d_depth(interleaver_depth(profile_of(start.mode))),
      d_blocks(d_depth),
      d_there(d_depth)
{
    std::copy_n(start.bits.begin(), start_code_bits, d_header.begin());
}

coded_frame interleaver::push(const coded_frame& block)
{
    if (d_air == 0)
        d_first = block.number;
    d_blocks[d_air % d_depth] = block.bits;
    coded_frame air = mix(true);
    air.kind = block.kind;
    return air;
}

coded_frame interleaver::flush() { return mix(false); }

coded_frame interleaver::mix(bool fresh)
{
    d_there[d_air % d_depth] = fresh;
    coded_frame air;
    air.what = coded_frame::type::block;
    air.mode = d_mode;
    air.number = static_cast<std::uint16_t>((d_first + d_air) % max_blocks);
    for (std::size_t m = 0; m < data_symbols; ++m) {
        const std::size_t delay = symbol_delay(m, d_depth);
        const std::size_t from = (d_air + d_depth - delay) % d_depth;
        const bool there = delay <= d_air && d_there[from];
        const std::size_t fill = filler(m, d_air);
        for (std::size_t bit = 0; bit < 2; ++bit)
            air.bits[2 * m + bit] =
                there ? d_blocks[from][2 * m + bit] : d_header[2 * fill + bit];
    }
    ++d_air;
    return air;
}

void deinterleaver::push(const soft_frame& air,
                         std::uint32_t number,
                         double length,
                         const sink& emit)
{
    if (air.what == soft_frame::type::start) {
        d_header = air;
        d_has_header = true;
        if (d_depth == 1)
            emit_header(emit);
        return;
    }
    while (d_newest >= 0 && d_newest + 1 < static_cast<std::int64_t>(number))
        pass(length, emit);
    d_newest = number;
    d_ring[number % d_depth] = { air, true };
    if (number + 1 < d_depth)
        add_filler(air, number);
    if (number + 2 >= d_depth)
        emit_header(emit);
    emit_block(d_newest - static_cast<std::int64_t>(d_depth) + 1, length, emit);
}

void deinterleaver::finish(double length, const sink& emit)
{
    if (d_newest >= 0)
        emit_header(emit);
    for (std::size_t k = 1; d_newest >= 0 && k < d_depth; ++k)
        pass(length, emit);
    d_newest = -1;
}

/* An air block that did not come. */
void deinterleaver::pass(double length, const sink& emit)
{
    ++d_newest;
    d_ring[static_cast<std::size_t>(d_newest) % d_depth].there = false;
    emit_block(d_newest - static_cast<std::int64_t>(d_depth) + 1, length, emit);
}

void deinterleaver::add_filler(const soft_frame& air, std::uint32_t number)
{
    if (!d_has_header) {
        d_header = air;
        d_header.what = soft_frame::type::start;
        d_header.number = 0;
        d_header.llr.fill(0);
        d_has_header = true;
    }
    for (std::size_t m = 0; m < data_symbols; ++m)
        if (symbol_delay(m, d_depth) > number)
            for (std::size_t bit = 0; bit < 2; ++bit)
                d_header.llr[2 * filler(m, number) + bit] += air.llr[2 * m + bit];
}

void deinterleaver::emit_header(const sink& emit)
{
    if (d_has_header)
        emit(d_header);
    d_has_header = false;
}

void deinterleaver::emit_block(std::int64_t number, double length, const sink& emit)
{
    if (number < 0)
        return;
    const auto n = static_cast<std::size_t>(number);
    const slot* newest = nullptr;
    std::size_t heard = 0, age = 0; // age: air blocks from its first to its newest
    float quality = 0, pilots = 0;
    for (std::size_t delay = 0; delay < d_depth; ++delay) {
        const slot& s = d_ring[(n + delay) % d_depth];
        if (!s.there)
            continue;
        ++heard;
        quality += s.frame.sync_quality;
        pilots += s.frame.pilot_quality;
        newest = &s;
        age = delay;
    }
    if (2 * heard < d_depth)
        return;
    soft_frame block = newest->frame;
    block.number = static_cast<std::uint16_t>(n);
    block.time -= static_cast<double>(age) * length;
    block.sync_quality = quality / static_cast<float>(heard);
    block.pilot_quality = pilots / static_cast<float>(heard);
    for (std::size_t m = 0; m < data_symbols; ++m) {
        const slot& s = d_ring[(n + symbol_delay(m, d_depth)) % d_depth];
        for (std::size_t bit = 0; bit < 2; ++bit)
            block.llr[2 * m + bit] = s.there ? s.frame.llr[2 * m + bit] : 0.0f;
    }
    emit(block);
}

} // namespace securevoice

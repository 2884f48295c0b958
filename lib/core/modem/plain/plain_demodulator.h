/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/front_end.h"
#include "core/modem/plain/plain_fit.h"
#include "core/modem/plain/plain_receive_filter.h"
#include "core/protocol/frames.h"

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace securevoice {

/*!
 * IQ to soft frames of one of the plain modems. The start frame is looked for all the
 * time, at eight places in a unit; from it on block follows after block, each with its
 * place, scale and phase (or zero of frequency) from its own known symbols. No late
 * entry. A call whose known symbols are missing for 3 s is given up, and a new start
 * frame ends the call before it. The codec is the one that the pilots name.
 */
class plain_demodulator
{
public:
    using sink = std::function<void(const soft_frame&)>;

    plain_demodulator(profile p, double sample_rate, double max_offset_hz);

    void push(const cfloat* iq, std::size_t count, const sink& emit);
    void finish(const sink& emit);

    const std::vector<cfloat>& constellation() const { return d_constellation; }

private:
    static constexpr int places =
        2; // samples, on each side of where a block should begin

    void advance(const sink& emit);
    void seek_start(const sink& emit);
    void confirm_start(const sink& emit);
    void demodulate_block(const sink& emit);
    void follow(std::size_t place, const std::array<float, 2 * places + 1>& shares);
    void give_up(const sink& emit);

    const cfloat* sample(std::uint64_t at) const { return &d_stream[at - d_first]; }
    std::uint64_t end() const { return d_first + d_stream.size(); }
    plain_likeness likeness(std::uint64_t at) const;
    plain_fit fit(std::uint64_t at,
                  const std::vector<known_unit>& known,
                  double turn,
                  double reach,
                  int steps) const;
    soft_frame read(std::uint64_t at, const plain_fit& f, soft_frame::type what);
    std::uint8_t mode_code() const;
    double seconds_of(double at) const;
    double units_per_second() const;
    float offset_of(const plain_fit& f) const;

    plain_signal d_signal;
    double d_sample_rate;
    double d_max_offset_hz;
    front_end d_front;
    plain_receive_filter d_filter;
    std::vector<known_unit> d_start_known;
    std::size_t d_frame; // samples of the stream
    std::size_t d_seen;  // of a frame and the sync word behind it, with a margin
    std::vector<cfloat> d_received;
    std::vector<cfloat> d_stream; // newest samples behind the filter
    std::uint64_t d_first = 0;    // index of the first one

    // search: the likeliest place so far
    std::uint64_t d_looked_at = 0;
    plain_likeness d_likely;
    std::uint64_t d_likely_at = 0;

    // the call
    bool d_in_call = false;
    bool d_told = false;               // something of it was emitted
    std::optional<soft_frame> d_start; // waits for the codec, which block 0 names
    std::array<float, codec_count> d_codec_score{};
    std::uint32_t d_track = 0;
    std::uint32_t d_number = 0;
    double d_next = 0;  // where the next block begins
    double d_clock = 0; // samples by which blocks are longer than they should be
    double d_turn = 0;  // of the carrier
    std::size_t d_misses = 0;
    bool d_over = false;
    std::vector<cfloat> d_constellation;
};

} // namespace securevoice

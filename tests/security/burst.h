/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "attack.h"
#include "core/chain/receiver.h"
#include "core/channel/channel.h"
#include "core/channel/noise.h"
#include "core/modem/modulator.h"

#include <vector>

/*! Transmissions as IQ. */
namespace attack {

constexpr double burst_rate = 48000; // samples/s
constexpr double burst_lead = 0.3;   // s of silence before and behind a burst

/*! Start frame, blocks, closing word. */
inline std::vector<cfloat> burst_of(const std::vector<coded_frame>& frames)
{
    std::vector<cfloat> iq;
    modulator m(burst_rate);
    for (const auto& frame : frames)
        m.modulate(frame, iq);
    coded_frame closing;
    closing.what = coded_frame::type::closing;
    closing.mode = frames.back().mode;
    closing.number = static_cast<std::uint16_t>(frames.back().number + 1);
    m.modulate(closing, iq);
    return iq;
}

inline std::vector<cfloat> burst_of(const call& sent)
{
    std::vector<coded_frame> frames{ sent.start() };
    for (std::size_t n = 0; n < sent.blocks.size(); ++n)
        frames.push_back(sent.block(n));
    return burst_of(frames);
}

/*! Samples of a burst of so many frames before the middle between two symbols, the first
 * symbol's left. */
inline std::size_t first_symbol_of(const std::vector<cfloat>& burst, std::size_t frames)
{
    constexpr double per_symbol = burst_rate / symbol_rate;
    const auto symbols = static_cast<double>(frames * block_symbols + sync_symbols);
    const auto ringing = static_cast<double>(burst.size()) - symbols * per_symbol;
    return static_cast<std::size_t>((ringing - per_symbol) / 2);
}

/*! Noise over some symbols of a burst, \p amplitude times as strong as it. */
inline void cover_symbols(std::vector<cfloat>& burst,
                          std::size_t first,
                          std::size_t count,
                          float amplitude,
                          std::uint64_t seed)
{
    constexpr auto per_symbol = static_cast<std::size_t>(burst_rate / symbol_rate);
    noise_source(seed).add(
        burst.data() + first * per_symbol, count * per_symbol, amplitude);
}

/*! Silence around a burst, then the channel. */
inline std::vector<cfloat> on_the_air(const std::vector<cfloat>& burst,
                                      double cn0_dbhz,
                                      double offset_hz,
                                      std::uint64_t seed)
{
    std::vector<cfloat> iq(static_cast<std::size_t>(burst_lead * burst_rate));
    iq.insert(iq.end(), burst.begin(), burst.end());
    iq.resize(iq.size() + static_cast<std::size_t>(burst_lead * burst_rate));
    channel_options options;
    options.sample_rate = burst_rate;
    options.cn0_dbhz = cn0_dbhz;
    options.offset_hz = offset_hz;
    options.seed = seed;
    channel c(options);
    std::vector<cfloat> out;
    c.process(iq.data(), iq.size(), out);
    return out;
}

} // namespace attack

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/sidetone.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace securevoice {

namespace {
constexpr int end_peak = 8191;   // as of clear_tone: the sum of both cannot clip
constexpr std::size_t edge = 40; // samples, so that it does not click
} // namespace

void sidetone::take(const coded_frame& frame, std::vector<std::int16_t>& out)
{
    if (frame.what != coded_frame::type::block &&
        frame.what != coded_frame::type::analog) {
        d_tone.restart();           // each transmission warns anew
        if (frame.kind != kind::fm) // a closing word before FM ends none
            d_ends_soon = false;
        return;
    }
    const auto at = out.size();
    out.resize(at + samples_per_block, 0);
    if (frame.kind == kind::secure)
        d_tone.restart();
    else // also a block of which nobody said what it is
        d_tone.mix(out.data() + at, samples_per_block);
    if (!std::exchange(d_ends_soon, frame.ends_soon != 0) && d_ends_soon)
        d_warned = 0;
    if (d_ends_soon)
        warn_of_the_end(out.data() + at, samples_per_block);
}

void sidetone::warn_of_the_end(std::int16_t* out, std::size_t count)
{
    constexpr double turn = 2 * 3.14159265358979323846 * end_hertz / speech_rate;
    for (; count > 0 && d_warned < end_length; --count, ++out, ++d_warned) {
        const auto rise =
            static_cast<double>(std::min({ edge, d_warned, end_length - 1 - d_warned }));
        *out = static_cast<std::int16_t>(
            *out + std::lround(end_peak * rise / edge *
                               std::sin(turn * static_cast<double>(d_warned))));
    }
}

} // namespace securevoice

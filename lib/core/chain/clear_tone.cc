/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/clear_tone.h"

#include "core/protocol/constants.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {

namespace {

constexpr std::size_t pip = 480;   // samples: 60 ms
constexpr std::size_t pause = 240; // samples: 30 ms
constexpr std::size_t edge = 40;   // samples, 5 ms of a pip, so that it does not click
constexpr int peak = 8191;         // a quarter of the range: -12 dBFS
constexpr int voice_divisor = 4;   // 12 dB down
static_assert(2 * pip + pause == clear_tone::length);
static_assert(peak + 32768 / voice_divisor <= 32767, "the sum cannot clip");

std::array<std::int16_t, clear_tone::length> make_pips()
{
    std::array<std::int16_t, clear_tone::length> out{};
    const auto put = [&](std::size_t first, double hertz) {
        for (std::size_t n = 0; n < pip; ++n) {
            const auto from_edge = static_cast<double>(std::min(n, pip - 1 - n));
            const double rise =
                from_edge < edge ? 0.5 - 0.5 * std::cos(M_PI * from_edge / edge) : 1;
            const double turn = 2 * M_PI * hertz * static_cast<double>(n) / speech_rate;
            out[first + n] =
                static_cast<std::int16_t>(std::lround(peak * rise * std::sin(turn)));
        }
    };
    put(0, 1000);
    put(pip + pause, 1500);
    return out;
}

} // namespace

clear_tone::clear_tone(double seconds)
    : d_period(
          std::max(length, static_cast<std::size_t>(std::lround(seconds * speech_rate))))
{
}

void clear_tone::mix(std::int16_t* voice, std::size_t count)
{
    static const auto pips = make_pips();
    for (std::size_t n = 0; n < count; ++n) {
        if (d_at < length)
            voice[n] = static_cast<std::int16_t>(voice[n] / voice_divisor + pips[d_at]);
        d_at = (d_at + 1) % d_period;
    }
}

} // namespace securevoice

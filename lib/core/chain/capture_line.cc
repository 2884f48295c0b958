/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/capture_line.h"

#include "core/protocol/constants.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

void capture_line::observe(double now, std::uint64_t arrived, bool free)
{
    const double ahead = static_cast<double>(arrived) - speech_rate * now;
    if (!d_any) {
        d_any = true;
        d_newest = d_older = ahead;
        d_begin = now;
        d_arrived_before = arrived;
    }
    d_arrived = arrived;
    d_newest = std::max(d_newest, ahead);
    d_free = d_free && free;
    const double passed = now - d_begin;
    if (passed < period_seconds)
        return;
    const auto came = static_cast<double>(arrived - d_arrived_before);
    if (d_free && came <= fastest_pace * speech_rate * passed) {
        d_older = d_newest;
        d_newest = ahead;
    }
    d_begin = now;
    d_arrived_before = arrived;
    d_free = true;
}

std::uint64_t capture_line::captured_by(double time) const
{
    if (!d_any)
        return 0;
    const double line = std::ceil(std::max(d_newest, d_older) + speech_rate * time);
    return std::max(d_arrived, static_cast<std::uint64_t>(std::max(line, 0.0)));
}

} // namespace securevoice

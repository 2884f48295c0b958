/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/ctcss_detector.h"

#include <cmath>

namespace securevoice {

namespace {
constexpr double seconds =
    0.4; // neighbours on the list of tones are 2.4 Hz away and more
}

ctcss_detector::ctcss_detector(double tone_hz, double rate, double least_hz)
    : d_step(2 * M_PI * tone_hz / rate), d_span(seconds * rate), d_least(least_hz)
{
}

void ctcss_detector::push(const float* frequency, std::size_t count)
{
    subframe p{ {}, count };
    for (std::size_t n = 0; n < count; ++n) {
        p.sum += std::polar(static_cast<double>(frequency[n]), -d_phase);
        d_phase = std::fmod(d_phase + d_step, 2 * M_PI);
    }
    d_subframes.push_back(p);
    d_count += count;
    while (static_cast<double>(d_count - d_subframes.front().count) >= d_span) {
        d_count -= d_subframes.front().count;
        d_subframes.pop_front();
    }
}

bool ctcss_detector::present() const
{
    std::complex<double> sum;
    for (const auto& p : d_subframes)
        sum += p.sum;
    return 2 * std::abs(sum) >= d_least * d_span;
}

} // namespace securevoice

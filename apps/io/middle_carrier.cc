/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/middle_carrier.h"

#include <algorithm>
#include <numeric>

namespace securevoice::apps {

namespace {

constexpr double window_seconds = 0.02;
constexpr std::size_t most_windows = 3000; // a minute
constexpr double least_share = 0.2;        // of the power
// Of the windows, that have the carrier. FM without modulation has a constant phase, too, but silence before and after it.
constexpr double nearly_all = 0.95;

} // namespace

middle_carrier::middle_carrier(double rate)
    : d_window(std::max<std::size_t>(1, static_cast<std::size_t>(rate * window_seconds)))
{
}

void middle_carrier::look(const iq_samples& samples)
{
    for (const auto& s : samples) {
        if (d_means.size() == most_windows)
            return;
        const std::complex<double> x(s);
        d_sum += x;
        d_power += std::norm(x);
        if (++d_count == d_window) {
            d_means.push_back(d_sum / static_cast<double>(d_window));
            d_sum = 0;
            d_count = 0;
        }
    }
}

bool middle_carrier::is_there() const
{
    if (d_means.empty())
        return false;
    const auto windows = static_cast<double>(d_means.size());
    const auto mean =
        std::accumulate(d_means.begin(), d_means.end(), std::complex<double>()) / windows;
    const auto power = d_power / (windows * static_cast<double>(d_window));
    const auto with = std::count_if(d_means.begin(), d_means.end(), [&](const auto& m) {
        return std::abs(m - mean) < 0.7 * std::abs(mean);
    });
    return std::norm(mean) >= least_share * power &&
           static_cast<double>(with) >= nearly_all * windows;
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/data_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace securevoice {

namespace {

constexpr std::size_t slot = 8;        // subframes: 80 ms
constexpr std::size_t span = 5 * slot; // looked at
constexpr std::size_t look_every = 2;  // subframes
constexpr double most_spread_db = 2;   // of the voice band's power, from slot to slot
constexpr double least_voice = 4e4;    // Hz^2: 200 Hz of modulation
// Of the slow part of the frequency: the mean square of its steps over 80 ms. Weak
// carriers have clicks, which are slow, too.
constexpr double least_step = 1500;
constexpr double least_step_weak = 5000;
constexpr double weak_dbhz = 49;

constexpr std::size_t window = slot * data_detector::parts; // parts: 80 ms
constexpr std::size_t hop = window / 2;

std::array<double, window> make_hann()
{
    std::array<double, window> w{};
    double sum = 0;
    for (std::size_t n = 0; n < window; ++n) {
        w[n] = 1 - std::cos(2 * M_PI * (static_cast<double>(n) + 0.5) / window);
        sum += w[n];
    }
    for (auto& x : w)
        x /= sum;
    return w;
}

} // namespace

void data_detector::push(const subframe& p)
{
    if (d_left > 0)
        --d_left;
    const subframe before = std::exchange(d_last, p);
    if (!p.carrier) {
        if (++d_gap == slot)
            d_subframes.clear();
        return;
    }
    d_gap = 0;
    if (!before.carrier)
        return;
    d_subframes.push_back(before);
    if (d_subframes.size() > span)
        d_subframes.pop_front();
    if (++d_since < look_every || d_subframes.size() < span)
        return;
    d_since = 0;
    if (looks_like_data())
        d_left = span;
}

void data_detector::restart()
{
    d_last = {};
    d_subframes.clear();
    d_since = d_left = d_gap = 0;
}

bool data_detector::looks_like_data() const
{
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    double cn0 = 0;
    for (std::size_t s = 0; s < span; s += slot) {
        double power = 0;
        for (std::size_t n = s; n < s + slot; ++n) {
            power += d_subframes[n].voice_power / slot;
            cn0 += d_subframes[n].cn0_dbhz / span;
        }
        least = std::min(least, power);
        most = std::max(most, power);
    }
    if (least < least_voice || 10 * std::log10(most / least) > most_spread_db)
        return false;

    static const auto hann = make_hann();
    std::vector<double> slow;
    for (std::size_t first = 0; first + window <= span * parts; first += hop) {
        double mean = 0;
        for (std::size_t n = 0; n < window; ++n)
            mean +=
                hann[n] * d_subframes[(first + n) / parts].frequency[(first + n) % parts];
        slow.push_back(mean);
    }
    double steps = 0;
    for (std::size_t n = 2; n < slow.size(); ++n)
        steps +=
            std::pow(slow[n] - slow[n - 2], 2) / static_cast<double>(slow.size() - 2);
    return steps > (cn0 < weak_dbhz ? least_step_weak : least_step);
}

} // namespace securevoice

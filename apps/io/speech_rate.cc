/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/speech_rate.h"

#include "core/protocol/constants.h"

#include <liquid/liquid.h>
#include <complex>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <stdexcept>
#include <string>

namespace securevoice::apps {

namespace {

constexpr int max_filters = 1000;
constexpr float stop_band_db = 70;
constexpr double half_length =
    45; // output samples (or input samples, whichever are longer)
constexpr double cutoff_hz = 3800; // -6 dB

} // namespace

void to_speech_rate::deleter::operator()(rresamp_rrrf_s* p) const
{
    rresamp_rrrf_destroy(p);
}

to_speech_rate::to_speech_rate(int rate) : d_rate(rate)
{
    if (rate < 4000 || rate > 768000)
        throw std::invalid_argument("sound of " + std::to_string(rate) +
                                    " samples/s cannot be used: 4000 to 768000 can");
    constexpr auto target = static_cast<int>(speech_rate);
    const auto common = std::gcd(rate, target);
    d_into = static_cast<std::size_t>(target / common);
    d_out_of = static_cast<std::size_t>(rate / common);
    if (d_into > max_filters) {
        d_into = max_filters;
        d_out_of = static_cast<std::size_t>(
            std::lround(static_cast<double>(max_filters) * rate / target));
        const auto reduce = std::gcd(d_into, d_out_of);
        d_into /= reduce;
        d_out_of /= reduce;
    }
    const double ratio = static_cast<double>(d_into) / static_cast<double>(d_out_of);
    const auto half =
        static_cast<unsigned>(std::ceil(half_length / std::min(1.0, ratio)));
    const double cutoff =
        cutoff_hz / target * std::min(1.0, ratio); // cycles per input sample
    d_filter.reset(rresamp_rrrf_create_kaiser(static_cast<unsigned>(d_into),
                                              static_cast<unsigned>(d_out_of),
                                              half,
                                              static_cast<float>(cutoff),
                                              stop_band_db));
    if (!d_filter)
        throw std::bad_alloc();
    rresamp_rrrf_set_scale(d_filter.get(), static_cast<float>(2 * cutoff));
    d_skip = static_cast<std::size_t>(std::lround(half * ratio));
}

to_speech_rate::~to_speech_rate() = default;

std::vector<float> to_speech_rate::resample(const std::vector<float>& in)
{
    d_taken += in.size();
    d_waiting.insert(d_waiting.end(), in.begin(), in.end());
    std::vector<float> out;
    std::vector<float> step(d_into);
    std::size_t used = 0;
    for (; used + d_out_of <= d_waiting.size(); used += d_out_of) {
        rresamp_rrrf_execute(d_filter.get(), d_waiting.data() + used, step.data());
        const auto skip = std::min(d_skip, step.size());
        d_skip -= skip;
        out.insert(
            out.end(), step.begin() + static_cast<std::ptrdiff_t>(skip), step.end());
    }
    d_waiting.erase(d_waiting.begin(),
                    d_waiting.begin() + static_cast<std::ptrdiff_t>(used));
    d_given += out.size();
    return out;
}

std::vector<float> to_speech_rate::finish()
{
    const auto wanted = static_cast<std::uint64_t>(std::llround(
        static_cast<double>(d_taken) * static_cast<double>(speech_rate) / d_rate));
    const auto given = d_given;
    std::vector<float> out;
    while (given + out.size() < wanted) {
        const auto more = resample(std::vector<float>(d_out_of));
        out.insert(out.end(), more.begin(), more.end());
    }
    out.resize(wanted - std::min(wanted, given));
    return out;
}

} // namespace securevoice::apps

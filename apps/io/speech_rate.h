/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

struct rresamp_rrrf_s;

namespace securevoice::apps {

/*!
 * Resampler of sound to 8 kHz: liquid-dsp's rational resampler, flat to 3.6 kHz, 70 dB down from 4 kHz on (the Codec2
 * analysis ends at 3.7 kHz). Rates that would need more than 1000 filters are approximated, by 1e-4 at most. The time line is kept: the
 * filter's delay is taken out, and `count` samples give round(count * 8000 / rate).
 */
class to_speech_rate
{
public:
    /*! \param rate samples/s \throws std::invalid_argument outside 4000 ... 768000 */
    explicit to_speech_rate(int rate);
    ~to_speech_rate();

    std::vector<float> resample(const std::vector<float>& in);
    /*! The input is over. */
    std::vector<float> finish();

private:
    struct deleter {
        void operator()(rresamp_rrrf_s* p) const;
    };

    int d_rate;
    std::size_t d_out_of = 1; // so many input samples make ...
    std::size_t d_into = 1;   // ... so many output samples
    std::unique_ptr<rresamp_rrrf_s, deleter> d_filter;
    std::vector<float> d_waiting;
    std::size_t d_skip = 0;
    std::uint64_t d_taken = 0;
    std::uint64_t d_given = 0;
};

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/speech_file.h"

#include "core/protocol/constants.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr std::size_t chunk = 16384; // frames
// Flat to 3.5 kHz, nothing from 4 kHz on: the analysis of Codec2 ends at 3.7 kHz.
constexpr double cutoff = 0.47;
constexpr std::size_t window = 96;
// Of the loudest channel's power, which the mean must keep: one side alone leaves 0.25, two that have nothing in common 0.5.
constexpr double least_kept = 0.3;

std::int16_t to_16_bit(float x)
{
    return static_cast<std::int16_t>(
        std::lrint(std::clamp(x * 32768.0F, -32768.0F, 32767.0F)));
}

/*! Float files may hold anything. */
float finite(float x) { return std::isfinite(x) ? x : 0.0F; }

} // namespace

speech_reader::speech_reader(const std::string& path) : d_source(path, "speech")
{
    if (d_source.frames() == 0)
        throw std::runtime_error(path + " holds no sound: record some speech");
    d_duration = static_cast<double>(d_source.frames()) / d_source.rate();
    if (d_source.rate() != static_cast<int>(speech_rate)) {
        if (d_source.rate() < 2000 || d_source.rate() > 768000)
            throw std::runtime_error(path + " has " + std::to_string(d_source.rate()) +
                                     " samples/s: 2000 to 768000 can be used");
        d_resampler.emplace(
            static_cast<double>(d_source.rate()) / speech_rate, cutoff, window);
    }
    choose_channel();
}

void speech_reader::choose_channel()
{
    const auto channels = d_source.channels();
    if (channels == 1 || !d_source.rewind())
        return;
    std::vector<double> powers(channels);
    double mean = 0;
    std::vector<float> frames(chunk * channels);
    while (const auto count = d_source.read(frames.data(), chunk))
        for (std::size_t n = 0; n < count; ++n) {
            const auto* frame = frames.data() + n * channels;
            for (std::size_t c = 0; c < channels; ++c)
                powers[c] += std::pow(finite(frame[c]), 2);
            mean += std::pow(mixed(frame), 2);
        }
    d_source.rewind();
    const auto loudest = std::max_element(powers.begin(), powers.end());
    if (mean < least_kept * *loudest)
        d_channel = static_cast<std::size_t>(loudest - powers.begin());
}

float speech_reader::mixed(const float* frame) const
{
    if (d_channel)
        return finite(frame[*d_channel]);
    const auto channels = d_source.channels();
    return finite(std::accumulate(frame, frame + channels, 0.0F) /
                  static_cast<float>(channels));
}

bool speech_reader::read(std::vector<std::int16_t>& samples)
{
    samples.clear();
    const auto channels = d_source.channels();
    while (samples.empty() && !d_ended) {
        std::vector<float> frames(chunk * channels);
        const auto count = d_source.read(frames.data(), chunk);
        std::vector<std::complex<float>> mono(count); // as the resampler has it
        for (std::size_t n = 0; n < count; ++n)
            mono[n] = mixed(frames.data() + n * channels);
        d_ended = count == 0;
        if (d_resampler) {
            std::vector<std::complex<float>> resampled;
            d_resampler->resample(mono.data(), mono.size(), resampled);
            if (d_ended)
                d_resampler->finish(resampled);
            mono.swap(resampled);
        }
        for (const auto& x : mono)
            samples.push_back(to_16_bit(x.real()));
    }
    return !samples.empty();
}

} // namespace securevoice::apps

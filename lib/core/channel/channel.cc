/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/channel.h"

#include "core/channel/carrier.h"
#include "core/channel/fading.h"
#include "core/channel/noise.h"
#include "core/channel/resampler.h"

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

namespace securevoice {

namespace {

// Fading must not draw from the noise's generator: with noise and without, it is the
// same.
constexpr std::size_t clock_window =
    48; // distortion below -80 dB up to 0.4 of the sample rate
constexpr std::uint64_t fading_seed = 0x9e3779b97f4a7c15U;

void require(bool good, const char* sentence)
{
    if (!good)
        throw std::invalid_argument(sentence);
}

// NaN is in no range.
bool within(double value, double low, double high)
{
    return value >= low && value <= high;
}

const channel_options& checked(const channel_options& o)
{
    require(within(o.sample_rate, 1, 1e9),
            "the channel's sample rate must be 1 to 1e9 samples/s");
    require(within(o.cn0_dbhz, -100, 300) || (std::isinf(o.cn0_dbhz) && o.cn0_dbhz > 0),
            "the channel's C/N0 must be -100 to 300 dB-Hz, or infinity for no noise");
    require(within(o.signal_power, 1e-20, 1e20),
            "the channel's signal power must be above 0 and finite");
    require(within(std::abs(o.offset_hz), 0, o.sample_rate / 2),
            "the channel's carrier offset must be at most half the sample rate");
    require(within(std::abs(o.drift_hz_per_s), 0, o.sample_rate),
            "the channel's drift must be at most the sample rate, per second");
    require(within(std::abs(o.clock_ppm), 0, 10000),
            "the channel's clock error must be at most 10000 ppm");
    require(
        within(o.doppler_hz, 0, o.sample_rate / 8),
        "the channel's Doppler must be 0 (no fading) to an eighth of the sample rate");
    require(o.rician_k_db <= 100,
            "the channel's Rician K must be at most 100 dB, or -infinity for Rayleigh");
    require(o.doppler_hz > 0 || std::isinf(o.rician_k_db),
            "the channel's Rician K needs a Doppler above 0: without one there is no "
            "fading");
    return o;
}

float noise_amplitude(const channel_options& o)
{
    return static_cast<float>(
        std::sqrt(o.signal_power * o.sample_rate / std::pow(10.0, o.cn0_dbhz / 10)));
}

} // namespace

struct channel::impl {
    std::optional<resampler> clock;
    std::optional<securevoice::fading> fading;
    std::optional<securevoice::carrier> carrier;
    noise_source noise;
    float amplitude;

    explicit impl(const channel_options& o)
        : noise(checked(o).seed), amplitude(noise_amplitude(o))
    {
        if (o.clock_ppm != 0)
            clock.emplace(1 + o.clock_ppm * 1e-6, 0.5, clock_window);
        if (o.doppler_hz > 0)
            fading.emplace(
                o.doppler_hz, o.rician_k_db, o.sample_rate, o.seed ^ fading_seed);
        if (o.offset_hz != 0 || o.drift_hz_per_s != 0)
            carrier.emplace(o.offset_hz, o.drift_hz_per_s, o.sample_rate);
    }

    void after_clock(std::complex<float>* samples, std::size_t count)
    {
        if (fading)
            fading->fade(samples, count);
        if (carrier)
            carrier->turn(samples, count);
        if (amplitude > 0)
            noise.add(samples, count, amplitude);
    }
};

channel::channel(const channel_options& options) : d_impl(std::make_unique<impl>(options))
{
}

channel::~channel() = default;

void channel::process(const std::complex<float>* in,
                      std::size_t count,
                      std::vector<std::complex<float>>& out)
{
    const auto begin = out.size();
    if (d_impl->clock)
        d_impl->clock->resample(in, count, out);
    else
        out.insert(out.end(), in, in + count);
    d_impl->after_clock(out.data() + begin, out.size() - begin);
}

void channel::finish(std::vector<std::complex<float>>& out)
{
    const auto begin = out.size();
    if (d_impl->clock)
        d_impl->clock->finish(out);
    d_impl->after_clock(out.data() + begin, out.size() - begin);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/speech_filters.h"

#include "core/analog/fm_options.h"

#include <cmath>
#include <cstddef>
#include <numeric>

namespace securevoice {

namespace {

constexpr float stopband_db = 60;           // dB, of the low-passes
constexpr double tau = 750e-6;              // s
constexpr double unity_hz = 1000;           // where emphasis leaves the level as it is
constexpr unsigned high_pass_order = 6;     // elliptic
constexpr float high_pass_ripple_db = 0.5f; // dB in the voice band
constexpr float high_pass_stop_db = 40;     // dB: what CTCSS and hum are taken down by

/*! The first-order section 1 - pole / z, and its gain at 1 kHz. */
struct emphasis {
    float pole;
    float gain;

    explicit emphasis(double rate)
        : pole(static_cast<float>(std::exp(-1 / (rate * tau)))),
          gain(std::abs(
              1.0f - std::polar(pole, static_cast<float>(-2 * M_PI * unity_hz / rate))))
    {
    }
};

} // namespace

std::vector<float> low_pass_taps(double rate, double edge, double transition)
{
    const auto length =
        estimate_req_filter_len(static_cast<float>(transition / rate), stopband_db) | 1U;
    std::vector<float> taps(length);
    liquid_firdes_kaiser(
        length, static_cast<float>(edge / rate), stopband_db, 0.0f, taps.data());
    float sum = 0;
    for (const auto t : taps)
        sum += t;
    for (auto& t : taps)
        t /= sum;
    return taps;
}

std::vector<float> moved(std::vector<float> taps, double rate, double centre)
{
    const double middle = static_cast<double>(taps.size() - 1) / 2;
    for (std::size_t n = 0; n < taps.size(); ++n)
        taps[n] *= static_cast<float>(
            2 * std::cos(2 * M_PI * centre / rate * (static_cast<double>(n) - middle)));
    return taps;
}

fir_filter make_fir(std::vector<float> taps)
{
    return owned_by<fir_filter>(
        firfilt_rrrf_create(taps.data(), static_cast<unsigned>(taps.size())),
        "a filter of analog voice");
}

channel_filter make_channel_filter(std::vector<float> taps)
{
    return owned_by<channel_filter>(
        firfilt_crcf_create(taps.data(), static_cast<unsigned>(taps.size())),
        "a filter of analog voice");
}

iir_filter make_voice_high_pass(double rate)
{
    return owned_by<iir_filter>(
        iirfilt_rrrf_create_prototype(LIQUID_IIRDES_ELLIP,
                                      LIQUID_IIRDES_HIGHPASS,
                                      LIQUID_IIRDES_SOS,
                                      high_pass_order,
                                      static_cast<float>(fm_voice_low_hz / rate),
                                      0.0f,
                                      high_pass_ripple_db,
                                      high_pass_stop_db),
        "a filter of analog voice");
}

iir_filter make_pre_emphasis(double rate)
{
    const emphasis e(rate);
    float b[] = { 1 / e.gain, -e.pole / e.gain };
    float a[] = { 1, 0 };
    return owned_by<iir_filter>(iirfilt_rrrf_create(b, 2, a, 2), "an emphasis");
}

iir_filter make_de_emphasis(double rate)
{
    const emphasis e(rate);
    float b[] = { e.gain, 0 };
    float a[] = { 1, -e.pole };
    return owned_by<iir_filter>(iirfilt_rrrf_create(b, 2, a, 2), "an emphasis");
}

voice_resampler make_voice_resampler()
{
    // 3.3 to 4.7 kHz is where the edge may fold onto itself
    constexpr unsigned up = 5, down = 12, reach = 25;
    std::vector<float> taps(2 * up * reach + 1);
    liquid_firdes_kaiser(static_cast<unsigned>(taps.size()),
                         static_cast<float>(0.5 / down),
                         stopband_db,
                         0.0f,
                         taps.data());
    const float sum = std::accumulate(taps.begin(), taps.end(), 0.0f);
    for (auto& t : taps)
        t *= up / sum;
    auto q = owned_by<voice_resampler>(rresamp_rrrf_create(up, down, reach, taps.data()),
                                       "a resampler");
    rresamp_rrrf_set_scale(q.get(), 1.0f);
    return q;
}

} // namespace securevoice

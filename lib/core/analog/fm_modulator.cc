/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_modulator.h"

#include "core/analog/peak_limiter.h"
#include "core/analog/speech_filters.h"
#include "core/modem/front/output_resampler.h"
#include "core/modem/front/sample_rate.h"

#include <cmath>
#include <optional>

namespace securevoice {

namespace {

using cfloat = std::complex<float>;

constexpr double speech_hz = 8000;                       // samples/s that come in
constexpr unsigned interpolation = 6;                    // to inner_rate
constexpr double inner_rate = speech_hz * interpolation; // of limiter and oscillator
constexpr double voice_edge_hz =
    3300; // half way down; images and the limiter's work stay below 3650 Hz
constexpr double voice_transition_hz = 700; // Hz: 60 dB down at 3650 Hz
constexpr double below_limit =
    0.97; // a peak of 3.5 kHz between two samples is 2.6 % higher than they are
constexpr std::size_t look_ahead = 96; // 2 ms
constexpr float release = 2400;        // 50 ms
constexpr std::size_t ramp = 96;       // 2 ms: no click when the carrier begins and ends
// dB: images of the resampler, beside the other stations
constexpr float image_rejection_db = 70;
constexpr std::size_t resampler_tail = 64; // samples at its input, more than its memory

using interpolator = liquid_handle<firinterp_rrrf, firinterp_rrrf_destroy>;

} // namespace

struct fm_modulator::impl {
    impl(const fm_options& o, double sample_rate)
        : resample(checked_sample_rate(sample_rate) / inner_rate, image_rejection_db),
          options(o)
    {
        check(o);
        auto taps = low_pass_taps(inner_rate, voice_edge_hz, voice_transition_hz);
        filter_delay = (taps.size() - 1) / 2;
        for (auto& t : taps)
            t *= interpolation;
        interpolate = owned_by<interpolator>(
            firinterp_rrrf_create(
                interpolation, taps.data(), static_cast<unsigned>(taps.size())),
            "an interpolator");
        reset();
    }

    float voice_limit() const
    {
        return static_cast<float>(below_limit * options.deviation_hz *
                                  (options.ctcss_hz ? 1 - fm_ctcss_share : 1));
    }

    void reset()
    {
        firinterp_rrrf_reset(interpolate.get());
        high_pass = make_voice_high_pass(speech_hz);
        emphasis = make_pre_emphasis(inner_rate);
        limit.emplace(voice_limit(), look_ahead, release);
        phase = 0;
        resample.reset();
        sent = 0;
    }

    /*! The deviation of the next sample, Hz. */
    float deviation(float voice)
    {
        if (options.emphasis)
            iirfilt_rrrf_execute(emphasis.get(), voice, &voice);
        float d = (*limit)(voice);
        if (options.ctcss_hz)
            d += static_cast<float>(
                options.deviation_hz * fm_ctcss_share *
                std::sin(
                    2 * M_PI *
                    std::fmod(*options.ctcss_hz * static_cast<double>(sent) / inner_rate,
                              1.0)));
        return d;
    }

    void send(float voice, float level)
    {
        const double hz = deviation(voice);
        // Sines are computed: liquid's freqmod and oscillators read 1024 of them from a
        // table, whose steps alone are 47 Hz of deviation.
        phase = std::remainder(phase + 2 * M_PI * hz / inner_rate, 2 * M_PI);
        const cfloat sample(std::polar(1.0, phase));
        if (sent < ramp)
            level *= raised(sent);
        ++sent;
        modulated.push_back(level * sample);
    }

    static float raised(std::size_t n)
    {
        return 0.5f - 0.5f * std::cos(static_cast<float>(M_PI) *
                                      (static_cast<float>(n) + 0.5f) / ramp);
    }

    void speak(float sample, std::vector<float>& voice)
    {
        float high = 0;
        iirfilt_rrrf_execute(high_pass.get(), sample, &high);
        voice.resize(voice.size() + interpolation);
        firinterp_rrrf_execute(
            interpolate.get(), high, &voice[voice.size() - interpolation]);
    }

    output_resampler resample;
    fm_options options;
    std::size_t filter_delay = 0; // samples at the inner rate
    interpolator interpolate;
    double phase = 0; // of the carrier, rad
    iir_filter high_pass, emphasis;
    std::optional<peak_limiter> limit;
    std::vector<float> spoken;
    std::vector<cfloat> modulated;
    std::uint64_t sent = 0; // samples of this carrier
};

fm_modulator::fm_modulator(const fm_options& options, double sample_rate)
    : d_impl(std::make_unique<impl>(options, sample_rate))
{
}

fm_modulator::~fm_modulator() = default;

void fm_modulator::push(const std::int16_t* speech,
                        std::size_t count,
                        std::vector<std::complex<float>>& iq)
{
    auto& d = *d_impl;
    const auto full = static_cast<float>(d.options.deviation_hz / 32768);
    d.spoken.clear();
    for (std::size_t n = 0; n < count; ++n)
        d.speak(full * static_cast<float>(speech[n]), d.spoken);
    for (const auto v : d.spoken)
        d.send(v, 1);
    d.resample.push(d.modulated, iq);
}

void fm_modulator::end(std::vector<std::complex<float>>& iq)
{
    auto& d = *d_impl;
    if (!in_carrier())
        return;
    const auto late = d.filter_delay + d.limit->delay();
    d.spoken.clear();
    while (d.spoken.size() < late + ramp)
        d.speak(0, d.spoken);
    for (std::size_t n = 0; n < late; ++n)
        d.send(d.spoken[n], 1);
    for (std::size_t n = 0; n < ramp; ++n)
        d.send(d.spoken[late + n], impl::raised(ramp - 1 - n));
    d.resample.push(d.modulated, iq);
    d.resample.end(resampler_tail, iq);
    d.reset();
}

bool fm_modulator::in_carrier() const { return d_impl->sent > 0; }

double fm_modulator::delay() const
{
    return static_cast<double>(d_impl->filter_delay + d_impl->limit->delay()) /
           inner_rate;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_modulator.h"

#include "core/analog/peak_limiter.h"
#include "core/analog/speech_filters.h"

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

namespace securevoice {

namespace {

using cfloat = std::complex<float>;

constexpr double speech_hz = 8000;
constexpr unsigned interpolation = 6;
constexpr double inner_rate = speech_hz * interpolation; // of limiter and oscillator
constexpr double voice_edge_hz =
    3300; // half way down; images and the limiter's work stay below 3650 Hz
constexpr double voice_transition_hz = 700;
constexpr double below_limit =
    0.97; // a peak of 3.5 kHz between two samples is 2.6 % higher than they are
constexpr std::size_t look_ahead = 96; // 2 ms
constexpr float release = 2400;        // 50 ms
constexpr std::size_t ramp = 96;       // 2 ms: no click when the carrier begins and ends
constexpr float image_rejection_db = 70;
constexpr std::size_t resampler_tail = 64; // samples at its input, more than its memory

struct interpolator_deleter {
    void operator()(firinterp_rrrf q) const { firinterp_rrrf_destroy(q); }
};
struct resampler_deleter {
    void operator()(msresamp_crcf q) const { msresamp_crcf_destroy(q); }
};

double checked(double sample_rate)
{
    if (!(sample_rate >= 12000 && sample_rate <= 20e6))
        throw std::invalid_argument(
            "sample rate " + std::to_string(sample_rate) +
            " is out of range: choose 12000 to 20000000 samples/s");
    return sample_rate;
}

} // namespace

struct fm_modulator::impl {
    impl(const fm_options& o, double sample_rate)
        : rate(checked(sample_rate) / inner_rate), options(o)
    {
        check(o);
        auto taps = low_pass_taps(inner_rate, voice_edge_hz, voice_transition_hz);
        filter_delay = (taps.size() - 1) / 2;
        for (auto& t : taps)
            t *= interpolation;
        interpolate.reset(firinterp_rrrf_create(
            interpolation, taps.data(), static_cast<unsigned>(taps.size())));
        if (rate != 1.0)
            resample.reset(
                msresamp_crcf_create(static_cast<float>(rate), image_rejection_db));
        if (!interpolate || (rate != 1.0 && !resample))
            throw std::runtime_error(
                "liquid-dsp could not make a part of the FM modulator");
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
        if (resample)
            msresamp_crcf_reset(resample.get());
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
        // Sines are computed: liquid's freqmod and oscillators read 1024 of them from a table, whose steps alone are 47 Hz of deviation.
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

    void put(std::vector<cfloat>& iq)
    {
        if (!resample) {
            iq.insert(iq.end(), modulated.begin(), modulated.end());
        } else {
            const auto have = iq.size();
            iq.resize(
                have +
                static_cast<std::size_t>(
                    std::ceil(2 * rate * static_cast<double>(modulated.size())) + 64));
            unsigned made = 0;
            msresamp_crcf_execute(resample.get(),
                                  modulated.data(),
                                  static_cast<unsigned>(modulated.size()),
                                  iq.data() + have,
                                  &made);
            iq.resize(have + made);
        }
        modulated.clear();
    }

    double rate; // of the resampler
    fm_options options;
    std::size_t filter_delay = 0; // samples at the inner rate
    std::unique_ptr<std::remove_pointer_t<firinterp_rrrf>, interpolator_deleter>
        interpolate;
    double phase = 0; // of the carrier, rad
    std::unique_ptr<std::remove_pointer_t<msresamp_crcf>, resampler_deleter> resample;
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
    d.put(iq);
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
    if (d.resample)
        d.modulated.resize(d.modulated.size() + resampler_tail);
    d.put(iq);
    d.reset();
}

bool fm_modulator::in_carrier() const { return d_impl->sent > 0; }

double fm_modulator::delay() const
{
    return static_cast<double>(d_impl->filter_delay + d_impl->limit->delay()) /
           inner_rate;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_detector.h"

#include "core/analog/ctcss_detector.h"
#include "core/analog/data_detector.h"
#include "core/analog/speech_filters.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace securevoice {

namespace {

constexpr auto subframe_samples = fm_subframe::iq_samples;
constexpr double channel_transition_hz = 1000; // Hz: width of the channel filter's edge
constexpr double voice_edge_hz = 3300; // Hz: half way down, above fm_voice_high_hz
// Hz: the voice filter is 60 dB down 350 Hz beyond its edge
constexpr double voice_transition_hz = 700;
// Noise is measured where there is no voice.
constexpr double noise_low_hz = 3800;
constexpr double noise_high_hz = 5000;      // Hz
constexpr double noise_transition_hz = 600; // Hz
// dB that a squelch which is open lets C/N0 fall below its threshold
constexpr double close_below_db = 2;
// A carrier is modulated where the voice band holds clearly more than the discriminator's
// noise, and than hum.
constexpr double times_noise = 3;
constexpr double least_voice = 2500; // Hz^2: 50 Hz of modulation
constexpr int voice_subframes =
    8; // of 16: the high-pass rings for 5 when a carrier begins
constexpr double strongest_dbhz = 90;     // dB-Hz: what is stronger is told as this
constexpr double least_tone_share = 0.06; // of the deviation: a CTCSS tone that counts

/*! Half the channel: Carson's rule. */
double channel_edge(const fm_options& o)
{
    return std::min(o.deviation_hz + fm_voice_high_hz, 8000.0);
}

/*! The frequency of a carrier in white noise has the power density f^2 N0 / C (Rice): its
 * power between two frequencies for N0 / C = 1. */
double noise_between(double low_hz, double high_hz)
{
    return (std::pow(high_hz, 3) - std::pow(low_hz, 3)) / 3;
}

} // namespace

struct fm_detector::impl {
    impl(const fm_options& o, double opens_at) : options(o), squelch_dbhz(opens_at)
    {
        check(o);
        const auto channel_taps =
            low_pass_taps(receive_rate, channel_edge(o), channel_transition_hz);
        const auto voice_taps =
            low_pass_taps(receive_rate, voice_edge_hz, voice_transition_hz);
        const auto noise_taps = moved(low_pass_taps(receive_rate,
                                                    (noise_high_hz - noise_low_hz) / 2,
                                                    noise_transition_hz),
                                      receive_rate,
                                      (noise_high_hz + noise_low_hz) / 2);
        channel = make_channel_filter(channel_taps);
        voice_filter = make_fir(voice_taps);
        noise_filter = make_fir(noise_taps);
        high_pass = make_voice_high_pass(receive_rate);
        de_emphasis = make_de_emphasis(receive_rate);
        to_speech = make_voice_resampler();
        discriminator = owned_by<decltype(discriminator)>(
            freqdem_create(1 / static_cast<float>(receive_rate)), "a discriminator");
        const auto half = [](const std::vector<float>& taps) {
            return static_cast<double>(taps.size() - 1) / 2;
        };
        delay =
            (half(channel_taps) + half(voice_taps)) / receive_rate +
            static_cast<double>(rresamp_rrrf_get_delay(to_speech.get())) / receive_rate;
        restart();
    }

    void restart()
    {
        firfilt_crcf_reset(channel.get());
        firfilt_rrrf_reset(voice_filter.get());
        firfilt_rrrf_reset(noise_filter.get());
        iirfilt_rrrf_reset(high_pass.get());
        iirfilt_rrrf_reset(de_emphasis.get());
        rresamp_rrrf_reset(to_speech.get());
        freqdem_reset(discriminator.get());
        data.restart();
        if (options.ctcss_hz)
            tone.emplace(
                *options.ctcss_hz, receive_rate, least_tone_share * options.deviation_hz);
        squelch_open = was_good = false;
        voiced = 0;
        waiting.clear();
        speech.clear();
    }

    /*! Filters and discriminator. \return the discriminator's noise, Hz^2 */
    double demodulate(const std::complex<float>* x, data_detector::subframe& seen)
    {
        constexpr std::size_t part = subframe_samples / data_detector::parts;
        double noise = 0;
        voice.resize(subframe_samples);
        frequency.resize(subframe_samples);
        for (std::size_t n = 0; n < subframe_samples; ++n) {
            std::complex<float> filtered;
            firfilt_crcf_push(channel.get(), x[n]);
            firfilt_crcf_execute(channel.get(), &filtered);
            float hz = 0;
            freqdem_demodulate(discriminator.get(), filtered, &hz);
            frequency[n] = hz;
            seen.frequency[n / part] += static_cast<double>(hz) / part;
            float beyond = 0;
            firfilt_rrrf_push(noise_filter.get(), hz);
            firfilt_rrrf_execute(noise_filter.get(), &beyond);
            noise += static_cast<double>(beyond) * static_cast<double>(beyond) /
                     static_cast<double>(subframe_samples);
            firfilt_rrrf_push(voice_filter.get(), hz);
            firfilt_rrrf_execute(voice_filter.get(), &hz);
            iirfilt_rrrf_execute(high_pass.get(), hz, &hz);
            seen.voice_power += static_cast<double>(hz) * static_cast<double>(hz) /
                                static_cast<double>(subframe_samples);
            if (options.emphasis)
                iirfilt_rrrf_execute(de_emphasis.get(), hz, &hz);
            voice[n] = hz;
        }
        return noise;
    }

    void push(const std::complex<float>* x, const sink& emit)
    {
        data_detector::subframe seen{};
        const double noise = demodulate(x, seen);
        const double cn0 =
            std::min(10 * std::log10(noise_between(noise_low_hz, noise_high_hz) /
                                     std::max(noise, 1e-9)),
                     strongest_dbhz);
        if (tone)
            tone->push(frequency.data(), frequency.size());
        // Silence without any signal has no noise either.
        const bool carrier = std::any_of(
            x, x + subframe_samples, [](auto s) { return s != std::complex<float>{}; });
        const bool good =
            carrier && cn0 >= squelch_dbhz - (squelch_open ? close_below_db : 0);
        seen.cn0_dbhz = cn0;
        seen.carrier = good;
        data.push(seen);
        // What is beside a change of the carrier holds noise: it stays muted.
        if (!good && !waiting.empty())
            waiting.back().edge = std::exchange(waiting.back().squelch_open, false);
        squelch_open = good && was_good;
        was_good = good;
        fm_subframe subframe;
        subframe.squelch_open = squelch_open && (!tone || tone->present());
        subframe.data = data.data();
        const double expected = noise * noise_between(fm_voice_low_hz, voice_edge_hz) /
                                noise_between(noise_low_hz, noise_high_hz);
        const bool modulated =
            good && seen.voice_power > times_noise * expected + least_voice;
        voiced = static_cast<std::uint16_t>(voiced << 1 | (modulated ? 1 : 0));
        subframe.voice = __builtin_popcount(voiced) >= voice_subframes;
        subframe.cn0_dbhz = static_cast<float>(carrier ? cn0 : 0);
        for (const auto f : seen.frequency)
            subframe.offset_hz += static_cast<float>(f / data_detector::parts);
        waiting.push_back(subframe);

        const std::size_t before = speech.size();
        speech.resize(before + fm_subframe::speech_samples);
        rresamp_rrrf_execute_block(to_speech.get(),
                                   voice.data(),
                                   static_cast<unsigned>(subframe_samples) /
                                       rresamp_rrrf_get_decim(to_speech.get()),
                                   speech.data() + before);
        while (waiting.size() > 1 && speech.size() >= fm_subframe::speech_samples)
            let_out(emit);
    }

    void let_out(const sink& emit)
    {
        auto& subframe = waiting.front();
        const auto full = static_cast<float>(32767 / options.deviation_hz);
        for (std::size_t n = 0;
             (subframe.squelch_open || subframe.edge) && n < subframe.speech.size();
             ++n)
            subframe.speech[n] = static_cast<std::int16_t>(
                std::lround(std::clamp(full * speech[n], -32767.0f, 32767.0f)));
        speech.erase(speech.begin(), speech.begin() + fm_subframe::speech_samples);
        emit(subframe);
        waiting.pop_front();
    }

    fm_options options;
    double squelch_dbhz;
    channel_filter channel;
    fir_filter voice_filter, noise_filter;
    iir_filter high_pass, de_emphasis;
    voice_resampler to_speech;
    liquid_handle<freqdem, freqdem_destroy> discriminator;
    double delay = 0;
    data_detector data;
    std::optional<ctcss_detector> tone;
    bool squelch_open = false, was_good = false;
    std::uint16_t voiced = 0; // the last 16 subframes, a bit each: was it modulated?
    std::vector<float> frequency, voice;
    std::deque<fm_subframe> waiting; // for the next one, and for their speech
    std::vector<float> speech;       // Hz at 8 kHz
};

fm_detector::fm_detector(const fm_options& options, double squelch_dbhz)
    : d_impl(std::make_unique<impl>(options, squelch_dbhz))
{
}

fm_detector::~fm_detector() = default;

void fm_detector::push(const std::complex<float>* iq, const sink& emit)
{
    d_impl->push(iq, emit);
}

void fm_detector::restart() { d_impl->restart(); }

double fm_detector::delay() const { return d_impl->delay; }

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_demodulator.h"

#include "core/analog/ctcss_detector.h"
#include "core/analog/speech_filters.h"
#include "core/modem/front_end.h"
#include "core/modem/sample_history.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

namespace securevoice {

namespace {

constexpr std::size_t pieces_per_slot = 8; // the squelch decides for 10 ms
constexpr std::size_t piece_speech = samples_per_block / pieces_per_slot;
constexpr auto piece_samples =
    static_cast<std::size_t>(receive_rate * block_seconds / pieces_per_slot);
constexpr double channel_transition_hz = 1000;
constexpr double voice_edge_hz = 3300;
constexpr double voice_transition_hz = 700;
// Noise is measured where there is no voice.
constexpr double noise_low_hz = 3800;
constexpr double noise_high_hz = 5000;
constexpr double noise_transition_hz = 600;
constexpr double close_below_db = 2;
constexpr double strongest_dbhz = 90;
constexpr double least_tone_share = 0.06; // of the deviation: a CTCSS tone that counts

struct discriminator_deleter {
    void operator()(freqdem q) const { freqdem_destroy(q); }
};

/*! Half the channel: Carson's rule. */
double channel_edge(const fm_options& o)
{
    return std::min(o.deviation_hz + fm_voice_high_hz, 8000.0);
}

/*! The frequency of a carrier in white noise has the power density f^2 N0 / C (Rice). */
double noise_at_one_hz()
{
    return (std::pow(noise_high_hz, 3) - std::pow(noise_low_hz, 3)) / 3;
}


} // namespace

struct fm_demodulator::impl {
    impl(const fm_options& o, double sample_rate, double opens_at)
        : options(o), front(sample_rate), rate(sample_rate), squelch_dbhz(opens_at)
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
        to_speech = make_voice_resampler(static_cast<double>(speech_rate) / receive_rate);
        discriminator.reset(freqdem_create(1 / static_cast<float>(receive_rate)));
        if (!discriminator)
            throw std::runtime_error("liquid-dsp could not make a discriminator");
        const auto half = [](const std::vector<float>& taps) {
            return static_cast<double>(taps.size() - 1) / 2;
        };
        delay =
            (half(channel_taps) + half(voice_taps)) / receive_rate +
            static_cast<double>(msresamp_rrrf_get_delay(to_speech.get())) / receive_rate;
        if (o.ctcss_hz)
            tone.emplace(*o.ctcss_hz, receive_rate, least_tone_share * o.deviation_hz);
    }

    void take(const sink& emit)
    {
        std::size_t used = 0;
        for (; received.size() - used >= piece_samples; used += piece_samples)
            piece(received.data() + used, emit);
        received.erase(received.begin(),
                       received.begin() + static_cast<std::ptrdiff_t>(used));
    }

    /*! Squelch and voice of 10 ms. */
    void piece(const std::complex<float>* x, const sink& emit)
    {
        double noise = 0;
        double mean = 0;
        voice.resize(piece_samples);
        frequency.resize(piece_samples);
        for (std::size_t n = 0; n < piece_samples; ++n) {
            std::complex<float> filtered;
            firfilt_crcf_push(channel.get(), x[n]);
            firfilt_crcf_execute(channel.get(), &filtered);
            float hz = 0;
            freqdem_demodulate(discriminator.get(), filtered, &hz);
            frequency[n] = hz;
            mean += hz;
            float beyond = 0;
            firfilt_rrrf_push(noise_filter.get(), hz);
            firfilt_rrrf_execute(noise_filter.get(), &beyond);
            noise += static_cast<double>(beyond) * static_cast<double>(beyond);
            firfilt_rrrf_push(voice_filter.get(), hz);
            firfilt_rrrf_execute(voice_filter.get(), &hz);
            iirfilt_rrrf_execute(high_pass.get(), hz, &hz);
            if (options.emphasis)
                iirfilt_rrrf_execute(de_emphasis.get(), hz, &hz);
            voice[n] = hz;
        }
        noise /= static_cast<double>(piece_samples);
        const double cn0 = std::min(
            10 * std::log10(noise_at_one_hz() / std::max(noise, 1e-9)), strongest_dbhz);
        const double least = squelch_dbhz - (open ? close_below_db : 0);
        if (tone)
            tone->push(frequency.data(), frequency.size());
        // Silence without any signal has no noise either.
        const bool carrier = std::any_of(
            x, x + piece_samples, [](auto s) { return s != std::complex<float>{}; });
        const bool good = carrier && cn0 >= least;
        // What is beside a change of the carrier holds noise: it stays muted.
        if (!good && !squelch.empty())
            squelch.back() = false;
        squelch.push_back(good && was_good && (!tone || tone->heard()));
        open = good && was_good;
        was_good = good;
        levels.push_back(carrier ? cn0 : 0);
        offsets.push_back(mean / static_cast<double>(piece_samples));

        unsigned made = 0;
        resampled.resize(piece_samples);
        msresamp_rrrf_execute(to_speech.get(),
                              voice.data(),
                              static_cast<unsigned>(piece_samples),
                              resampled.data(),
                              &made);
        speech.insert(speech.end(), resampled.begin(), resampled.begin() + made);
        while (speech.size() >= samples_per_block && squelch.size() > pieces_per_slot)
            slot(emit);
    }

    void slot(const sink& emit)
    {
        fm_slot s;
        s.time =
            front.seconds(static_cast<double>(slots) * receive_rate * block_seconds) -
            delay;
        ++slots;
        const auto full = static_cast<float>(32767 / options.deviation_hz);
        double cn0 = 0;
        double offset = 0;
        for (std::size_t p = 0; p < pieces_per_slot; ++p) {
            cn0 += levels[p] / pieces_per_slot;
            offset += offsets[p] / pieces_per_slot;
            s.open = s.open || squelch[p];
            for (std::size_t n = p * piece_speech;
                 squelch[p] && n < (p + 1) * piece_speech;
                 ++n)
                s.speech[n] = static_cast<std::int16_t>(
                    std::lround(std::clamp(full * speech[n], -32767.0f, 32767.0f)));
        }
        s.cn0_dbhz = static_cast<float>(cn0);
        s.offset_hz = static_cast<float>(offset);
        speech.erase(speech.begin(), speech.begin() + samples_per_block);
        levels.erase(levels.begin(), levels.begin() + pieces_per_slot);
        offsets.erase(offsets.begin(), offsets.begin() + pieces_per_slot);
        squelch.erase(squelch.begin(), squelch.begin() + pieces_per_slot);
        emit(s);
    }

    fm_options options;
    front_end front;
    double rate;
    double squelch_dbhz;
    channel_filter channel;
    fir_filter voice_filter, noise_filter;
    iir_filter high_pass, de_emphasis;
    voice_resampler to_speech;
    std::unique_ptr<std::remove_pointer_t<freqdem>, discriminator_deleter> discriminator;
    double delay = 0; // s, of the voice
    std::optional<ctcss_detector> tone;
    bool open = false, was_good = false;
    bool over = false;
    std::uint64_t slots = 0;
    std::vector<std::complex<float>> received; // not yet a whole piece
    std::vector<float> frequency, voice, resampled;
    std::vector<float> speech; // Hz at 8 kHz, not yet a whole slot
    std::vector<bool> squelch; // of the pieces that are not yet in a slot
    std::vector<double> levels, offsets;
};

fm_demodulator::fm_demodulator(const fm_options& options,
                               double sample_rate,
                               double squelch_dbhz)
    : d_impl(std::make_unique<impl>(options, sample_rate, squelch_dbhz))
{
}

fm_demodulator::~fm_demodulator() = default;

void fm_demodulator::push(const std::complex<float>* iq,
                          std::size_t count,
                          const sink& emit)
{
    constexpr std::size_t most = 65536; // bounds the memory between the stages
    while (count) {
        const auto now = std::min(count, most);
        d_impl->front.push(iq, now, d_impl->received);
        d_impl->take(emit);
        iq += now;
        count -= now;
    }
}

void fm_demodulator::finish(const sink& emit)
{
    if (d_impl->over)
        return;
    d_impl->over = true;
    const std::vector<std::complex<float>> silence(
        static_cast<std::size_t>((block_seconds + 0.04) * d_impl->rate));
    push(silence.data(), silence.size(), emit);
}

} // namespace securevoice

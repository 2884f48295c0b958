/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/latency.h"

#include "bench/parallel.h"
#include "bench/simulated_call.h"
#include "call_options.h"

#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"
#include "core/channel/channel.h"
#include "core/vocoder/vocoder.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <stdexcept>

namespace securevoice::apps {

namespace {

using speech_samples = std::vector<std::int16_t>;

constexpr double speech_per_ms = speech_rate / 1000.0;
constexpr double wait_seconds = 1.5; // after the call: the last words are on their way
constexpr double most_delay_seconds = 1.2; // that is looked for

/*! Words whose beginnings and ends nobody can foretell: pulses at the rate of a voice through two resonances, with pauses. */
speech_samples make_speech(std::size_t count, draws& random)
{
    speech_samples speech;
    speech.reserve(count);
    double first[2] = {}, second[2] = {};
    const auto resonate = [](double in, double hz, double radius, double(&last)[2]) {
        const auto turn = 2 * M_PI * hz / static_cast<double>(speech_rate);
        const auto out =
            in + 2 * radius * std::cos(turn) * last[0] - radius * radius * last[1];
        last[1] = last[0];
        last[0] = out;
        return out;
    };
    while (speech.size() < count) {
        const auto word = static_cast<std::size_t>(8000 * random.between(0.08, 0.3));
        const auto pause = static_cast<std::size_t>(8000 * random.between(0.06, 0.25));
        const auto period = static_cast<std::size_t>(random.between(50, 90));
        for (std::size_t n = 0; n < word + pause && speech.size() < count; ++n) {
            const double pulse = n < word && n % period == 0 ? 3000 : 0;
            const auto sound =
                resonate(pulse, 600, 0.97, first) + resonate(pulse, 1500, 0.96, second);
            speech.push_back(
                static_cast<std::int16_t>(std::clamp(sound, -30000.0, 30000.0)));
        }
    }
    return speech;
}

/*! Loudness in dB over 10 ms about each millisecond, without its mean; -50 dB under the loudest at least. */
std::vector<double> loudness(const std::vector<float>& sound)
{
    constexpr std::size_t step = 8, half = 5;
    const auto steps = sound.size() / step;
    std::vector<double> power(steps);
    for (std::size_t n = 0; n < steps; ++n)
        for (std::size_t k = 0; k < step; ++k)
            power[n] += static_cast<double>(sound[step * n + k]) *
                        static_cast<double>(sound[step * n + k]);
    std::vector<double> level(steps);
    for (std::size_t n = 0; n < steps; ++n)
        for (std::size_t k = n < half ? 0 : n - half; k < std::min(steps, n + half); ++k)
            level[n] += power[k];
    const auto most = steps > 0 ? *std::max_element(level.begin(), level.end()) : 0;
    for (auto& x : level)
        x = 10 * std::log10(std::max(x, 1e-5 * most) + 1e-9);
    const auto mean =
        std::accumulate(level.begin(), level.end(), 0.0) / static_cast<double>(steps);
    for (auto& x : level)
        x -= mean;
    return level;
}

/*! Delay, ms, at which \p late resembles \p early most: greatest correlation of their loudness. */
double delay_between(const std::vector<float>& early, const std::vector<float>& late)
{
    const auto a = loudness(early);
    const auto b = loudness(late);
    const auto most = static_cast<std::size_t>(1000 * most_delay_seconds);
    double best = 0;
    std::size_t at = 0;
    for (std::size_t shift = 0; shift <= most; ++shift) {
        double sum = 0;
        for (std::size_t n = 0; n < a.size() && n + shift < b.size(); ++n)
            sum += a[n] * b[n + shift];
        if (sum > best) {
            best = sum;
            at = shift;
        }
    }
    return static_cast<double>(at);
}

/*! What Codec2 alone does to the time: blocks are encoded and decoded at once. */
double vocoder_delay(codec c, const speech_samples& speech)
{
    vocoder_encoder encode(c);
    vocoder_decoder decode(c);
    std::vector<float> out;
    speech_samples block(samples_per_block);
    for (std::size_t at = 0; at + samples_per_block <= speech.size();
         at += samples_per_block) {
        decode.decode(encode.encode(speech.data() + at), block.data());
        out.insert(out.end(), block.begin(), block.end());
    }
    out.resize(out.size() + speech.size()); // room to shift in
    return delay_between(std::vector<float>(speech.begin(), speech.end()), out);
}

/*! Plays what it is given one after the other: a sound card, or a digital-to-analogue converter. */
template <typename Sample>
class player
{
public:
    /*! What came later than it was due starts as soon as it is there.
     * \return index of the first sample of \p samples in the output */
    std::size_t take(const std::vector<Sample>& samples, std::size_t now)
    {
        if (d_out.size() < now) {
            d_gaps += d_begun && !samples.empty();
            d_out.resize(now);
        }
        d_begun = d_begun || !samples.empty();
        const auto at = d_out.size();
        d_out.insert(d_out.end(), samples.begin(), samples.end());
        return at;
    }
    /*! Output from \p from to \p to; silence where there is none. */
    std::vector<Sample> part(std::size_t from, std::size_t to) const
    {
        std::vector<Sample> out(to - from);
        for (std::size_t n = from; n < std::min(to, d_out.size()); ++n)
            out[n - from] = d_out[n];
        return out;
    }
    const std::vector<Sample>& all() const { return d_out; }
    std::size_t gaps() const { return d_gaps; }

private:
    std::vector<Sample> d_out;
    std::size_t d_gaps = 0;
    bool d_begun = false;
};

/*! One call on its clock, and when each of its blocks went in and came out. */
class clocked_call
{
public:
    clocked_call(const latency_setup& setup, const mode& m, draws& random)
        : d_setup(setup),
          d_piece(setup.piece_ms / 1000),
          d_transmitter(sending(setup, m)),
          d_receiver(receiving(setup, m)),
          d_channel(air(setup, m, random)),
          d_pressed(whole_pieces(random.between(0.2, 0.5))),
          d_released(d_pressed + whole_pieces(setup.call_seconds)),
          d_speech(make_speech((d_released - d_pressed) * piece_of(speech_rate), random)),
          // the receiver's clock knows nothing of the sender's pieces
          d_skew(static_cast<std::size_t>(random.between(0, 1) *
                                          static_cast<double>(iq_piece())))
    {
        d_transmitter.on_block = [this](kind, const voice_field& v) {
            d_sent.push_back(v);
        };
        d_receiver.on_block = [this](const heard_block& heard) {
            if (heard.what != heard_block::action::finish)
                d_slots.push_back(heard);
        };
    }

    void run()
    {
        const auto last = d_released + whole_pieces(wait_seconds);
        for (std::size_t n = 0; n < last; ++n)
            tick(n);
    }

    latency_point result() const
    {
        latency_point p;
        p.calls = 1;
        p.sent = d_sent.size();
        p.heard = d_delays.size();
        for (const auto delay : d_delays) {
            p.chain_mean += delay;
            p.chain_most = std::max(p.chain_most, delay);
        }
        p.vocoder = vocoder_delay(d_codec, d_speech);
        std::vector<float> microphone(d_pressed * piece_of(speech_rate));
        microphone.insert(microphone.end(), d_speech.begin(), d_speech.end());
        p.total = delay_between(
            microphone, { d_loudspeaker.all().begin(), d_loudspeaker.all().end() });
        p.gaps = d_antenna.gaps() + d_loudspeaker.gaps();
        return p;
    }

private:
    transmitter_options sending(const latency_setup& setup, const mode& m)
    {
        d_codec = m.codec;
        transmitter_options options;
        options.sample_rate = setup.sample_rate;
        options.seal.key = d_key;
        options.seal.mode = m;
        return options;
    }
    receiver_options receiving(const latency_setup& setup, const mode& m) const
    {
        receiver_options options;
        options.demodulate.sample_rate = setup.sample_rate;
        options.demodulate.profile = profile_to_tell(m.profile);
        options.receive.keys = { d_key };
        return options;
    }
    static channel_options air(const latency_setup& setup, const mode& m, draws& random)
    {
        channel_options options;
        options.sample_rate = setup.sample_rate;
        options.cn0_dbhz = setup.cn0_dbhz;
        const double most = largest_offset_hz(m.profile);
        options.offset_hz = random.between(-most, most);
        options.seed = random.bits();
        return options;
    }
    std::size_t whole_pieces(double seconds) const
    {
        return static_cast<std::size_t>(std::ceil(seconds / d_piece));
    }
    std::size_t piece_of(double rate) const
    {
        return static_cast<std::size_t>(std::lround(rate * d_piece));
    }
    std::size_t iq_piece() const { return piece_of(d_setup.sample_rate); }

    /*! All that happens at the end of the n-th piece of time. */
    void tick(std::size_t n)
    {
        iq_samples made;
        if (n == d_pressed)
            d_transmitter.press();
        const auto count = piece_of(speech_rate);
        if (n >= d_pressed && n < d_released)
            d_transmitter.push(d_speech.data() + (n - d_pressed) * count, count, made);
        if (n + 1 == d_released)
            d_transmitter.release(made);
        d_antenna.take(made, (n + 1) * iq_piece());

        // What is on the air up to now, less the part of a piece by which the receiver's pieces are askew.
        const auto now = (n + 1) * iq_piece() - d_skew;
        const auto radiated = d_antenna.part(d_received, now);
        d_received = now;
        iq_samples heard;
        d_channel.process(radiated.data(), radiated.size(), heard);
        speech_samples speech;
        d_slots.clear();
        d_receiver.push(heard.data(), heard.size(), speech);
        play(speech, static_cast<double>(now) / d_setup.sample_rate);
    }

    void play(const speech_samples& speech, double now)
    {
        if (speech.size() != d_slots.size() * samples_per_block)
            throw std::logic_error("a slot has not the length of a block");
        if (speech.empty())
            return;
        const auto due =
            static_cast<std::size_t>(std::ceil(now * static_cast<double>(speech_rate)));
        const auto at = d_loudspeaker.take({ speech.begin(), speech.end() }, due);
        for (std::size_t k = 0; k < d_slots.size(); ++k) {
            const auto& slot = d_slots[k];
            if (slot.what != heard_block::action::play || slot.number >= d_sent.size() ||
                slot.voice != d_sent[slot.number])
                continue;
            const auto in =
                d_pressed * piece_of(speech_rate) + slot.number * samples_per_block;
            d_delays.push_back((static_cast<double>(at + k * samples_per_block) -
                                static_cast<double>(in)) /
                               speech_per_ms);
        }
    }

    const latency_setup& d_setup;
    double d_piece; // s
    codec d_codec = codec::c3200;
    key_ptr d_key = random_key();
    transmitter d_transmitter;
    receiver d_receiver;
    channel d_channel;
    std::size_t d_pressed; // number of a piece
    std::size_t d_released;
    speech_samples d_speech;
    std::size_t d_skew; // samples of IQ
    std::size_t d_received = 0;
    player<std::complex<float>> d_antenna;
    player<float> d_loudspeaker;
    std::vector<voice_field> d_sent;
    std::vector<heard_block> d_slots; // of this piece
    std::vector<double> d_delays;     // ms, of each block
};

bool whole(double x) { return x >= 1 && std::abs(x - std::round(x)) < 1e-6; }

void check(const latency_setup& setup)
{
    if (setup.modes.empty())
        throw std::invalid_argument("name at least one profile and one codec");
    if (!(setup.call_seconds >= 2 && setup.call_seconds <= 1000) || setup.calls < 1)
        throw std::invalid_argument("there is at least one call, of 2 to 1000 seconds");
    if (!(setup.piece_ms > 0 && setup.piece_ms <= 100) ||
        !whole(setup.piece_ms * speech_per_ms) ||
        !whole(setup.piece_ms * setup.sample_rate / 1000))
        throw std::invalid_argument(
            "a piece is up to 100 ms long and holds whole samples "
            "of speech (8 per ms) and of IQ");
}

} // namespace

std::vector<latency_point> measure_latency(const latency_setup& setup,
                                           const std::function<void(double)>& progress)
{
    check(setup);
    std::vector<latency_point> points(setup.modes.size());
    std::mutex results;
    const auto work = [&](std::size_t n) {
        const auto place = n / setup.calls;
        draws random(setup.seed, place, n % setup.calls);
        clocked_call call(setup, setup.modes[place], random);
        call.run();
        const auto result = call.result();
        const std::lock_guard<std::mutex> lock(results);
        auto& p = points[place];
        p.calls += result.calls;
        p.sent += result.sent;
        p.heard += result.heard;
        p.chain_mean += result.chain_mean;
        p.chain_most = std::max(p.chain_most, result.chain_most);
        p.vocoder += result.vocoder;
        p.total += result.total;
        p.gaps += result.gaps;
    };
    in_parallel(setup.modes.size() * setup.calls, setup.jobs, work, progress);
    for (std::size_t n = 0; n < points.size(); ++n) {
        auto& p = points[n];
        p.mode = setup.modes[n];
        p.chain_mean /= static_cast<double>(std::max<std::size_t>(p.heard, 1));
        p.vocoder /= static_cast<double>(p.calls);
        p.total /= static_cast<double>(p.calls);
    }
    return points;
}

} // namespace securevoice::apps

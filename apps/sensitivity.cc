/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sensitivity.h"

#include "core/chain/opener.h"
#include "core/chain/sealer.h"
#include "core/channel/channel.h"
#include "core/modem/demodulator.h"
#include "core/modem/modulator.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <complex>
#include <exception>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

namespace securevoice::apps {

namespace {

using iq_samples = std::vector<std::complex<float>>;

constexpr double max_offset_hz = 6000;
constexpr double max_clock_ppm = 50;
constexpr double noise_seconds = 0.3; // before and after a call

/*! Draws that are the same on every machine. */
class draws
{
public:
    draws(std::uint64_t seed, std::uint64_t point, std::uint64_t call)
    {
        std::seed_seq all{ seed, seed >> 32, point, call };
        d_random.seed(all);
    }
    std::uint64_t bits() { return d_random(); }
    double between(double low, double high)
    {
        return low + (high - low) * std::ldexp(static_cast<double>(bits() >> 11), -53);
    }

private:
    std::mt19937_64 d_random;
};

/*! The plan of one call: which point it belongs to, how many blocks. */
struct task {
    std::size_t point;
    std::size_t call;
    std::size_t blocks;
};

voice_field random_voice(draws& random, codec c)
{
    voice_field voice{};
    for (std::size_t n = 0; n < voice_bits(c); n += 8)
        voice[n / 8] = static_cast<std::uint8_t>(random.bits());
    if (voice_bits(c) % 8 != 0)
        voice[voice_bits(c) / 8] &=
            static_cast<std::uint8_t>(0xff00 >> voice_bits(c) % 8);
    return voice;
}

/*! Sends random voice: IQ with a random phase and silence of random length around it. */
iq_samples send(const sensitivity_setup& setup,
                const key_ptr& key,
                const std::vector<voice_field>& voices,
                draws& random)
{
    sealer_options options;
    options.key = key;
    options.mode = setup.mode;
    sealer seal(options);
    modulator modulate(setup.sample_rate);
    const auto silence = [&] {
        return static_cast<std::size_t>(setup.sample_rate * noise_seconds *
                                        random.between(1, 2));
    };
    iq_samples iq(silence());
    const auto emit = [&](const coded_frame& frame) { modulate.modulate(frame, iq); };
    spoken_block block;
    block.flags = spoken_block::start;
    block.codec = static_cast<std::uint8_t>(setup.mode.codec);
    seal.seal(block, emit);
    for (std::size_t n = 0; n < voices.size(); ++n) {
        block.flags = spoken_block::voice_present;
        if (n + 1 == voices.size())
            block.flags |= spoken_block::end;
        block.voice = voices[n];
        seal.seal(block, emit);
    }
    iq.resize(iq.size() + silence());
    const std::complex<float> phase(std::polar(1.0, random.between(-M_PI, M_PI)));
    for (auto& sample : iq)
        sample *= phase;
    return iq;
}

iq_samples through_channel(const sensitivity_setup& setup,
                           double cn0_dbhz,
                           const iq_samples& sent,
                           draws& random)
{
    channel_options options;
    options.sample_rate = setup.sample_rate;
    options.cn0_dbhz = cn0_dbhz;
    options.offset_hz =
        setup.offset_hz.value_or(random.between(-max_offset_hz, max_offset_hz));
    options.clock_ppm =
        setup.clock_ppm.value_or(random.between(-max_clock_ppm, max_clock_ppm));
    options.doppler_hz = setup.doppler_hz;
    options.seed = random.bits();
    channel simulated(options);
    iq_samples received;
    simulated.process(sent.data(), sent.size(), received);
    simulated.finish(received);
    return received;
}

sensitivity_point run_call(const sensitivity_setup& setup, const task& t)
{
    draws random(setup.seed, t.point, t.call);
    const auto key =
        std::make_shared<named_key>(named_key{ "bench", secret_key::random() });
    std::vector<voice_field> voices(t.blocks);
    for (auto& voice : voices)
        voice = random_voice(random, setup.mode.codec);
    const auto sent = send(setup, key, voices, random);
    const auto received = through_channel(setup, setup.cn0_dbhz[t.point], sent, random);

    sensitivity_point result;
    result.calls = 1;
    result.sent = voices.size();
    demodulator_options demodulate;
    demodulate.sample_rate = setup.sample_rate;
    demodulator demodulator(demodulate);
    opener_options open;
    open.keys = { key };
    opener opener(open);
    std::vector<bool> done(voices.size());
    const auto judge = [&](const heard_block& heard) {
        if (heard.what != heard_block::action::play)
            return;
        const bool right = heard.number < voices.size() && !done[heard.number] &&
                           heard.kind == kind::secure &&
                           heard.voice == voices[heard.number];
        ++(right ? result.played : result.wrong);
        if (right)
            done[heard.number] = true;
    };
    const auto take = [&](const soft_frame& frame) { opener.open(frame, judge); };
    demodulator.push(received.data(), received.size(), take);
    demodulator.finish(take);
    result.lost = result.sent - result.played;
    result.calls_missed = result.played == 0 ? 1 : 0;
    return result;
}

std::vector<task> plan(const sensitivity_setup& setup)
{
    if (setup.cn0_dbhz.empty())
        throw std::invalid_argument("name at least one C/N0");
    if (!(setup.seconds >= 1 && setup.seconds <= 1e6) ||
        !(setup.call_seconds >= 1 && setup.call_seconds <= 1000))
        throw std::invalid_argument("a measurement is 1 to 1e6 seconds long, a call 1 to "
                                    "1000 seconds");
    const auto calls =
        static_cast<std::size_t>(std::ceil(setup.seconds / setup.call_seconds));
    const auto blocks = static_cast<std::size_t>(
        std::ceil(setup.seconds / static_cast<double>(calls) / block_seconds));
    std::vector<task> all;
    for (std::size_t point = 0; point < setup.cn0_dbhz.size(); ++point)
        for (std::size_t call = 0; call < calls; ++call)
            all.push_back({ point, call, blocks });
    return all;
}

void add(sensitivity_point& sum, const sensitivity_point& call)
{
    sum.calls += call.calls;
    sum.sent += call.sent;
    sum.played += call.played;
    sum.wrong += call.wrong;
    sum.lost += call.lost;
    sum.calls_missed += call.calls_missed;
}

} // namespace

interval wilson(std::size_t events, std::size_t trials)
{
    constexpr double z = 1.959964; // 97.5 % point of the normal distribution
    const auto n = static_cast<double>(trials);
    const auto p = static_cast<double>(events) / n;
    const auto centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const auto half =
        z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    // Rounding must not push the measured rate itself out of the interval.
    return { std::clamp(centre - half, 0.0, p), std::clamp(centre + half, p, 1.0) };
}

std::vector<sensitivity_point>
measure_sensitivity(const sensitivity_setup& setup,
                    const std::function<void(double)>& progress)
{
    const auto tasks = plan(setup);
    std::vector<sensitivity_point> points(setup.cn0_dbhz.size());
    for (std::size_t n = 0; n < points.size(); ++n)
        points[n].cn0_dbhz = setup.cn0_dbhz[n];

    std::atomic<std::size_t> next{ 0 };
    std::size_t done = 0;
    std::mutex results;
    std::exception_ptr failure;
    const auto work = [&] {
        for (auto n = next++; n < tasks.size(); n = next++) {
            try {
                const auto call = run_call(setup, tasks[n]);
                const std::lock_guard<std::mutex> lock(results);
                add(points[tasks[n].point], call);
                progress(static_cast<double>(++done) / static_cast<double>(tasks.size()));
            } catch (...) {
                const std::lock_guard<std::mutex> lock(results);
                failure = std::current_exception();
                next = tasks.size();
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t n = 0; n < std::min(setup.jobs, tasks.size()); ++n)
        threads.emplace_back(work);
    for (auto& thread : threads)
        thread.join();
    if (failure)
        std::rethrow_exception(failure);
    return points;
}

} // namespace securevoice::apps

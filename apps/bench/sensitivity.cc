/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/sensitivity.h"

#include "bench/parallel.h"
#include "bench/simulated_call.h"
#include "call_options.h"

#include "core/chain/call_receiver.h"
#include "core/modem/demodulator.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr double noise_seconds = 0.3; // before and after a call

/*! The plan of one call: which point it belongs to, how many blocks. */
struct task {
    std::size_t point;
    std::size_t call;
    std::size_t blocks;
};

/*! A call with silence of random length around it, as it is received. */
iq_samples receive_call(const sensitivity_setup& setup,
                        double cn0_dbhz,
                        const key_ptr& key,
                        const std::vector<voice_field>& voices,
                        draws& random)
{
    const auto silence = [&] {
        return static_cast<std::size_t>(setup.sample_rate * noise_seconds *
                                        random.between(1, 2));
    };
    iq_samples iq(silence());
    const auto after = silence();
    const auto call =
        send_call(setup.mode, setup.sample_rate, key, voices, random, setup.kind);
    iq.insert(iq.end(), call.begin(), call.end());
    iq.resize(iq.size() + after);
    simulated_path path{ setup.sample_rate,   cn0_dbhz,         setup.offset_hz,
                         setup.clock_ppm,     setup.doppler_hz, setup.rician_k_db,
                         setup.drift_hz_per_s };
    path.max_offset_hz = largest_offset_hz(setup.mode.profile);
    return through_path(path, iq, random);
}

sensitivity_point run_call(const sensitivity_setup& setup, const task& t)
{
    draws random(setup.seed, t.point, t.call);
    const auto key = random_key();
    std::vector<voice_field> voices(t.blocks);
    for (auto& voice : voices)
        voice = random_voice(random, setup.mode.codec);
    const auto received =
        receive_call(setup, setup.cn0_dbhz[t.point], key, voices, random);

    sensitivity_point result;
    result.calls = 1;
    result.sent = voices.size();
    demodulator_options demodulate;
    demodulate.sample_rate = setup.sample_rate;
    demodulate.profile = profile_to_tell(setup.mode.profile);
    demodulator demodulator(demodulate);
    call_receiver_options options;
    options.keys = { key };
    call_receiver receiver(options);
    std::vector<bool> done(voices.size());
    const auto judge = [&](const heard_block& heard) {
        if (heard.what != heard_block::action::play)
            return;
        const bool right = heard.number < voices.size() && !done[heard.number] &&
                           heard.kind == setup.kind &&
                           heard.voice == voices[heard.number];
        ++(right ? result.played : result.wrong);
        if (right)
            done[heard.number] = true;
    };
    const auto take = [&](const soft_frame& frame) { receiver.receive(frame, judge); };
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

    std::mutex results;
    const auto work = [&](std::size_t n) {
        const auto call = run_call(setup, tasks[n]);
        const std::lock_guard<std::mutex> lock(results);
        add(points[tasks[n].point], call);
    };
    in_parallel(tasks.size(), setup.jobs, work, progress);
    return points;
}

} // namespace securevoice::apps

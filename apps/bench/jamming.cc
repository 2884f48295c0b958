/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/jamming.h"

#include "bench/parallel.h"
#include "bench/simulated_call.h"
#include "call_options.h"

#include "core/chain/call_receiver.h"
#include "core/modem/demodulator.h"
#include "core/protocol/constants.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr double silence_seconds = 0.4; // before and after the call
constexpr double block_length = block_symbols;
constexpr double sync_middle = sync_symbols / 2.0;
constexpr double group_length = data_per_group + 1;
constexpr std::size_t run_of_blocks = 5; // long enough for the receiver's relock rule

double share_of_turn(double x) { return x - std::floor(x); }

/*! Of every n-th so many that their share is the duty cycle. */
bool is_taken(double duty, std::size_t n)
{
    const auto before = static_cast<double>(n);
    return std::floor((before + 1) * duty) > std::floor(before * duty);
}

jammer one_pulse(double place)
{
    return { "pulse at " + std::to_string(static_cast<int>(1000 * place)) + "/1000",
             [place](double duty, std::size_t, double symbol) {
                 return share_of_turn(symbol / block_length - place) < duty;
             } };
}

jammer some_pulses(unsigned count)
{
    return { std::to_string(count) + " pulses",
             [count](double duty, std::size_t, double symbol) {
                 return share_of_turn(count * symbol / block_length) < duty;
             } };
}

std::vector<jammer> all_jammers()
{
    std::vector<jammer> all;
    for (const double place : { 0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875 })
        all.push_back(one_pulse(place));
    for (const unsigned count : { 2U, 5U })
        all.push_back(some_pulses(count));
    all.push_back({ "sync words", [](double duty, std::size_t, double symbol) {
                       const auto turn = (symbol - sync_middle) / block_length;
                       return std::abs(turn - std::round(turn)) < duty / 2;
                   } });
    all.push_back(
        { "pilots", [](double duty, std::size_t, double symbol) {
             if (symbol < sync_symbols)
                 return false;
             const auto from_pilot =
                 std::fmod(symbol - sync_symbols, group_length) - group_length / 2;
             return std::abs(from_pilot) < duty / 2 * block_length / pilots_per_block;
         } });
    all.push_back({ "blocks", [](double duty, std::size_t block, double) {
                       return is_taken(duty, block);
                   } });
    all.push_back({ "runs of blocks", [](double duty, std::size_t block, double) {
                       return is_taken(duty, block / run_of_blocks);
                   } });
    return all;
}

simulated_path path_of(const jamming_setup& setup)
{
    simulated_path path;
    path.max_offset_hz = largest_offset_hz(setup.mode.profile);
    path.sample_rate = setup.sample_rate;
    path.cn0_dbhz = setup.cn0_dbhz;
    path.clock_ppm = 0; // the jammer follows the sender's clock
    return path;
}

struct sent_call {
    key_ptr key = random_key();
    std::vector<voice_field> voices;
    iq_samples received; // without jammer
};

sent_call make_call(const jamming_setup& setup, std::size_t blocks, draws& random)
{
    sent_call call;
    call.voices.resize(blocks);
    for (auto& voice : call.voices)
        voice = random_voice(random, setup.mode.codec);
    const auto silence = static_cast<std::size_t>(setup.sample_rate * silence_seconds);
    iq_samples iq(silence);
    const auto sent =
        send_call(setup.mode, setup.sample_rate, call.key, call.voices, random);
    iq.insert(iq.end(), sent.begin(), sent.end());
    iq.resize(iq.size() + silence);
    call.received = through_path(path_of(setup), iq, random);
    return call;
}

/*! When the middle of the start frame's first symbol comes, s: as the receiver finds it without a jammer. */
double beginning(const jamming_setup& setup)
{
    auto undisturbed = setup;
    if (undisturbed.mode.profile == profile::robust)
        undisturbed.mode.profile = profile::narrow; // the same without the interleaver
    draws random(setup.seed, 0, 0);
    const auto call = make_call(undisturbed, 4, random);
    demodulator_options options;
    options.sample_rate = setup.sample_rate;
    options.profile = profile_to_tell(setup.mode.profile);
    demodulator demodulator(options);
    std::optional<double> time;
    const auto take = [&](const soft_frame& frame) {
        if (frame.what == soft_frame::type::start && !time)
            time = frame.time;
    };
    demodulator.push(call.received.data(), call.received.size(), take);
    demodulator.finish(take);
    if (!time)
        throw std::invalid_argument("the call is not heard at this C/N0 even without a "
                                    "jammer: choose a higher one");
    return *time;
}

void jam(const jamming_setup& setup,
         const jammer& j,
         double duty,
         double begins,
         iq_samples& iq,
         draws& random)
{
    std::mt19937_64 bits(random.bits());
    std::normal_distribution<float> noise(
        0,
        static_cast<float>(std::sqrt(std::pow(10, setup.over_signal_db / 10) *
                                     setup.sample_rate / symbol_rate / 2)));
    for (std::size_t n = 0; n < iq.size(); ++n) {
        const double symbol =
            (static_cast<double>(n) / setup.sample_rate - begins) * symbol_rate + 0.5;
        if (symbol < 0)
            continue;
        const auto block = static_cast<std::size_t>(symbol / block_length);
        if (j.active(duty, block, std::fmod(symbol, block_length)))
            iq[n] += std::complex<float>(noise(bits), noise(bits));
    }
}

jamming_point listen(const jamming_setup& setup, const sent_call& call)
{
    jamming_point result;
    demodulator_options demodulate;
    demodulate.sample_rate = setup.sample_rate;
    demodulate.profile = profile_to_tell(setup.mode.profile);
    demodulator demodulator(demodulate);
    call_receiver_options options;
    options.keys = { call.key };
    call_receiver receiver(options);
    std::vector<bool> done(call.voices.size());
    const auto judge = [&](const heard_block& heard) {
        if (heard.what != heard_block::action::play)
            return;
        const bool right = heard.number < done.size() && !done[heard.number] &&
                           heard.kind == kind::secure &&
                           heard.voice == call.voices[heard.number];
        ++(right ? result.played : result.wrong);
        if (right)
            done[heard.number] = true;
    };
    const auto take = [&](const soft_frame& frame) { receiver.receive(frame, judge); };
    demodulator.push(call.received.data(), call.received.size(), take);
    demodulator.finish(take);
    result.sent = done.size();
    return result;
}

} // namespace

const std::vector<jammer>& jammers()
{
    static const auto all = all_jammers();
    return all;
}

std::vector<jamming_point> measure_jamming(const jamming_setup& setup,
                                           const std::function<void(double)>& progress)
{
    if (setup.duty.empty())
        throw std::invalid_argument("name at least one duty cycle");
    for (const double duty : setup.duty)
        if (!(duty >= 0 && duty <= 1))
            throw std::invalid_argument(
                "a duty cycle is a share of the time: 0 to 100 %");
    if (!(setup.seconds >= 1 && setup.seconds <= 1000) ||
        !(setup.call_seconds >= 1 && setup.call_seconds <= 1000))
        throw std::invalid_argument(
            "a measurement and a call are 1 to 1000 seconds long");
    if (!(setup.over_signal_db >= -20 && setup.over_signal_db <= 60))
        throw std::invalid_argument("a jammer is -20 to 60 dB above the signal");

    auto duty = setup.duty;
    std::sort(duty.begin(), duty.end());
    std::vector<jamming_point> points;
    for (const double d : duty)
        for (std::size_t j = 0; j < jammers().size(); ++j) {
            points.emplace_back();
            points.back().duty = d;
            points.back().jammer = j;
        }
    const double begins = beginning(setup);
    const auto calls =
        static_cast<std::size_t>(std::ceil(setup.seconds / setup.call_seconds));
    const auto blocks = static_cast<std::size_t>(
        std::ceil(setup.seconds / static_cast<double>(calls) / block_seconds));
    std::mutex results;
    const auto work = [&](std::size_t n) {
        auto& point = points[n / calls];
        draws random(setup.seed, 1 + point.jammer, n % calls);
        auto call = make_call(setup, blocks, random);
        jam(setup, jammers()[point.jammer], point.duty, begins, call.received, random);
        const auto heard = listen(setup, call);
        const std::lock_guard<std::mutex> lock(results);
        point.sent += heard.sent;
        point.played += heard.played;
        point.wrong += heard.wrong;
    };
    in_parallel(points.size() * calls, setup.jobs, work, progress);
    return points;
}

const jamming_point& worst_jammer(const std::vector<jamming_point>& points, double duty)
{
    const jamming_point* worst = nullptr;
    for (const auto& p : points)
        if (p.duty == duty && (!worst || p.loss() > worst->loss()))
            worst = &p;
    if (!worst)
        throw std::invalid_argument("this duty cycle was not measured");
    return *worst;
}

} // namespace securevoice::apps

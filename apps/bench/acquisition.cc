/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/acquisition.h"

#include "bench/parallel.h"
#include "bench/simulated_call.h"
#include "call_options.h"

#include "core/chain/call_receiver.h"
#include "core/channel/channel.h"
#include "core/modem/demodulator.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr double chunk_seconds = 0.005;
constexpr double noise_chunk_seconds = 300; // a receiver's life on noise alone
constexpr double noise_density_dbhz = 35;   // of noise alone: any will do
constexpr std::uint64_t noise_place = 1ULL
                                      << 30; // of its draws, behind those of all points

/*! Demodulator and call receiver with one key. */
class listening
{
public:
    listening(double sample_rate, profile p, key_ptr key)
        : d_demodulator(demodulating(sample_rate, p)),
          d_call_receiver(opening(std::move(key)))
    {
    }

    template <typename OnFrame, typename OnBlock>
    void push(const std::complex<float>* iq,
              std::size_t count,
              OnFrame on_frame,
              OnBlock on_block)
    {
        d_demodulator.push(iq, count, [&](const soft_frame& frame) {
            d_call_receiver.receive(frame, on_block);
            on_frame(frame, d_call_receiver.status());
        });
    }

private:
    static demodulator_options demodulating(double sample_rate, profile p)
    {
        demodulator_options options;
        options.sample_rate = sample_rate;
        options.profile = profile_to_tell(p);
        return options;
    }
    static call_receiver_options opening(key_ptr key)
    {
        call_receiver_options options;
        options.keys = { std::move(key) };
        return options;
    }

    demodulator d_demodulator;
    call_receiver d_call_receiver;
};

/*! \return s from \p begin, an index of \p received, to the first block of voice that was sent; nothing: none came */
std::optional<double> first_voice(const acquisition_setup& setup,
                                  const key_ptr& key,
                                  const std::vector<voice_field>& voices,
                                  const iq_samples& received,
                                  std::size_t begin)
{
    listening receiver(setup.sample_rate, setup.mode.profile, key);
    bool heard = false;
    const auto judge = [&](const heard_block& block) {
        heard = heard ||
                (block.what == heard_block::action::play && block.kind == kind::secure &&
                 block.number < voices.size() && block.voice == voices[block.number]);
    };
    const auto chunk = static_cast<std::size_t>(setup.sample_rate * chunk_seconds);
    for (std::size_t at = 0; at < received.size(); at += chunk) {
        const auto count = std::min(chunk, received.size() - at);
        receiver.push(
            received.data() + at, count, [](const auto&, const auto&) {}, judge);
        if (heard)
            return (static_cast<double>(at + count) - static_cast<double>(begin)) /
                   setup.sample_rate;
    }
    return std::nullopt;
}

std::optional<double>
run_call(const acquisition_setup& setup, entry how, double cn0_dbhz, draws& random)
{
    const auto samples = [&](double seconds) {
        return static_cast<std::size_t>(setup.sample_rate * seconds);
    };
    const double joined =
        how == entry::late ? random.between(0.5, setup.call_seconds) : 0;
    std::vector<voice_field> voices(static_cast<std::size_t>(
        std::ceil((joined + setup.listen_seconds) / block_seconds) + 1));
    for (auto& voice : voices)
        voice = random_voice(random, setup.mode.codec);
    const auto key = random_key();
    const auto call = send_call(setup.mode, setup.sample_rate, key, voices, random);
    const auto silence = samples(random.between(0.3, 0.6));
    iq_samples sent(silence);
    const auto from = call.begin() + static_cast<std::ptrdiff_t>(samples(joined));
    sent.insert(sent.end(),
                from,
                from + static_cast<std::ptrdiff_t>(samples(setup.listen_seconds)));
    simulated_path path{
        setup.sample_rate, cn0_dbhz, setup.offset_hz, setup.clock_ppm, 0
    };
    path.max_offset_hz = largest_offset_hz(setup.mode.profile);
    return first_voice(setup, key, voices, through_path(path, sent, random), silence);
}

/*! A state that tells people of a call; `pending` only says that something is there. */
bool claims_a_call(heard_state s)
{
    return s != heard_state::idle && s != heard_state::pending;
}

noise_alarms
listen_to_noise(const acquisition_setup& setup, double seconds, draws& random)
{
    channel_options options;
    options.sample_rate = setup.sample_rate;
    options.cn0_dbhz = noise_density_dbhz;
    options.seed = random.bits();
    channel noise(options);
    listening receiver(setup.sample_rate, setup.mode.profile, random_key());
    noise_alarms found;
    found.hours = seconds / 3600;
    std::set<std::uint32_t> tracks;
    auto last = heard_state::idle;
    const auto look = [&](const soft_frame& frame, const receiver_status& status) {
        tracks.insert(frame.track);
        if (status.state != last) {
            found.shown += claims_a_call(status.state) && !claims_a_call(last);
            found.pending += status.state == heard_state::pending;
        }
        last = status.state;
    };
    const auto hear = [&](const heard_block& block) {
        found.voice += block.what != heard_block::action::finish;
    };
    const iq_samples silence(static_cast<std::size_t>(setup.sample_rate));
    iq_samples iq;
    for (double left = seconds; left > 0; left -= 1) {
        iq.clear();
        noise.process(silence.data(),
                      static_cast<std::size_t>(setup.sample_rate * std::min(left, 1.0)),
                      iq);
        receiver.push(iq.data(), iq.size(), look, hear);
    }
    found.detections = tracks.size();
    return found;
}

void check(const acquisition_setup& setup)
{
    if (setup.cn0_dbhz.empty() && setup.noise_hours == 0)
        throw std::invalid_argument(
            "name at least one C/N0 with --cn0, or --noise-hours");
    if (setup.calls < 1)
        throw std::invalid_argument("there is at least one call");
    if (!(setup.listen_seconds >= 1 && setup.listen_seconds <= 60))
        throw std::invalid_argument("a receiver listens for 1 to 60 seconds");
    if (!(setup.call_seconds >= 1 && setup.call_seconds <= 1000))
        throw std::invalid_argument("a call is 1 to 1000 seconds long");
    if (!(setup.noise_hours >= 0 && setup.noise_hours <= 1e5))
        throw std::invalid_argument("noise lasts 0 to 1e5 hours");
}

} // namespace

const char* entry_name(entry e) { return e == entry::start ? "start" : "late"; }

std::optional<double> acquisition_point::within(double share) const
{
    const auto needed =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(calls) - 1e-9));
    if (needed == 0 || needed > first_voice.size())
        return std::nullopt;
    return first_voice[needed - 1];
}

acquisition_result measure_acquisition(const acquisition_setup& setup,
                                       const std::function<void(double)>& progress)
{
    check(setup);
    acquisition_result all;
    for (const auto cn0 : setup.cn0_dbhz)
        for (const auto how : { entry::start, entry::late }) {
            acquisition_point point;
            point.cn0_dbhz = cn0;
            point.entry = how;
            all.points.push_back(point);
        }
    const auto calls = all.points.size() * setup.calls;
    const double noise_seconds = 3600 * setup.noise_hours;
    const auto noises =
        static_cast<std::size_t>(std::ceil(noise_seconds / noise_chunk_seconds));
    std::mutex results;
    const auto listen = [&](std::size_t n) {
        draws random(setup.seed, noise_place, n);
        const auto got =
            listen_to_noise(setup, noise_seconds / static_cast<double>(noises), random);
        const std::lock_guard<std::mutex> lock(results);
        all.noise.hours += got.hours;
        all.noise.shown += got.shown;
        all.noise.voice += got.voice;
        all.noise.pending += got.pending;
        all.noise.detections += got.detections;
    };
    const auto work = [&](std::size_t n) {
        if (n >= calls)
            return listen(n - calls);
        auto& point = all.points[n / setup.calls];
        draws random(setup.seed, n / setup.calls, n % setup.calls);
        const auto seconds = run_call(setup, point.entry, point.cn0_dbhz, random);
        const std::lock_guard<std::mutex> lock(results);
        ++point.calls;
        if (seconds)
            point.first_voice.push_back(*seconds);
        else
            ++point.missed;
    };
    in_parallel(calls + noises, setup.jobs, work, progress);
    for (auto& point : all.points)
        std::sort(point.first_voice.begin(), point.first_voice.end());
    return all;
}

} // namespace securevoice::apps

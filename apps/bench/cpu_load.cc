/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench/cpu_load.h"

#include "call_options.h"

#include "bench/simulated_call.h"

#include "core/chain/receiver.h"
#include "core/chain/transmitter.h"
#include "core/channel/channel.h"
#include "core/modem/acquire/golay_word_search.h"
#include "core/modem/demodulator.h"
#include "core/modem/front/front_end.h"
#include "core/modem/front/impulse_limiter.h"
#include "core/modem/front/search_limiter.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

namespace securevoice::apps {

namespace {

constexpr int rounds = 20000;                  // of one block's cipher and tag
constexpr std::size_t portion = 4096;          // samples pushed at a time
constexpr std::int64_t some_time = 1800000000; // s since 1970

double cpu_seconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

template <typename Work>
double cpu_of(Work work)
{
    const auto before = cpu_seconds();
    work();
    return cpu_seconds() - before;
}

void measure_blocks(const cpu_setup& setup, cpu_load& load)
{
    const auto key = random_key();
    sending_session sender(&key->key, setup.mode, some_time, {});
    const auto session = receiving_session::accept(sender.head(), key->key);
    text_field text{};
    air_block block;
    load.seal_us = 1e6 / rounds * cpu_of([&] {
                       for (int n = 0; n < rounds; ++n)
                           block = sender.seal(kind::secure, text);
                   });
    int opened = 0;
    const auto open = [&](std::uint32_t number) {
        return 1e6 / rounds * cpu_of([&] {
                   for (int n = 0; n < rounds; ++n)
                       opened += session->open(number, block, text);
               });
    };
    load.open_us = open(rounds - 1);
    load.verify_us = open(0);
    if (opened != rounds)
        throw std::logic_error("a sealed block did not open");
}

/*! Something like speech: noise in bursts. */
std::vector<std::int16_t> make_speech(double seconds, std::mt19937& rng)
{
    std::vector<std::int16_t> speech(
        static_cast<std::size_t>(seconds * static_cast<double>(speech_rate)));
    std::normal_distribution<float> noise(0, 2000);
    for (std::size_t n = 0; n < speech.size(); ++n)
        if (n / 2000 % 3 != 0)
            speech[n] =
                static_cast<std::int16_t>(std::clamp(noise(rng), -30000.0f, 30000.0f));
    return speech;
}

std::vector<cfloat> through_channel(const std::vector<cfloat>& iq, const cpu_setup& setup)
{
    channel_options options;
    options.sample_rate = setup.sample_rate;
    options.cn0_dbhz = setup.cn0_dbhz;
    options.offset_hz = 1000;
    options.seed = setup.seed;
    channel air(options);
    std::vector<cfloat> out;
    air.process(iq.data(), iq.size(), out);
    air.finish(out);
    return out;
}

/*! \return status of a receiver that has heard all of it */
receiver_status
receive(const std::vector<cfloat>& iq, const key_ptr& key, const cpu_setup& setup)
{
    receiver_options options;
    options.demodulate.sample_rate = setup.sample_rate;
    options.demodulate.profile = profile_to_tell(setup.mode.profile);
    options.receive.keys = { key };
    receiver rx(std::move(options));
    std::vector<std::int16_t> speech;
    for (std::size_t at = 0; at < iq.size(); at += portion) {
        rx.push(iq.data() + at, std::min(portion, iq.size() - at), speech);
        speech.clear();
    }
    rx.finish(speech);
    return rx.status();
}

/*! \return samples as the searches see them */
std::vector<cfloat> filter(const std::vector<cfloat>& iq, const cpu_setup& setup)
{
    constexpr std::size_t step = search_filter::step / 4;
    front_end front(setup.sample_rate);
    impulse_limiter impulses(4 * step);
    search_limiter limiter;
    std::vector<float> limited(step);
    std::vector<cfloat> out;
    std::size_t done = 0;
    for (std::size_t at = 0; at < iq.size(); at += portion) {
        front.push(iq.data() + at, std::min(portion, iq.size() - at), out);
        for (; done + step <= out.size(); done += step) {
            impulses.apply(out.data() + done, step, limited.data());
            limiter.apply(out.data() + done, step);
        }
    }
    return out;
}

/*! Of the search for one waveform, or of the filter in front of both. */
double cpu_of_search(const std::vector<cfloat>& samples, std::optional<waveform> w)
{
    constexpr std::size_t step = search_filter::step;
    search_filter filter(demodulator_options{}.max_offset_hz);
    std::optional<golay_word_search> search;
    if (w)
        search.emplace(filter, *w);
    sample_history history(4 * step);
    return cpu_of([&] {
        for (std::size_t at = 0; at + step <= samples.size(); at += step) {
            history.append(samples.data() + at, step);
            filter.take(history);
            if (search)
                search->take(filter);
        }
    });
}

void demodulate(const std::vector<cfloat>& iq, const cpu_setup& setup)
{
    demodulator_options options;
    options.sample_rate = setup.sample_rate;
    options.profile = profile_to_tell(setup.mode.profile);
    demodulator demod(options);
    const auto ignore = [](const soft_frame&) {};
    for (std::size_t at = 0; at < iq.size(); at += portion)
        demod.push(iq.data() + at, std::min(portion, iq.size() - at), ignore);
    demod.finish(ignore);
}

receiver_load measure_receiver(const std::vector<cfloat>& iq,
                               const key_ptr& key,
                               const cpu_setup& setup,
                               receiver_status& status)
{
    receiver_load load;
    std::vector<cfloat> samples;
    load.front_end = cpu_of([&] { samples = filter(iq, setup); });
    load.search_filter = cpu_of_search(samples, {});
    const auto behind_filter = [&](waveform w) {
        return std::max(0.0, cpu_of_search(samples, w) - load.search_filter);
    };
    load.search_linear = behind_filter(waveform::linear);
    load.search_constant = behind_filter(waveform::constant);
    const double demodulated = cpu_of([&] { demodulate(iq, setup); });
    load.all = cpu_of([&] { status = receive(iq, key, setup); });
    load.tracking = std::max(0.0,
                             demodulated - load.front_end - load.search_filter -
                                 load.search_linear - load.search_constant);
    load.decoding = std::max(0.0, load.all - demodulated);
    for (double* part : { &load.front_end,
                          &load.search_filter,
                          &load.search_linear,
                          &load.search_constant,
                          &load.tracking,
                          &load.decoding,
                          &load.all })
        *part /= setup.seconds;
    return load;
}

} // namespace

double cpu_load::share_of_security() const
{
    return open_us * 1e-6 / (call.all * block_seconds);
}

cpu_load measure_cpu(const cpu_setup& setup)
{
    if (!(setup.seconds >= 1 && setup.seconds <= 3600))
        throw std::invalid_argument("--seconds is from 1 to 3600 s of signal");
    cpu_load load;
    measure_blocks(setup, load);

    std::mt19937 rng(static_cast<std::mt19937::result_type>(setup.seed));
    const auto speech = make_speech(setup.seconds, rng);
    const auto key = random_key();
    transmitter_options options;
    options.sample_rate = setup.sample_rate;
    options.seal.key = key;
    options.seal.mode = setup.mode;
    std::vector<cfloat> iq;
    load.transmitter = cpu_of([&] {
                           transmitter tx(options);
                           tx.press();
                           tx.push(speech.data(), speech.size(), iq);
                           tx.release(iq);
                       }) /
                       setup.seconds;
    const auto heard = through_channel(iq, setup);
    receiver_status status;
    load.call = measure_receiver(heard, key, setup, status);
    const auto blocks = status.heard + status.lost;
    load.blocks_lost =
        blocks > 0 ? static_cast<double>(status.lost) / static_cast<double>(blocks) : 1;

    std::fill(iq.begin(), iq.end(), cfloat{});
    const auto noise = through_channel(iq, setup);
    load.noise = measure_receiver(noise, key, setup, status);
    return load;
}

} // namespace securevoice::apps

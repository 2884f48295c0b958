/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/analog_branch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace securevoice {

namespace {

constexpr auto subframe_samples = fm_subframe::iq_samples;
constexpr double subframe_seconds = block_seconds / fm_subframe::per_slot;
constexpr double hold =
    0.66; // s: data is known for data, and every digital frame has come
constexpr double patience = 0.25;  // s behind a digital frame until the next one has come
constexpr double burst_end = 0.02; // s: a closing word, and the filters
constexpr double edge_seconds = 0.03; // s: three subframes of 10 ms: the filters' edges
constexpr double lost_after = 0.5;    // s without FM
constexpr double never = -1e9;        // s: before every time
constexpr std::size_t known_late = 8; // subframes: see fm_subframe::voice

} // namespace

analog_branch::analog_branch(const fm_options& options,
                             double squelch_dbhz,
                             clock seconds)
    : d_seconds(std::move(seconds)),
      d_detector(options, squelch_dbhz),
      d_digital_end(never),
      d_grid(never)
{
}

double analog_branch::time_of(std::int64_t subframe) const
{
    return d_seconds(static_cast<double>(subframe) *
                     static_cast<double>(subframe_samples));
}

/*! The first subframe that begins at this time or later. */
std::int64_t analog_branch::subframe_at(double time) const
{
    return static_cast<std::int64_t>(
        std::ceil((time - d_seconds(0)) / subframe_seconds - 1e-6));
}

void analog_branch::push(const std::complex<float>* iq,
                         std::size_t count,
                         const sink& emit)
{
    d_samples.insert(d_samples.end(), iq, iq + count);
    const auto there =
        d_next + static_cast<std::int64_t>(d_samples.size() / subframe_samples);
    for (; d_taken < there; ++d_taken) {
        d_gate.push(d_samples.data() +
                        static_cast<std::size_t>(d_taken - d_next) * subframe_samples,
                    subframe_samples);
        const double now = time_of(d_taken + 1);
        if (now > d_digital_end + patience)
            demodulate(d_gate.judged());
        release(now - hold, emit);
    }
}

void analog_branch::demodulate(std::int64_t up_to)
{
    std::size_t used = 0;
    for (; d_next < up_to; ++d_next, used += subframe_samples) {
        if (!d_gate.passes(d_next)) {
            d_running = false;
            continue;
        }
        if (!std::exchange(d_running, true)) {
            d_detector.restart();
            d_detected = d_next;
        }
        d_detector.push(d_samples.data() + used, [this](const auto& p) { hear(p); });
    }
    d_samples.erase(d_samples.begin(),
                    d_samples.begin() + static_cast<std::ptrdiff_t>(used));
    d_gate.forget(d_next);
}

/*! These subframes are not demodulated. */
void analog_branch::skip(std::int64_t up_to)
{
    up_to = std::min(up_to, d_taken);
    if (up_to <= d_next)
        return;
    d_samples.erase(d_samples.begin(),
                    d_samples.begin() +
                        static_cast<std::ptrdiff_t>(up_to - d_next) *
                            static_cast<std::ptrdiff_t>(subframe_samples));
    d_next = up_to;
    d_gate.forget(d_next);
    d_running = false;
}

void analog_branch::hear(const fm_subframe& subframe)
{
    // What is known for data now was data before.
    if (subframe.data)
        for (auto& h : d_held)
            h.subframe.data = true;
    d_held.push_back({ time_of(d_detected++) - d_detector.delay(), subframe });
}

/*! Subframes that end by then: the first held is let out before it is dropped. */
void analog_branch::release(double up_to, const sink& emit)
{
    for (; !d_held.empty() && d_held.front().time + subframe_seconds <= up_to;
         d_held.pop_front())
        put(d_held.front(), emit);
    if (d_carrier && up_to > d_last_passed + lost_after) {
        let_out(emit);
        soft_frame lost;
        lost.what = soft_frame::type::carrier_lost;
        lost.time = d_last_passed + subframe_seconds; // before the slot of the next one
        emit(lost);
        d_carrier = false;
    }
}

void analog_branch::put(const held& h, const sink& emit)
{
    const bool passes = h.subframe.squelch_open && !h.subframe.data &&
                        h.time >= d_digital_end + burst_end;
    if (passes && d_grid == never)
        d_grid = h.time;
    const auto first = std::llround((h.time - d_grid) * static_cast<double>(speech_rate));
    const auto frame_of = [](long long sample) {
        return static_cast<std::int64_t>(
            std::floor(static_cast<double>(sample) / samples_per_block));
    };
    if (d_frame && frame_of(first) > d_frame_index)
        let_out(emit);
    if (!passes)
        return;
    // A voice is known for one late.
    const auto soon =
        d_held.begin() + static_cast<std::ptrdiff_t>(std::min(d_held.size(), known_late));
    const bool spoken =
        std::any_of(d_held.begin(), soon, [](const held& x) { return x.subframe.voice; });
    for (std::size_t n = 0; n < h.subframe.speech.size(); ++n) {
        const auto sample = first + static_cast<long long>(n);
        const auto index = frame_of(sample);
        if (d_frame && index != d_frame_index)
            let_out(emit);
        if (!d_frame) {
            d_frame.emplace();
            d_frame->what = soft_frame::type::analog;
            d_frame->time = d_grid + block_seconds * static_cast<double>(index);
            d_frame_index = index;
        }
        const auto place = sample - index * static_cast<long long>(samples_per_block);
        d_frame->speech[static_cast<std::size_t>(place)] = h.subframe.speech[n];
        ++d_frame_filled;
        d_frame->spoken = d_frame->spoken || spoken;
        d_frame->cn0_dbhz += h.subframe.cn0_dbhz;
        d_frame->offset_hz += h.subframe.offset_hz;
    }
    d_carrier = true;
    d_last_passed = std::max(d_last_passed, h.time);
}

/*! The frame begun, if there is one. */
void analog_branch::let_out(const sink& emit)
{
    if (!d_frame)
        return;
    d_frame->cn0_dbhz /= static_cast<float>(d_frame_filled);
    d_frame->offset_hz /= static_cast<float>(d_frame_filled);
    emit(*d_frame);
    d_frame.reset();
    d_frame_filled = 0;
}

void analog_branch::digital(double time, bool start, const sink& emit)
{
    constexpr double jitter = 0.01; // s, of the blocks' times
    const double end = time + block_seconds;
    const bool first = !start && time - d_digital_end > jitter;
    const double begin = first ? time - block_seconds : time;
    // Speech comes out later than it went in, and a subframe with the next one.
    demodulate(std::min(subframe_at(begin + d_detector.delay()) + 1, d_gate.judged()));
    // Of FM that goes over into a burst all is heard: a few milliseconds of silence are
    // between them.
    for (auto& h : d_held)
        h.subframe.squelch_open =
            h.subframe.squelch_open || (h.subframe.edge && h.time > begin - edge_seconds);
    // What is heard of the burst, and of a start frame that was not recognised, is
    // nobody's voice.
    for (auto& h : d_held)
        h.subframe.voice =
            h.subframe.voice && h.time < begin - block_seconds - edge_seconds;
    release(begin, emit);
    let_out(emit);
    while (!d_held.empty() && d_held.front().time < end)
        d_held.pop_front();
    skip(subframe_at(end));
    if (end > d_digital_end)
        d_digital_end = d_grid = end;
}

void analog_branch::finish(const sink& emit)
{
    // what the gate, and the detector, look ahead
    const std::vector<std::complex<float>> silence(
        static_cast<std::size_t>(receive_rate * (hold + patience)));
    push(silence.data(), silence.size(), emit);
    release(std::numeric_limits<double>::infinity(), emit);
}

} // namespace securevoice

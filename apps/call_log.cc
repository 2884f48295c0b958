/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_log.h"

#include "segments.h"

#include "core/vocoder/vocoder.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <optional>

namespace securevoice::apps {

namespace {

/*! "2026-11-24T02:10:00Z"; null if the time is not known. */
nlohmann::ordered_json utc_text(const std::optional<double>& time)
{
    if (!time)
        return nullptr;
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(static_cast<std::time_t>(std::floor(*time))));
}

} // namespace

void call_log::mean::add(double value)
{
    sum += value;
    ++count;
}

nlohmann::ordered_json call_log::mean::json() const
{
    if (count == 0)
        return nullptr;
    return sum / static_cast<double>(count);
}

void call_log::frame(const soft_frame& f)
{
    if (f.what == soft_frame::type::lost_track ||
        f.what == soft_frame::type::carrier_lost)
        return;
    d_any_cn0.add(f.cn0_dbhz);
    d_any_offset.add(f.offset_hz);
    if (f.what != soft_frame::type::analog)
        d_frame = f;
}

call_log::slot& call_log::place(const heard_block& b)
{
    auto& c = d_calls.back();
    const auto index = b.number - c.first;
    if (index >= c.slots.size())
        c.slots.resize(index + 1);
    return c.slots[index];
}

void call_log::block(const heard_block& b, const receiver_status& status)
{
    if (b.what == heard_block::action::finish) {
        close(status.state == heard_state::ended);
        return;
    }
    const bool play = b.what == heard_block::action::play;
    if (b.kind == kind::fm) {
        if (play)
            d_analog.push_back(b.time);
        return;
    }
    if (d_open && b.number < d_calls.back().first)
        close(false); // another call: numbers only grow in one
    if (!d_open) {
        if (!play)
            return;
        // The blocks before the first one heard were expected if the call was heard from its start.
        const bool started = d_frame.started != 0;
        d_calls.push_back(
            { static_cast<codec>(b.codec), started ? 0 : b.number, started, {} });
        d_open = true;
    }
    auto& s = place(b);
    if (!play && s.what == fate::played)
        return; // its number came again: what was played stays played
    s.what = play                                  ? fate::played
             : b.what == heard_block::action::mute ? fate::refused
                                                   : fate::lost;
    if (!play)
        return;
    s.kind = b.kind;
    s.time = b.time;
    s.voice = b.voice;
    d_cn0.add(d_frame.cn0_dbhz);
    d_offset.add(d_frame.offset_hz);
}

void call_log::close(bool all_expected)
{
    if (!d_open)
        return;
    d_open = false;
    // After a signal that was cut off nobody knows what was sent: what counts ends with the last block played.
    auto& slots = d_calls.back().slots;
    while (!all_expected && slots.back().what != fate::played)
        slots.pop_back();
}

void call_log::finish() { close(false); }

std::vector<std::uint8_t> call_log::frames() const
{
    std::vector<std::uint8_t> all;
    for (const auto& c : d_calls)
        for (const auto& s : c.slots) {
            const auto octets = unpack_frames(c.codec, s.voice);
            all.insert(all.end(), octets.begin(), octets.end());
        }
    return all;
}

nlohmann::ordered_json call_log::report(const receiver_status& status) const
{
    segment_list segments;
    auto calls = nlohmann::ordered_json::array();
    auto lost_blocks = nlohmann::ordered_json::array();
    std::size_t expected = 0;
    std::size_t played = 0;
    std::size_t lost = 0;
    std::size_t position = 0; // of the slot in --frames-out
    std::size_t analog = 0;   // of d_analog, those in the segments
    const auto add_analog = [&](double until) {
        constexpr double gap = 1.5 * block_seconds;
        for (; analog < d_analog.size() && d_analog[analog] < until; ++analog) {
            if (analog > 0 && d_analog[analog] - d_analog[analog - 1] > gap)
                segments.interrupt();
            segments.add(kind::fm, d_analog[analog]);
        }
    };
    for (const auto& c : d_calls) {
        segments.interrupt();
        const auto first_played =
            std::find_if(c.slots.begin(), c.slots.end(), [](const slot& s) {
                return s.what == fate::played;
            });
        calls.push_back({ { "codec", codec_name(c.codec) },
                          { "first_block", c.first },
                          { "blocks", c.slots.size() },
                          { "late_entry", !c.started },
                          { "audio_start", first_played->time } });
        for (const auto& s : c.slots) {
            if (s.what == fate::played) {
                add_analog(s.time);
                segments.add(s.kind, s.time);
                ++played;
            } else {
                lost_blocks.push_back(position);
                if (s.what == fate::lost)
                    ++lost;
            }
            ++position;
        }
        expected += c.slots.size();
    }
    add_analog(std::numeric_limits<double>::infinity());
    const auto seconds = [](auto slots) {
        return std::round(1e3 * block_seconds * static_cast<double>(slots)) / 1e3;
    };
    const bool any = played > 0;
    return { { "state", state_name(status.state) },
             { "reason", status.reason },
             { "recording", status.recording },
             { "sent", utc_text(status.sent) },
             { "kind", kind_name(status.kind) },
             { "key_name", status.key_name },
             { "old_key", status.old_key },
             { "codec", status.codec },
             { "blocks_sent_or_expected", expected },
             { "blocks_played", played },
             { "blocks_lost", lost },
             { "blocks_refused", status.refused },
             { "blocks_replayed", status.replayed },
             { "fm_seconds", seconds(d_analog.size()) },
             { "fm_refused_seconds", seconds(status.fm_refused) },
             { "interference", status.interference },
             { "lost_blocks", lost_blocks },
             { "late_entry", any && !d_calls.front().started },
             { "calls", calls },
             { "segments", segments.json() },
             { "cn0_estimate", (any ? d_cn0 : d_any_cn0).json() },
             { "offset_estimate_hz", (any ? d_offset : d_any_offset).json() } };
}

} // namespace securevoice::apps

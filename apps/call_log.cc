/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_log.h"

#include "core/vocoder/vocoder.h"

#include <fmt/chrono.h>
#include <sodium.h>

#include <cmath>
#include <ctime>
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

std::optional<double> call_log::mean::value() const
{
    if (count == 0)
        return {};
    return sum / static_cast<double>(count);
}

nlohmann::ordered_json call_log::mean::json() const
{
    const auto found = value();
    return found ? nlohmann::ordered_json(*found) : nlohmann::ordered_json();
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

void call_log::block(const heard_block& b, const receiver_status& status)
{
    d_interference = d_interference || status.interference;
    if (b.what == heard_block::action::finish) {
        close(status.state == heard_state::ended);
        return;
    }
    const bool playing = b.what == heard_block::action::play;
    if (b.kind == kind::fm) {
        if (playing)
            analog(b);
        return;
    }
    // Numbers only grow in one call.
    const auto comes_again = [&] {
        return b.number < d_calls.back().first + d_calls.back().blocks;
    };
    if (d_in_call && (b.number < d_calls.back().first || (playing && comes_again())))
        close(false);
    if (!d_in_call && !playing)
        return;
    if (!d_in_call)
        begin(b);
    if (comes_again())
        return; // what was played stays played
    const std::size_t index = b.number - d_calls.back().first;
    if (playing)
        play(b, index, b.kind == kind::secure ? status.key_name : std::string());
    else
        pass(index, b.what == heard_block::action::mute ? fate::refused : fate::lost);
}

/*! The newest call was lost and is found again: its numbers went on as the time did. */
bool call_log::goes_on(const heard_block& b) const
{
    if (d_calls.empty())
        return false;
    const auto& c = d_calls.back();
    const auto next = c.first + c.blocks;
    if (c.codec != static_cast<codec>(b.codec) || b.number < next)
        return false;
    const auto slots = static_cast<double>(b.number - next + 1);
    return std::abs(b.time - c.last_time - slots * block_seconds) < block_seconds / 2;
}

void call_log::begin(const heard_block& b)
{
    if (goes_on(b)) {
        d_in_call = true;
        d_segments.interrupt();
        return;
    }
    // The blocks before the first one heard were expected if the call was heard from its start.
    const bool started = d_frame.started != 0;
    d_calls.push_back(
        { static_cast<codec>(b.codec), started ? 0 : b.number, started, b.time, 0, 0 });
    d_in_call = true;
    d_segments.interrupt();
}

void call_log::analog(const heard_block& b)
{
    constexpr double gap = 1.5 * block_seconds;
    if (d_analog++ > 0 && b.time - d_last_analog > gap)
        d_segments.interrupt();
    d_last_analog = b.time;
    d_segments.add(kind::fm, b.time);
}

void call_log::pass(std::size_t index, fate what)
{
    const auto after = index - d_calls.back().blocks;
    if (after >= d_tail.size())
        d_tail.resize(after + 1, fate::lost);
    d_tail[after] = what;
}

void call_log::play(const heard_block& b, std::size_t index, const std::string& key)
{
    d_tail.resize(index - d_calls.back().blocks, fate::lost);
    settle_tail();
    ++d_calls.back().blocks;
    d_calls.back().last_time = b.time;
    ++d_expected;
    ++d_played;
    d_segments.add(b.kind, b.time, key);
    d_cn0.add(d_frame.cn0_dbhz);
    d_offset.add(d_frame.offset_hz);
    write(b.voice);
}

/*! Slots that pass for good without voice. */
void call_log::settle_tail()
{
    for (const auto what : d_tail) {
        d_not_played.push_back(d_expected++);
        if (what == fate::lost)
            ++d_lost;
        ++d_calls.back().blocks;
        write({});
    }
    d_tail.clear();
}

void call_log::write(const voice_field& voice)
{
    if (!d_frames)
        return;
    auto octets = unpack_frames(d_calls.back().codec, voice);
    d_frames(octets);
    sodium_memzero(octets.data(), octets.size());
}

void call_log::close(bool all_expected)
{
    if (!d_in_call)
        return;
    d_in_call = false;
    // After a signal that was cut off nobody knows what was sent: what counts ends with the last block played.
    if (all_expected)
        settle_tail();
    d_tail.clear();
}

void call_log::finish() { close(false); }

nlohmann::ordered_json call_log::report(const receiver_status& status) const
{
    auto calls = nlohmann::ordered_json::array();
    for (const auto& c : d_calls)
        calls.push_back({ { "codec", codec_name(c.codec) },
                          { "first_block", c.first },
                          { "blocks", c.blocks },
                          { "late_entry", !c.started },
                          { "audio_start", c.audio_start } });
    const auto seconds = [](auto slots) {
        return std::round(1e3 * block_seconds * static_cast<double>(slots)) / 1e3;
    };
    const bool any = d_played > 0;
    return { { "state", state_name(status.state) },
             { "reason", status.reason },
             { "recording", status.recording },
             { "sent", utc_text(status.sent) },
             { "kind", kind_name(status.kind) },
             { "key_name", status.key_name },
             { "old_key", status.old_key },
             { "codec", status.codec },
             { "blocks_sent_or_expected", d_expected },
             { "blocks_played", d_played },
             { "blocks_lost", d_lost },
             { "blocks_refused", status.refused },
             { "blocks_replayed", status.replayed },
             { "fm_seconds", seconds(d_analog) },
             { "fm_refused_seconds", seconds(status.fm_refused) },
             { "interference", d_interference || status.interference },
             { "lost_blocks", d_not_played },
             { "late_entry", any && !d_calls.front().started },
             { "calls", calls },
             { "segments", d_segments.json() },
             { "cn0_estimate", (any ? d_cn0 : d_any_cn0).json() },
             { "offset_estimate_hz", (any ? d_offset : d_any_offset).json() } };
}

} // namespace securevoice::apps

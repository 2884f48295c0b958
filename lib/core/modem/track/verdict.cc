/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/verdict.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr double ghost_offset = 1500;  // Hz
constexpr double ghost_share = 0.6;    // of a call's power
constexpr double mirror_share = 0.25;  // of the call's power
constexpr double shadow_offset = 6000; // Hz: their channels overlap

/* Data of a strong call now and then looks like the other waveform, weakly. */
bool is_shadow(const followed_signal& s, const acquisition& found)
{
    return found.waveform != s.waveform && s.sure && s.hears &&
           std::abs(s.offset_hz - found.offset_hz) <= shadow_offset &&
           s.power * mirror_share > found.signal_power;
}

/* At the same time and frequency the number decides. */
verdict judge_number(const followed_signal& s, const acquisition& found)
{
    const bool agreed = s.number_there == found.number - (found.start ? 1 : 0);
    // one that waits for its mode has less to say than this
    return found.doubtful || (agreed && s.emits) ? verdict::same : verdict::replaces;
}

} // namespace

bool followed_signal::owns(double at,
                           double offset,
                           double time_tolerance,
                           double offset_tolerance) const
{
    const double apart = std::remainder(at - frame_at, block_samples);
    return std::abs(apart) <= time_tolerance &&
           std::abs(offset - offset_hz) <= offset_tolerance;
}

verdict judge_start(const followed_signal& s, const acquisition& found)
{
    const double apart = std::abs(s.offset_hz - found.offset_hz);
    const bool waits = !s.emits && apart < mirror_offset &&
                       std::abs(s.frame_at - found.at) < block_samples;
    if (waits)
        return s.evidence_of_start >= found.evidence ? verdict::ghost : verdict::replaces;
    const bool heard = s.emits && apart < ghost_offset && s.hears;
    return heard && s.power * ghost_share > found.signal_power ? verdict::ghost
                                                               : verdict::unrelated;
}

verdict judge_late(const followed_signal& s, const acquisition& found)
{
    if (is_shadow(s, found))
        return verdict::ghost;
    if (s.was_there && s.hears &&
        std::abs(s.offset_hz - found.offset_hz) <= same_offset_coarse)
        return verdict::ghost; // its tracker watches that place itself
    if (!s.hears || !s.owns(found.at, found.offset_hz, same_time, mirror_offset))
        return verdict::unrelated;
    if (std::abs(s.offset_hz - found.offset_hz) <= same_offset_fine)
        return judge_number(s, found);
    if (s.power * mirror_share > found.signal_power)
        return verdict::ghost;
    return s.power < found.signal_power * mirror_share ? verdict::replaces
                                                       : verdict::unrelated;
}

bool is_over_before(const followed_signal& s, const acquisition& found)
{
    return !s.emits && s.frame_at > found.at + same_time &&
           s.owns(found.at, found.offset_hz, same_time, same_offset_fine) &&
           !found.was_heard_at(s.frame_at - block_samples);
}

} // namespace securevoice

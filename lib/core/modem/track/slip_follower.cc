/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/slip_follower.h"

#include "core/modem/track/verdict.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

// Known symbols are missed where they have less than this share of the evidence that
// levels like these promise.
// Seen in a steady call at 40 dB-Hz and more: 0.9 to 1.1 of it, of GMSK 0.5 to 0.8.
constexpr double missed_linear = 0.6, missed_gmsk = 0.45;
// Blocks with all known symbols right, less those without: a tracker whose number is
// wrong, as behind a forged start frame, has one in four to sixteen, and is not to cling
// to a call.
constexpr unsigned fits_needed = 3, most_fits = 8;
constexpr std::uint64_t slip_patience = 4; // blocks in which nothing was heard
constexpr std::uint64_t watched = 38;      // blocks, of a place that was left: 3 s
constexpr double same_samples = 8;         // two symbols: they see each other
constexpr double least_step = 10;          // Hz, of a carrier that left its place

expected_block away(expected_block block, double samples, double hz, std::int64_t numbers)
{
    block.place.at += samples;
    block.place.offset_hz += hz;
    block.number = static_cast<std::uint32_t>(std::int64_t{ block.number } + numbers);
    return block;
}

} // namespace

slip_follower::slip_follower(waveform w, const steady_state& first)
    : d_waveform(w), d_steady(first), d_search(w)
{
}

bool slip_follower::was_there(double samples) const
{
    return std::any_of(d_left.begin(), d_left.end(), [&](const left_place& left) {
        return std::abs(std::remainder(samples - left.samples, block_samples)) <=
               same_time;
    });
}

bool slip_follower::misses(double evidence, const signal_levels& levels) const
{
    const double promised =
        static_cast<double>(sync_symbols + pilots_per_block) *
        std::log(levels.sum() / static_cast<double>(levels.known_variance(
                                    static_cast<float>(levels.noise))));
    return evidence <
           (d_waveform == waveform::constant ? missed_gmsk : missed_linear) * promised;
}

void slip_follower::fits(const steady_state& now)
{
    d_steady = now;
    d_fits = std::min(d_fits + 1, most_fits);
}

std::optional<expected_block> slip_follower::look(const sample_history& history,
                                                  const due_block& due)
{
    if (d_steady.number_is_right && d_fits >= fits_needed &&
        due.unheard < slip_patience && !d_moved)
        if (const auto there = search(history, due))
            return move_to(*there);
    d_fits -= std::min(d_fits, 1u);
    return {};
}

slip_search::known slip_follower::known(const due_block& due,
                                        const signal_levels& levels) const
{
    return { due.mode, levels, d_steady.whole, due.valid_end };
}

std::optional<expected_block> slip_follower::search(const sample_history& history,
                                                    const due_block& due)
{
    auto here = due.here;
    here.place.offset_hz = d_steady.offset_hz;
    const auto signal = known(due, d_steady.levels);
    const auto there =
        d_search.look(history, here, signal, d_search.evidence(history, here, signal));
    if (!there)
        return {};
    const double length = here.place.block_length();
    double samples = here.place.at - there->place.at;
    auto numbers = static_cast<std::int64_t>(here.number) - there->number;
    if (samples > same_samples) { // all of it is there when the present block is
        samples -= length;
        --numbers;
    }
    leave({ samples,
            here.place.offset_hz - there->place.offset_hz,
            numbers,
            there->place.at + length,
            due.frame + watched,
            true });
    return there;
}

/* \param left the present place, from the one that is gone to */
void slip_follower::leave(const left_place& left)
{
    for (auto& older : d_left) {
        older.samples += left.samples;
        older.hz += left.hz;
        older.numbers += left.numbers;
    }
    d_left.push_back(left);
}

std::optional<expected_block> slip_follower::back(const sample_history& history,
                                                  const due_block& due)
{
    if (d_moved)
        return {};
    while (!d_left.empty() && due.frame >= d_left.front().forgets)
        d_left.pop_front();
    if (d_left.empty() || !d_left.back().watch)
        return {};
    const auto left = d_left.back();
    const double length = due.here.place.block_length();
    const double blocks = std::round(left.samples / length);
    const bool overlaps = std::abs(left.samples - blocks * length) <= same_samples;
    if (overlaps && std::abs(left.hz) < least_step)
        return {}; // the number alone is another: the next block will tell
    const auto old = away(due.here, left.samples, left.hz, left.numbers);
    if (old.place.at < left.from)
        return {};
    const auto signal = known(due, due.levels);
    const auto evidence = [&](const expected_block& block) {
        return d_search.evidence(history, block, signal);
    };
    const auto rival =
        away(due.here, blocks * length, 0, static_cast<std::int64_t>(blocks));
    if (evidence(old) <
        slip_search::certain + (overlaps ? std::max(evidence(rival), 0.0) : 0.0))
        return {};
    // who made it go there can make it go again, and finds no more than this
    d_left.pop_back();
    leave({ -left.samples,
            -left.hz,
            -left.numbers,
            old.place.at,
            due.frame + watched,
            false });
    return move_to(old);
}

expected_block slip_follower::move_to(const expected_block& block)
{
    d_steady.offset_hz = block.place.offset_hz;
    d_moved = true;
    return block;
}

} // namespace securevoice

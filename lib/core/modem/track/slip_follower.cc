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
constexpr double no_time = 2;              // samples: the same place, sharply
constexpr double same_samples = 8;         // two symbols: they see each other

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
    // where the number alone is another, that decides
    return std::any_of(d_left.begin(), d_left.end(), [&](const left_place& left) {
        return std::abs(std::remainder(left.samples, block_samples)) > no_time &&
               std::abs(std::remainder(samples - left.samples, block_samples)) <=
                   same_time;
    });
}

std::optional<expected_block> slip_follower::on(const sample_history& history,
                                                const due_block& due,
                                                double evidence,
                                                const steady_state& now)
{
    d_needs = 1;
    if (misses(evidence, due.levels))
        return look(history, due);
    d_steady = now;
    d_fits = std::min(d_fits + 1, most_fits);
    return {};
}

/* Are known symbols with this evidence missed? */
bool slip_follower::misses(double evidence, const signal_levels& levels) const
{
    const double promised =
        static_cast<double>(sync_symbols + pilots_per_block) *
        std::log(levels.sum() / static_cast<double>(levels.known_variance(
                                    static_cast<float>(levels.noise))));
    return evidence <
           (d_waveform == waveform::constant ? missed_gmsk : missed_linear) * promised;
}

std::optional<expected_block> slip_follower::look(const sample_history& history,
                                                  const due_block& due)
{
    const bool may_look = due.proof.number_is_right() && d_fits >= fits_needed &&
                          due.proof.unheard() < slip_patience && !d_moved;
    auto there = may_look ? search(history, due, 1) : std::nullopt;
    if (there) {
        const auto needed = [&] { // blocks in a row
            const bool same_place =
                std::abs(there->place.at - due.here.place.at) <= no_time;
            return same_place && there->number != due.here.number ? std::size_t{ 3 }
                                                                  : std::size_t{ 2 };
        };
        const std::size_t blocks = needed();
        const auto all = static_cast<double>(blocks);
        if (!due.ready(all)) {
            d_needs = due.more_may_come ? all : 1;
        } else {
            there = search(history, due, blocks);
            if (there && needed() <= blocks) {
                leave_for(*there, due);
                return move_to(*there);
            }
        }
    }
    if (d_needs == 1)
        d_fits -= std::min(d_fits, 1u);
    return {};
}

slip_search::known slip_follower::known(const due_block& due,
                                        const signal_levels& levels) const
{
    return { due.mode, levels, d_steady.speed, d_steady.whole, due.valid_end };
}

/* A carrier that drifted while nothing was heard is where it was heard last. */
expected_block slip_follower::expected(const due_block& due) const
{
    auto here = due.here;
    here.place.offset_hz = d_steady.offset_hz;
    return here;
}

std::optional<expected_block> slip_follower::search(const sample_history& history,
                                                    const due_block& due,
                                                    std::size_t blocks)
{
    return d_search.look(history, expected(due), known(due, d_steady.levels), blocks);
}

void slip_follower::leave_for(const expected_block& there, const due_block& due)
{
    const auto here = expected(due);
    const double length = here.place.block_length();
    double samples = here.place.at - there.place.at;
    auto numbers = static_cast<std::int64_t>(here.number) - there.number;
    if (samples > same_samples) { // all of it is there when the present block is
        samples -= length;
        --numbers;
    }
    leave({ samples,
            here.place.offset_hz - there.place.offset_hz,
            numbers,
            there.place.at + length,
            due.proof.frames() + watched,
            true });
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
    while (!d_left.empty() && due.proof.frames() >= d_left.front().forgets)
        d_left.pop_front();
    if (d_left.empty() || !d_left.back().watch)
        return {};
    const auto left = d_left.back();
    const double length = due.here.place.block_length();
    const double blocks = std::round(left.samples / length);
    const bool overlaps = std::abs(left.samples - blocks * length) <= same_samples;
    const auto old = away(due.here, left.samples, left.hz, left.numbers);
    if (old.place.at < left.from)
        return {};
    const auto signal = known(due, due.levels);
    const auto rival =
        away(due.here, blocks * length, 0, static_cast<std::int64_t>(blocks));
    const auto found = d_search.weigh(history, old, signal);
    const double against = overlaps ? d_search.weigh(history, rival, signal).evidence : 0;
    if (found.surprise < slip_search::surprising ||
        found.evidence < slip_search::certain + std::max(against, 0.0))
        return {};
    // who made it go there can make it go again, and finds no more than this
    d_left.pop_back();
    leave({ -left.samples,
            -left.hz,
            -left.numbers,
            old.place.at,
            due.proof.frames() + watched,
            false });
    return move_to(old);
}

expected_block slip_follower::move_to(const expected_block& block)
{
    d_steady.offset_hz = block.place.offset_hz;
    d_moved = true;
    d_needs = 1;
    return block;
}

} // namespace securevoice

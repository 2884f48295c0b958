/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/signal_roster.h"

#include <algorithm>

namespace securevoice {
namespace {

constexpr std::size_t most_trackers = 3; // signals that are followed at a time
// frames without a signal after which a call pauses
constexpr std::uint64_t pause_frames = 2;
constexpr double clearly_stronger = 2; // times the power

} // namespace

void signal_roster::process(const sample_history& history,
                            double valid_end,
                            bool over,
                            const sink& emit)
{
    for (auto& t : d_trackers) {
        const auto before = t->frames();
        t->process(history, valid_end, over, emit);
        if (t->frames() != before)
            d_constellation = t->constellation();
    }
    remove_dead();
}

void signal_roster::finish(const sink& emit)
{
    for (auto& t : d_trackers)
        t->finish(emit);
}

void signal_roster::remove_dead()
{
    d_trackers.erase(std::remove_if(d_trackers.begin(),
                                    d_trackers.end(),
                                    [](const auto& t) { return !t->alive(); }),
                     d_trackers.end());
}

void signal_roster::start_found(const acquisition& found, const sink& emit)
{
    for (const auto& t : d_trackers) {
        const verdict v = judge_start(t->followed(found.at), found);
        if (v == verdict::ghost)
            return;
        if (v == verdict::replaces)
            t->give_up(emit);
    }
    remove_dead();
    add(found, emit);
}

void signal_roster::late_found(const acquisition& found, const sink& emit)
{
    for (const auto& t : d_trackers) {
        const verdict v = judge_late(t->followed(found.at), found);
        if (v == verdict::same && !found.doubtful)
            t->make_sure();
        if (v == verdict::same || v == verdict::ghost)
            return;
        if (v == verdict::replaces)
            t->give_up(emit);
    }
    remove_dead();
    add(found, emit);
}

bool signal_roster::is_over(const acquisition& found) const
{
    return std::any_of(d_trackers.begin(), d_trackers.end(), [&](const auto& t) {
        return is_over_before(t->followed(found.at), found);
    });
}

bool signal_roster::owns(const candidate& sync_word) const
{
    return std::any_of(d_trackers.begin(), d_trackers.end(), [&](const auto& t) {
        const double reach = t->strong() ? mirror_offset : same_offset_coarse;
        const auto s = t->followed(sync_word.at);
        return s.sure && s.hears &&
               (s.owns(sync_word.at, sync_word.offset_hz, same_time, reach) ||
                (s.was_there &&
                 std::abs(s.offset_hz - sync_word.offset_hz) <= same_offset_coarse));
    });
}

bool signal_roster::hears_a_call() const
{
    return std::any_of(d_trackers.begin(), d_trackers.end(), [](const auto& t) {
        return t->is_sure() && t->hears();
    });
}

/* A new signal takes the place of an old one at the same time and frequency, or of one
 * that is not heard any more. */
void signal_roster::add(const acquisition& found, const sink& emit)
{
    // A start frame proves nothing yet: a call that is heard goes on beside it, or one
    // forged burst could end it.
    for (const auto& t : d_trackers)
        if (t->followed(found.at).owns(
                found.at, found.offset_hz, same_time, same_offset_fine) &&
            !(found.start && t->hears()))
            t->give_up(emit);
    remove_dead();
    if (make_room(found, emit))
        d_trackers.push_back(std::make_unique<tracker>(found, d_next_id++));
}

/* One that hears nothing makes room, or one that is clearly weaker; at the same place one
 * that pauses: a station that goes from FM to digital voice and back leaves a tracker
 * each time. */
bool signal_roster::make_room(const acquisition& found, const sink& emit)
{
    if (d_trackers.size() < most_trackers)
        return true;
    const auto power = [&](const auto& t) {
        const auto s = t->followed(found.at);
        const bool pauses =
            t->unheard() >= pause_frames &&
            s.owns(found.at, found.offset_hz, same_time, same_offset_fine);
        return s.hears && !pauses ? s.power : 0.0;
    };
    const auto least = std::min_element(
        d_trackers.begin(), d_trackers.end(), [&](const auto& x, const auto& y) {
            return power(x) < power(y);
        });
    if (power(*least) * clearly_stronger > found.signal_power)
        return false;
    (*least)->give_up(emit);
    remove_dead();
    return true;
}

} // namespace securevoice

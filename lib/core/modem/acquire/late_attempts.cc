/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/late_attempts.h"

#include "core/modem/front/symbol_filter.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t late_least = 6;     // blocks: as many as name the header
constexpr std::size_t late_most = 20;     // blocks: as far as late entry looks back
constexpr std::size_t late_before = 6;    // blocks looked at, too, in as many attempts
constexpr std::size_t late_patience = 12; // attempts at every block
constexpr std::size_t late_pause = 8;     // then at every eighth
constexpr std::int64_t suspect_life = 20 * static_cast<std::int64_t>(block_samples);

} // namespace

std::optional<late_attempt> late_attempts::next(const candidate& sync_word,
                                                const sample_history& history)
{
    forget_old(static_cast<double>(history.end()));
    auto s = find(sync_word);
    if (s == d_suspects.end())
        s = d_suspects.insert(s, suspect{});
    const bool again = s->attempts && sync_word.at - s->seen.at < same_time;
    s->seen = sync_word;
    const double oldest = static_cast<double>(history.begin()) + symbol_filter::reach;
    const auto there =
        static_cast<std::size_t>(std::max(0.0, (sync_word.at - oldest) / block_samples));
    if (there < late_least || again)
        return {};
    if (s->attempts++ == 0)
        s->first_at = sync_word.at;
    if (s->attempts > late_patience && s->attempts % late_pause)
        return {};
    // all blocks since it was first seen, and those that made it seen
    const double since = std::round((sync_word.at - s->first_at) / block_samples);
    const auto blocks = std::clamp(late_least + static_cast<std::size_t>(since),
                                   late_least,
                                   std::min(there, late_most));
    const auto most = std::min({ there, blocks + late_before, late_most });
    const bool more = s->attempts <= late_before && most > blocks;
    return late_attempt{ blocks, more ? most : 0 };
}

void late_attempts::entered(const candidate& sync_word)
{
    const auto s = find(sync_word);
    if (s != d_suspects.end())
        d_suspects.erase(s);
}

void late_attempts::forget_old(double newest)
{
    d_suspects.erase(std::remove_if(d_suspects.begin(),
                                    d_suspects.end(),
                                    [&](const suspect& s) {
                                        return newest - s.seen.at >
                                               static_cast<double>(suspect_life);
                                    }),
                     d_suspects.end());
}

/* What was seen at this place before. */
std::vector<late_attempts::suspect>::iterator
late_attempts::find(const candidate& sync_word)
{
    return std::find_if(d_suspects.begin(), d_suspects.end(), [&](const suspect& x) {
        return x.seen.waveform == sync_word.waveform &&
               std::abs(std::remainder(x.seen.at - sync_word.at, block_samples)) <=
                   same_time &&
               std::abs(x.seen.offset_hz - sync_word.offset_hz) <= same_offset_coarse;
    });
}

} // namespace securevoice

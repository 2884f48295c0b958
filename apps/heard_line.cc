/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "heard_line.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace securevoice::apps {

namespace {

constexpr std::size_t most_places = 4; // of one kind: the report has all

struct heard_part {
    securevoice::kind kind;
    std::string key;
    std::size_t blocks = 0;
    std::vector<segment> where;
};

std::vector<heard_part> parts_of(const call_log& log)
{
    std::vector<heard_part> parts;
    for (const auto& s : log.heard()) {
        const auto same = [&](const auto& p) {
            return p.kind == s.kind && p.key == s.key;
        };
        auto found = std::find_if(parts.begin(), parts.end(), same);
        if (found == parts.end())
            found = parts.insert(parts.end(), { s.kind, s.key, 0, {} });
        found->blocks += s.blocks;
        found->where.push_back(s);
    }
    return parts;
}

std::string text_of(const heard_part& part)
{
    const auto* what = part.kind == kind::secure  ? "secure"
                       : part.kind == kind::clear ? "in CLEAR"
                                                  : "FM (clear)";
    std::string places;
    for (std::size_t n = 0; n < std::min(most_places, part.where.size()); ++n)
        places += fmt::format("{}{:.1f} to {:.1f}",
                              n > 0 ? ", " : "",
                              part.where[n].start,
                              part.where[n].end);
    if (part.where.size() > most_places)
        places += fmt::format(" s and {} more", part.where.size() - most_places);
    else
        places += " s";
    return fmt::format("{:.1f} s {}{} (at {})",
                       static_cast<double>(part.blocks) * block_seconds,
                       what,
                       part.key.empty() ? "" : " by " + part.key,
                       places);
}

} // namespace

std::string heard_line(const call_log& log,
                       const receiver_status& status,
                       const std::string& fm_advice)
{
    std::string line;
    for (const auto& part : parts_of(log))
        line += (line.empty() ? "heard " : ", ") + text_of(part);
    if (log.expected() > 0)
        line += fmt::format("; {} of {} blocks lost", log.lost(), log.expected());
    if (status.refused > 0)
        line += fmt::format(", {} refused", status.refused);
    if (status.fm_refused > 0)
        line += fmt::format("; {:.1f} s of FM not played{}",
                            static_cast<double>(status.fm_refused) * block_seconds,
                            fm_advice.empty() ? "" : " (" + fm_advice + ")");
    if (const auto cn0 = log.cn0_dbhz())
        line += fmt::format("; C/N0 {:.0f} dB-Hz", *cn0);
    if (status.recording)
        line += status.sent
                    ? fmt::format(
                          "; a recording of {:%Y-%m-%d %H:%M} UTC",
                          fmt::gmtime(static_cast<std::time_t>(std::floor(*status.sent))))
                    : "; a recording";
    return line;
}

std::string refused_line(const call_log& log, const receiver_status& status)
{
    if (status.refused == 0)
        return {};
    auto line = fmt::format("{} blocks were refused", status.refused);
    if (status.replayed > 0)
        line += fmt::format(", {} of them replayed or delayed", status.replayed);
    if (!status.reason.empty())
        line += fmt::format(" ({}: {})", state_name(status.state), status.reason);
    else if (status.interference)
        line += " (interference or an attack)";
    if (log.played() > 0)
        line += fmt::format(", {} were played", log.played());
    return line;
}

} // namespace securevoice::apps

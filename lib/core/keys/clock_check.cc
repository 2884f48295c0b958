/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/clock_check.h"
#include "core/replay/replay_memory.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace securevoice {

namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr auto first_day = static_cast<std::int64_t>(earliest_possible) / day_seconds;
// Zones, and a clock that runs a little wrong.
constexpr std::int64_t tolerance = day_seconds;

struct evidence {
    std::int64_t time; // s since 1970
    std::string of;    // what happened then
};

// keyring::roll() names the key that it keeps NAME-old-DATE.
std::int64_t day_in(const std::string& name)
{
    const std::string mark = "-old-";
    constexpr std::size_t date = 10;
    const auto at = name.rfind(mark);
    if (at == std::string::npos || at + mark.size() + date > name.size())
        return 0;
    return day_from_text(name.substr(at + mark.size(), date)).value_or(0);
}

evidence of_key(const keyring& ring, const std::string& name)
{
    struct stat file;
    const std::int64_t written =
        ::stat(ring.path_of(name).c_str(), &file) == 0 ? file.st_mtime : 0;
    const auto rolled = day_in(name) * day_seconds;
    return written > rolled ? evidence{ written, "key '" + name + "' was written" }
                            : evidence{ rolled, "key '" + name + "' was rolled" };
}

evidence of_memory(const std::string& state_folder)
{
    const auto folder = state_folder.empty() ? replay_state_folder() : state_folder;
    const auto used = replay_memory_used(folder);
    return used ? evidence{ *used, "the replay memory was begun" } : evidence{ 0, "" };
}

} // namespace

void check_clock(const keyring& ring, std::int64_t now, const std::string& state_folder)
{
    evidence newest{ first_day * day_seconds, "there was no gr-securevoice" };
    const auto consider = [&newest](evidence other) {
        if (other.time > newest.time)
            newest = std::move(other);
    };
    for (const auto& name : ring.names())
        consider(of_key(ring, name));
    consider(of_memory(state_folder));
    if (now + tolerance >= newest.time)
        return;
    const bool seen = newest.time > first_day * day_seconds;
    throw key_error("this computer's clock says " +
                    day_text(std::max<std::int64_t>(0, day_of(now))) + ", but " +
                    (seen ? newest.of + " on " + day_text(day_of(newest.time))
                          : newest.of + " before " + day_text(first_day)) +
                    ": set the clock first, or the end of the old key is wrong");
}

} // namespace securevoice

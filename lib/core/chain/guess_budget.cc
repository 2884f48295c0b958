/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/guess_budget.h"

#include "core/protocol/constants.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

unsigned guess_budget::share::left() const
{
    unsigned most = per_slot;
    for (const auto* limit : d_limits)
        if (limit)
            most = std::min(most, *limit);
    return most;
}

bool guess_budget::share::spend()
{
    if (left() == 0)
        return false;
    for (auto* limit : d_limits)
        if (limit)
            --*limit;
    return true;
}

guess_budget::share guess_budget::share::within(unsigned& most) const
{
    auto part = *this;
    part.d_limits[3] = &most;
    return part;
}

guess_budget::share guess_budget::all()
{
    share s;
    s.d_limits[0] = &d_left;
    return s;
}

guess_budget::share guess_budget::of(std::uint32_t track, unsigned most, bool beside)
{
    return limited(
        d_signals.try_emplace(track, signal_limit{ most, beside }).first->second);
}

guess_budget::share guess_budget::again(std::uint32_t track)
{
    const auto known = d_signals.find(track);
    return known == d_signals.end() ? all() : limited(known->second);
}

guess_budget::share guess_budget::limited(signal_limit& limit)
{
    auto s = all();
    s.d_limits[1] = &limit.left;
    if (limit.beside)
        s.d_limits[2] = &d_beside;
    return s;
}

guess_budget& guess_budgets::at(double time)
{
    const auto slot = static_cast<std::int64_t>(std::floor(time / block_seconds));
    d_slots.try_emplace(slot);
    if (d_slots.size() > most)
        d_slots.erase(d_slots.begin()); // it may be this one, if it is long gone
    return d_slots.lower_bound(slot)->second;
}

} // namespace securevoice

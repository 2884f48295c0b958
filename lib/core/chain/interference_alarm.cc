/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/interference_alarm.h"

#include "core/protocol/constants.h"

#include <cmath>

namespace securevoice {

namespace {
// A call that is drowned by forgeries is watched for so long after its last good block.
constexpr std::int64_t watched = 750; // slots: 60 s
} // namespace

std::int64_t interference_alarm::slot_of(double time)
{
    return static_cast<std::int64_t>(std::floor(time / block_seconds));
}

void interference_alarm::advance(double time)
{
    const auto slot = slot_of(time);
    if (slot <= d_slot)
        return;
    const auto steps = slot - d_slot;
    d_strange = steps < static_cast<std::int64_t>(slots)
                    ? d_strange << static_cast<std::size_t>(steps)
                    : std::bitset<slots>{};
    d_verified = steps < static_cast<std::int64_t>(slots)
                     ? d_verified << static_cast<std::size_t>(steps)
                     : std::bitset<slots>{};
    d_slot = slot;
}

void interference_alarm::verified(double time)
{
    advance(time);
    d_strange.reset(0);
    d_verified.set(0);
    d_until = d_slot + watched;
}

void interference_alarm::strange(double time)
{
    advance(time);
    if (d_slot <= d_until && !d_verified.test(0))
        d_strange.set(0);
}

void interference_alarm::end()
{
    d_strange.reset();
    d_until = -1;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/heard_analog.h"

#include <algorithm>
#include <utility>

namespace securevoice {

void heard_analog::secure(double time)
{
    d_secure_at = std::max(d_secure_at, time);
    lost();
    d_permission = permission::none;
}

void heard_analog::announced(double time)
{
    lost();
    d_permission = permission::given;
    d_announced_at = time;
    d_spoken_at = time; // he will speak
}

bool heard_analog::hear(double time, bool free, bool spoken)
{
    if (d_permission == permission::given)
        d_permission = awaited(time) ? permission::used : permission::none;
    if (spoken)
        d_spoken_at = time;
    if (time - d_spoken_at > longest_pause) {
        rest();
        return false;
    }
    // Decided once, where the carrier begins: one that began unannounced within 60 s
    // (expects_secure) of a secure block stays so, however long it lasts.
    if (!std::exchange(d_carrier, true))
        d_expected = time - d_secure_at > expects_secure;
    const bool welcome = d_permission == permission::used || d_expected;
    if (!welcome)
        d_state.on(heard_event::fm_unannounced);
    else if (!d_secure_only)
        d_state.on(heard_event::fm);
    const bool play = free && !d_secure_only && (welcome || d_play_unannounced);
    ++(play ? d_played : d_refused);
    return play;
}

void heard_analog::lost()
{
    if (d_permission == permission::used)
        d_permission = permission::none;
    rest();
}

/*! The carrier may go on, but nobody speaks: what was permitted to it stays so. */
void heard_analog::rest()
{
    d_carrier = false;
    d_state.on(heard_event::silence);
}

} // namespace securevoice

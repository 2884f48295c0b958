/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/sender_rule.h"

#include <algorithm>
#include <stdexcept>

namespace securevoice {

void sender_rule::command(kind k,
                          std::uint64_t given,
                          std::uint64_t skew,
                          std::int64_t now)
{
    if (k == kind::secure) {
        revoke(given);
        // Later transmissions too: clear is never returned to by itself.
        d_options.first = d_wanted = d_current = k;
        return;
    }
    d_known_of = std::max(d_known_of, given + skew);
    if (k != kind::clear && k != kind::fm)
        throw std::invalid_argument("the command is 'secure', 'clear' or 'fm'");
    if (k == kind::clear && !d_options.allow_clear)
        throw std::invalid_argument(
            "clear voice is not allowed here: set allow_clear to permit it");
    if (k == kind::fm && !d_options.allow_fm)
        throw std::invalid_argument(
            "analog voice is not allowed here: set allow_fm to permit it");
    d_given = given;
    d_skew = skew;
    d_unmarked = 0;
    d_armed_at = now;
    d_wanted = k;
}

void sender_rule::revoke(std::uint64_t given)
{
    d_revoked = std::max(d_revoked, given);
    back_to_first();
}

void sender_rule::zeroize()
{
    d_options.first = kind::secure;
    back_to_first();
}

bool sender_rule::begin(const marks& start, std::int64_t now)
{
    const bool lapsed = now < d_armed_at || now - d_armed_at > armed_seconds;
    if (d_options.first == kind::secure && lapsed)
        back_to_first();
    d_unannounced = false;
    // Nothing digital is sent in front of FM that was asked for before push-to-talk.
    const bool obeyed = d_wanted == kind::secure || permitted(start);
    const kind k = obeyed ? d_wanted : d_current;
    if (k == kind::fm || d_current == kind::fm)
        d_current = k;
    return k != kind::fm;
}

sender_rule::decision sender_rule::decide(const marks& block, on_air air)
{
    decision d;
    compare_commands(block, d);
    const bool digital_air = air == on_air::digital || air == on_air::last_number;
    const kind k = choose(block);
    if (k == kind::fm && !digital_air) {
        d.sends = d_current = k;
    } else {
        // While digital voice is on the air, FM waits until a block has announced it.
        // And clear voice waits until a secure block has announced it, so that receivers
        // unmute it at once (6.6, rule 5).
        if (k == kind::clear && digital_air && d_unannounced)
            d_current = kind::secure;
        else if (k != kind::fm)
            d_current = k;
        d.sends = d_current;
        d.start = !digital_air;
        if (air == on_air::fm && !block.last) {
            d_unannounced = false;
            d.sends = kind::none;
            return d;
        }
        const bool full = air == on_air::last_number;
        d.closes = block.last || full;
        d.to_fm = k == kind::fm && !d.closes;
        d.clear_follows = d.sends == kind::secure && d_wanted == kind::clear;
        d.fm_follows = d_wanted == kind::fm && !block.last;
        d_unannounced = d.sends == kind::secure && !d.clear_follows;
        if (d.to_fm)
            d_current = kind::fm;
    }
    if (block.last)
        back_to_first();
    return d;
}

/*! What this block asks to be sent as. */
kind sender_rule::choose(const marks& block) const
{
    if (d_wanted == kind::secure || is_from_before(block))
        return kind::secure;
    const kind k = permitted(block) ? d_wanted : d_current;
    return k == kind::fm && !block.analog ? kind::secure : k;
}

/*! Without a mark it may be from before a `secure`, whatever was permitted since. */
bool sender_rule::is_from_before(const marks& block) const
{
    return block.commanded == 0 && d_options.first == kind::secure;
}

/*! Whether all of it was captured after the command that is obeyed. */
bool sender_rule::permitted(const marks& block) const
{
    if (d_given == 0 || block.commanded == 0)
        return false;
    return block.commanded >= d_given ||
           (block.commanded_kind == d_wanted && block.commanded > d_revoked &&
            block.commanded + d_skew >= d_given);
}

/*! Where a command reached only one of speech encoder and sealer, nothing goes out in
 * clear; but it is told. */
void sender_rule::compare_commands(const marks& block, decision& d)
{
    const bool waits = d_wanted != kind::secure && d_wanted != d_current;
    d_unmarked = waits && !permitted(block) ? d_unmarked + 1 : 0;
    d.unmarked = d_unmarked >= unmarked_blocks;
    d.unasked =
        block.commanded > d_known_of && (d_wanted == kind::secure || !permitted(block));
}

} // namespace securevoice

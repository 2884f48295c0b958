/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/known_calls.h"

#include <algorithm>

namespace securevoice {

void known_calls::heard(const call& c)
{
    over(c.head);
    d_calls.insert(d_calls.begin(), c);
    if (d_calls.size() > most)
        d_calls.pop_back();
}

void known_calls::over(const header& head)
{
    d_calls.erase(std::remove_if(d_calls.begin(),
                                 d_calls.end(),
                                 [&](const call& c) { return c.head == head; }),
                  d_calls.end());
}

const known_calls::call* known_calls::find(const header& head) const
{
    const auto it = std::find_if(
        d_calls.begin(), d_calls.end(), [&](const call& c) { return c.head == head; });
    return it == d_calls.end() ? nullptr : &*it;
}

const known_calls::call*
known_calls::find(std::uint32_t number, const piece_octets& piece, double time) const
{
    const auto it = std::find_if(d_calls.begin(), d_calls.end(), [&](const call& c) {
        return time - c.time < seconds && header_piece(c.head, number) == piece;
    });
    return it == d_calls.end() ? nullptr : &*it;
}

} // namespace securevoice

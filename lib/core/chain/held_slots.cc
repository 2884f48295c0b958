/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/held_slots.h"

#include <utility>

namespace securevoice {

namespace {

void silence(heard_block& slot)
{
    slot.what = heard_block::action::mute;
    slot.voice.fill(0);
}

} // namespace

void held_slots::hold(const heard_block& block, int patience, const sink& emit)
{
    slot_passes(emit);
    if (!holds(block.kind))
        left_of(block.kind) = patience;
    d_slots.push_back(block);
}

bool held_slots::pass(const heard_block& slot, const sink& emit)
{
    slot_passes(emit);
    if (empty())
        return false;
    d_slots.push_back(slot);
    return true;
}

void held_slots::slot_passes(const sink& emit)
{
    for (const auto k : { kind::secure, kind::clear })
        if (holds(k) && left_of(k)-- == 0)
            give_up(k, emit);
}

std::vector<heard_block> held_slots::release(kind k)
{
    for (auto& slot : d_slots)
        if (slot.kind != k && slot.what == heard_block::action::play)
            silence(slot);
    auto slots = std::exchange(d_slots, {});
    clear();
    return slots;
}

void held_slots::give_up(kind k, const sink& emit)
{
    left_of(k) = -1;
    for (auto& slot : d_slots)
        if (slot.kind == k && slot.what == heard_block::action::play)
            silence(slot);
    if (!holds(kind::secure) && !holds(kind::clear))
        drop(emit);
}

/*! Nothing waits any more. */
void held_slots::drop(const sink& emit)
{
    for (auto& slot : std::exchange(d_slots, {})) {
        silence(slot);
        emit(slot);
    }
}

void held_slots::clear()
{
    d_slots.clear();
    d_secure_left = d_clear_left = -1;
}

} // namespace securevoice

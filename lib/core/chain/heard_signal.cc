/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/heard_signal.h"

#include "core/crypto/session.h"

namespace securevoice {

namespace {

constexpr unsigned unreadable_after = 12;  // blocks
constexpr float unreadable_quality = 0.3f; // mean sync quality: noise stays below

} // namespace

void heard_signal::demodulated(const soft_frame& frame)
{
    ++d_blocks;
    d_quality += (frame.sync_quality - d_quality) / static_cast<float>(d_blocks);
}

std::optional<header> heard_signal::wait(const soft_frame& frame, const blind_slot& blind)
{
    d_pieces.add(frame.number, blind.block.piece, -blind.metric, blind.certainty);
    d_waiting.push_back(frame);
    if (d_waiting.size() > max_waiting)
        d_waiting.pop_front();
    return d_pieces.solve(header_check_fits);
}

heard_state heard_signal::state() const
{
    call_state state;
    if (d_blocks > 0)
        state.on(heard_event::signal);
    if (d_blocks >= unreadable_after && d_quality > unreadable_quality)
        state.on(heard_event::nothing_read);
    return state.now();
}

} // namespace securevoice

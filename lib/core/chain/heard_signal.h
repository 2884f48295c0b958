/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_state.h"
#include "core/chain/slot_decoder.h"
#include "core/protocol/frames.h"
#include "core/protocol/header.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace securevoice {

/*!
 * One tracker's signal: whose frames are these? Holds the pieces of a header that is not
 * known yet and the frames that wait for it. Has no key, counts no numbers and plays
 * nothing.
 */
class heard_signal
{
public:
    static constexpr std::size_t max_waiting =
        11; // frames kept until the header is known

    /*! A block was demodulated. */
    void demodulated(const soft_frame& frame);
    /*! A start frame's header for which no verification was left: it is tried again. */
    std::optional<header> untried;

    /*! A block of nobody known waits. \return the header, once enough pieces are there */
    std::optional<header> wait(const soft_frame& frame, const blind_slot& blind);
    const std::deque<soft_frame>& waiting() const { return d_waiting; }
    /*! The header is known: the pieces are used up. */
    void found() { d_pieces.clear(); }
    void forget_waiting() { d_waiting.clear(); }

    /*! Of a signal of which no transmission is known: idle, pending or unreadable. */
    heard_state state() const;

private:
    header_assembler d_pieces;
    std::deque<soft_frame> d_waiting;
    unsigned d_blocks = 0;
    float d_quality = 0; // mean of the blocks'
};

} // namespace securevoice

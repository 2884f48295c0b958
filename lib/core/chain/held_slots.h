/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <functional>
#include <vector>

namespace securevoice {

/*!
 * Slots of a call that wait for a second verification, in their order: blocks of either
 * kind and what lies between them. A kind waits for so many slots from its first block
 * on; then all of its blocks are given up. Secure blocks and clear ones wait apart here;
 * who holds them may give up one kind for the other, and where one is played the other is
 * silence.
 */
class held_slots
{
public:
    using sink = std::function<void(const heard_block&)>;

    bool empty() const { return d_slots.empty(); }
    bool holds(kind k) const { return left_of(k) >= 0; }

    /*! A block that waits, in the next slot. \param patience slots that the first one of
     * its kind waits */
    void hold(const heard_block& block, int patience, const sink& emit);
    /*! The next slot holds nothing that waits. \return false if nothing waits any more:
     * it was not taken */
    bool pass(const heard_block& slot, const sink& emit);
    /*! Those of this kind are to be played. \return all slots in their order, the other
     * kind's blocks as silence */
    std::vector<heard_block> release(kind k);
    /*! Those of this kind are given up. */
    void give_up(kind k, const sink& emit);
    /*! All are forgotten; their slots do not pass. */
    void clear();

private:
    int& left_of(kind k) { return k == kind::secure ? d_secure_left : d_clear_left; }
    int left_of(kind k) const { return k == kind::secure ? d_secure_left : d_clear_left; }
    void slot_passes(const sink& emit);
    void drop(const sink& emit);

    std::vector<heard_block> d_slots;
    int d_secure_left = -1; // slots; -1: none of this kind is held
    int d_clear_left = -1;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace securevoice {

/*!
 * "Interference or attack": in the last 5 s of a call of ours more than half of the slots
 * decoded well while no tag or check fitted. Noise and fading do not raise it.
 */
class interference_alarm
{
public:
    static constexpr std::size_t slots = 62; // 5 s

    /*! A block was verified, in the slot at this time (s). */
    void verified(double time);
    /*! A block decoded well, and nothing fitted. */
    void strange(double time);
    /*! The call ended as it should: what follows is no part of it. */
    void end();

    bool raised() const { return d_strange.count() > slots / 2; }

private:
    void advance(double time);
    static std::int64_t slot_of(double time);

    std::int64_t d_slot = 0;   // the newest
    std::int64_t d_until = -1; // slots up to this one belong to a call of ours
    std::bitset<slots> d_strange, d_verified; // bit n: n slots ago
};

} // namespace securevoice

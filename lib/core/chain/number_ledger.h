/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

namespace securevoice {

/*!
 * What became of the numbers of one call, whatever signals brought them: each is lost
 * once at most. Numbers are due from the first one expected to the newest one that the
 * call's sender is known to have reached.
 */
class number_ledger
{
public:
    /*! Blocks are expected from this number on, if none were before. */
    void expect_from(std::uint32_t number);
    /*! The sender has reached this number: it and all before it are due. */
    void reached(std::uint32_t number);
    /*! A block was played. */
    void played(std::uint32_t number);
    /*! A block was there and is not played: no loss. Numbers that the sender had reached
     * before stay what they are. */
    void muted(std::uint32_t number);

    /*! The newest number reached; none yet: -1. */
    std::int64_t newest() const { return d_newest; }
    std::uint64_t played_count() const { return d_played; } // blocks played
    /*! Due, and neither played nor muted. */
    std::uint64_t lost() const { return d_lost; }

private:
    void settle(std::uint32_t number);

    std::optional<std::uint32_t> d_first;
    std::int64_t d_newest = -1;
    std::bitset<65536> d_settled; // played or muted; one for each number of a frame
    std::uint64_t d_played = 0;
    std::uint64_t d_lost = 0;
};

} // namespace securevoice

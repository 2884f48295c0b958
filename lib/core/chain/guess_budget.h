/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace securevoice {

/*!
 * Keyed verifications of one slot (docs/protocol.md, 6.6 rule 3): each is one guess for a
 * forger. A share of its own keeps one signal from using up what another one needs.
 */
class guess_budget
{
public:
    static constexpr unsigned per_slot = 64;      // a forger hits once in 2^26 slots
    static constexpr unsigned beside_a_call = 24; // of all signals that are not, together

    /*! What one user may spend: the counters that limit it. They belong to the budget, or
     * to who made a part of it. */
    class share
    {
    public:
        unsigned left() const;
        bool spend();
        /*! The same share, of which no more than \p most is spent; counts it down. */
        share within(unsigned& most) const;

    private:
        friend class guess_budget;
        std::array<unsigned*, 4> d_limits{}; // those that are not null
    };

    /*! All that is left. */
    share all();
    /*!
     * What a signal may spend of it, decided when it asks first.
     * \param most   that it may spend
     * \param beside a call is heard, and this signal is not it
     */
    share of(std::uint32_t track, unsigned most, bool beside);
    /*! The same for who asked before; who never did may spend all that is left. */
    share again(std::uint32_t track);

private:
    struct signal_limit {
        unsigned left;
        bool beside;
    };
    share limited(signal_limit& limit);

    unsigned d_left = per_slot;
    unsigned d_beside = beside_a_call;
    std::map<std::uint32_t, signal_limit> d_signals;
};

/*! Those of the newest slots: a block may wait for its header, and is looked at again on
 * the account of its own slot. */
class guess_budgets
{
public:
    /*! Slots: 11 that wait, and 8 by which blocks of the profile `robust` come later. */
    static constexpr std::size_t most = 32;

    /*! The slot's at this time (s); of slots long gone the oldest one's that is kept.
     * Good until the next call with another time. */
    guess_budget& at(double time);

private:
    std::map<std::int64_t, guess_budget> d_slots;
};

} // namespace securevoice

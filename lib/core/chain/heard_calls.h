/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/guess_budget.h"
#include "core/chain/number_ledger.h"
#include "core/crypto/session.h"
#include "core/keys/named_key.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <utility>
#include <vector>

namespace securevoice {

/*! A call is its header: what belongs to it, by whatever signals it comes. */
struct heard_call {
    /*!
     * \param s none: a transmission under a key that we do not have
     * \param k of the session; null without
     */
    heard_call(const header& h, std::optional<receiving_session> s, key_ptr k)
        : unkeyed(h), session(std::move(s)), key(std::move(k))
    {
    }

    const header& head() const { return unkeyed.head(); }

    public_session unkeyed;
    std::optional<receiving_session> session;
    key_ptr key;
    number_ledger numbers;
};

/*!
 * The calls that signals bring, and those that were heard a moment ago and are not over.
 * A signal that is found anew, behind a fade, a hole in the samples or by another
 * tracker, may carry one of the latter: one block's piece (32 bits) tells, where a header
 * that nobody knows takes six. Only calls of which something was heard are kept so, so
 * that nobody fills this with headers of his own.
 */
class heard_calls
{
public:
    static constexpr std::size_t most = 8; // that are kept though no signal brings them
    static constexpr double seconds =
        60; // of silence, then a piece tells nothing any more

    explicit heard_calls(std::vector<key_ptr> keys) : d_keys(std::move(keys)) {}

    /*!
     * The call that has this header. One that nobody knows is under the first key that
     * may be used and that the header's keyed tag fits, else it is without key. It stays
     * where it is until it is dropped.
     * \param now by the host's clock, s since 1970
     * \return null if too few verifications are left to try all keys
     */
    heard_call* of(const header& h, double now, guess_budget::share budget);
    /*! The one, heard and not over, that has this piece at this number; null: none. */
    heard_call* find(std::uint32_t number, const piece_octets& piece, double time);
    /*! A block of it was played. */
    void played(const heard_call& call, double time);
    void over(const heard_call& call);

    /*! Drops those that no signal brings any more and that are not kept. */
    void drop(const std::function<bool(const heard_call&)>& is_brought,
              const std::function<void(const heard_call&)>& last_look);
    void for_each(const std::function<void(const heard_call&)>& f) const;
    void clear() { d_calls.clear(); }
    /*! Wipes the keys, for all who share them: calls have none from here on. */
    void zeroize();

private:
    struct entry {
        heard_call call;
        bool kept = false;
        double time = 0; // s, of its newest block that was heard
    };
    std::list<entry>::iterator place(const heard_call& call);
    heard_call& add(const header& h, std::optional<receiving_session> s, key_ptr k);

    std::vector<key_ptr> d_keys;
    std::list<entry> d_calls; // those heard newest first
};

} // namespace securevoice

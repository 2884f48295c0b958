/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/header.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace securevoice {

/*!
 * Calls that were heard a moment ago and are not over. A signal that is found anew, behind a fade, a hole in the samples or by another tracker, may carry one of
 * them: one block's piece (32 bits) tells, where a header that nobody knows takes six. Only calls of which something was heard come in, so that nobody
 * fills this with headers of his own.
 */
class known_calls
{
public:
    static constexpr std::size_t most = 8;
    static constexpr double seconds = 60; // of silence, then a call is forgotten

    struct call {
        header head;
        std::int64_t newest = -1; // number
        double time = 0;          // s, of its newest block that was heard
    };

    /*! A block of it was played. */
    void heard(const call& c);
    void over(const header& head);
    void clear() { d_calls.clear(); }

    /*! The call that has this header; null: not known. */
    const call* find(const header& head) const;
    /*! The one that has this piece at this number; null: none. */
    const call* find(std::uint32_t number, const piece_octets& piece, double time) const;

private:
    std::vector<call> d_calls; // newest first
};

} // namespace securevoice

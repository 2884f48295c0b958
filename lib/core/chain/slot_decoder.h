/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/session.h"
#include "core/fec/polar.h"
#include "core/protocol/frames.h"

#include <memory>
#include <optional>

namespace securevoice {

/*!
 * Keyed verifications of one slot (docs/protocol.md, 6.6 rule 3): each is one guess for a
 * forger. Copies share what is left; a share of its own keeps one signal from using up what
 * another one needs.
 */
class verification_budget
{
public:
    static constexpr unsigned per_slot = 64;
    static constexpr unsigned beside_a_call = 24; // of all signals that are not, together

    verification_budget() : d_pool(std::make_shared<pool>()) {}
    /*! The same slot's, for one signal.
     * \param most   that it may spend
     * \param beside a call is heard, and this signal is not it */
    verification_budget share(unsigned most, bool beside) const;
    /*! The same signal's, for a part of it that may spend no more than this of it. */
    verification_budget part(unsigned most) const;

    bool spend();
    unsigned left() const;

private:
    struct pool {
        unsigned left = per_slot;
        unsigned beside = beside_a_call;
    };
    std::shared_ptr<pool> d_pool;
    std::shared_ptr<unsigned> d_own;  // null: no share, all that is left
    std::shared_ptr<unsigned> d_part; // null: no part, all of the share
    bool d_beside = false;
};

/*! What one slot held, for one transmission. */
struct opened_slot {
    securevoice::kind kind = kind::none; // secure: tag verified; clear: public check fits
    bool ours = false;                   // clear whose keyed octet fits too
    text_field text{};
    air_block block{};
};

/*! The best guess at a slot without any check. */
struct blind_slot {
    air_block block{};
    float metric = 0; // of the list decoder
    /*! Of each bit of the piece: what the best candidate with another one costs more. */
    piece_certainty certainty{};
    /*! Share of the soft bits' weight that speaks against the code word: 0 without noise */
    float doubt = 1;
};

/*!
 * Soft bits to blocks: the list decoder offers candidates, the session chooses. Small
 * lists first; large ones only where they fail.
 */
class slot_decoder
{
public:
    /*! \param list largest list, a power of two from 4 to 128 */
    explicit slot_decoder(std::size_t list);

    /*! The header of a start frame: the best candidate whose public check fits. */
    std::optional<header> decode_start(const soft_frame& frame);

    /*!
     * \param session null without its key: then clear only
     * \param open    the public side of the same transmission
     */
    opened_slot decode_block(const soft_frame& frame,
                             const receiving_session* session,
                             const public_session& open,
                             verification_budget& budget);

    /*! \param m mode, as the pilots say */
    blind_slot decode_blind(const soft_frame& frame, mode m);

private:
    std::size_t d_list;
    polar_list_decoder d_decoder;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/guess_budget.h"
#include "core/crypto/session.h"
#include "core/fec/polar.h"
#include "core/protocol/frames.h"

#include <optional>

namespace securevoice {

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
    /*! Share of the soft bits' weight that speaks against the code word: 0 without
     * noise */
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
                             const public_session& unkeyed,
                             guess_budget::share budget);

    /*! \param m mode, as the pilots say */
    blind_slot decode_blind(const soft_frame& frame, mode m);

private:
    std::size_t d_list;
    polar_list_decoder d_decoder;
};

} // namespace securevoice

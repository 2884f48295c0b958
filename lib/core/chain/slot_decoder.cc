/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/slot_decoder.h"

#include "core/protocol/bits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace securevoice {

namespace {

// Tried first: costs an eighth, and most blocks need no more.
constexpr std::size_t small_list = 4;

template <typename Octets>
std::array<std::uint8_t, 8 * std::tuple_size_v<Octets>> bits_of(const Octets& octets)
{
    std::array<std::uint8_t, 8 * std::tuple_size_v<Octets>> bits;
    unpack_bits(octets.data(), bits.size(), bits.data());
    return bits;
}

} // namespace

slot_decoder::slot_decoder(std::size_t list) : d_list(list), d_decoder(list)
{
    if (list < small_list || list > 128 || (list & (list - 1)) != 0)
        throw std::invalid_argument(
            "the decoder's list size must be a power of two from 4 to 128");
}

std::optional<header> slot_decoder::decode_start(const soft_frame& frame)
{
    header head;
    const auto accept = [&](const polar_candidate& candidate) {
        header h;
        pack_bits(candidate.others.data(), header_bits, h.octets.data());
        if (!header_check_fits(h))
            return false;
        head = h;
        return true;
    };
    if (d_decoder.decode(start_code(), frame.llr.data(), nullptr, small_list, accept) ||
        d_decoder.decode(start_code(), frame.llr.data(), nullptr, d_list, accept))
        return head;
    return std::nullopt;
}

opened_slot slot_decoder::decode_block(const soft_frame& frame,
                                       const receiving_session* session,
                                       const public_session& unkeyed,
                                       guess_budget::share budget)
{
    const auto c = mode_from_code(unkeyed.head().mode_code()).codec;
    const auto piece = bits_of(header_piece(unkeyed.head(), frame.number));
    opened_slot secure;
    opened_slot clear;
    const auto accept = [&](const polar_candidate& candidate) {
        const auto block = from_bits(c, piece.data(), candidate.others.data());
        // One is kept for the look at the keyed octet of clear.
        if (session && budget.left() > 1 && budget.spend() &&
            session->open(frame.number, block, secure.text)) {
            secure.kind = kind::secure;
            secure.block = block;
            return true;
        }
        if (clear.kind == kind::none && unkeyed.open(frame.number, block, clear.text)) {
            clear.kind = kind::clear;
            clear.block = block;
            // Secure goes first in the whole list; without a key there is nothing to wait
            // for.
            return session == nullptr;
        }
        return false;
    };
    const auto& code = block_code(c);
    if (!d_decoder.decode(code, frame.llr.data(), piece.data(), small_list, accept))
        d_decoder.decode(code, frame.llr.data(), piece.data(), d_list, accept);
    if (secure.kind == kind::secure)
        return secure;
    clear.ours = clear.kind == kind::clear && session && budget.spend() &&
                 session->clear_is_ours(frame.number, clear.block);
    return clear;
}

blind_slot slot_decoder::decode_blind(const soft_frame& frame, mode m)
{
    blind_slot best;
    std::vector<std::uint8_t> piece; // empty before the best candidate
    float dearer = 0;
    best.certainty.fill(-1);
    d_decoder.decode(block_code(m.codec),
                     frame.llr.data(),
                     nullptr,
                     d_list,
                     [&](const polar_candidate& candidate) {
                         if (piece.empty()) {
                             piece = candidate.piece;
                             best.block = from_bits(m.codec,
                                                    candidate.piece.data(),
                                                    candidate.others.data());
                             best.metric = candidate.metric;
                         }
                         dearer = candidate.metric - best.metric;
                         for (std::size_t n = 0; n < piece_bits; ++n)
                             if (candidate.piece[n] != piece[n] && best.certainty[n] < 0)
                                 best.certainty[n] = dearer;
                         return false;
                     });
    float weight = 0;
    for (const float llr : frame.llr)
        weight += std::fabs(llr);
    // The same in the whole list, be it a list of equals: surer than all others.
    const float sure = dearer + weight / static_cast<float>(frame.llr.size());
    for (auto& c : best.certainty)
        if (c < 0)
            c = sure;
    if (weight > 0)
        best.doubt = best.metric / weight;
    return best;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/slot_decoder.h"

#include <array>
#include <stdexcept>

namespace securevoice {

namespace {

constexpr std::size_t small_list = 4;

template <typename Octets>
std::array<std::uint8_t, 8 * std::tuple_size_v<Octets>> bits_of(const Octets& octets)
{
    std::array<std::uint8_t, 8 * std::tuple_size_v<Octets>> bits;
    for (std::size_t n = 0; n < bits.size(); ++n)
        bits[n] = static_cast<std::uint8_t>(octets[n / 8] >> (7 - n % 8) & 1);
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
        for (std::size_t n = 0; n < header_bits; ++n)
            h.octets[n / 8] = static_cast<std::uint8_t>(
                h.octets[n / 8] | candidate.others[n] << (7 - n % 8));
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
                                       const public_session& open,
                                       verification_budget& budget)
{
    const auto c = mode_from_code(open.head().mode_code()).codec;
    const auto piece = bits_of(header_piece(open.head(), frame.number));
    opened_slot secure;
    opened_slot clear;
    const auto accept = [&](const polar_candidate& candidate) {
        const auto block = from_bits(c, piece.data(), candidate.others.data());
        if (session && budget.spend() &&
            session->open(frame.number, block, secure.text)) {
            secure.kind = kind::secure;
            secure.block = block;
            return true;
        }
        if (clear.kind == kind::none && open.open(frame.number, block, clear.text)) {
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
    return secure.kind == kind::secure ? secure : clear;
}

blind_slot slot_decoder::decode_blind(const soft_frame& frame, mode m)
{
    blind_slot best;
    d_decoder.decode(block_code(m.codec),
                     frame.llr.data(),
                     nullptr,
                     d_list,
                     [&](const polar_candidate& candidate) {
                         best.block = from_bits(
                             m.codec, candidate.piece.data(), candidate.others.data());
                         best.metric = candidate.metric;
                         return true;
                     });
    return best;
}

} // namespace securevoice

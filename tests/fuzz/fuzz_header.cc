/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/session.h"
#include "core/protocol/block.h"
#include "core/protocol/header.h"
#include "crypto/helpers.h"
#include "fuzz_input.h"

#include <algorithm>
#include <array>
#include <vector>

/* Headers, their pieces and the fields of blocks, from any octets. */

using namespace securevoice;
using fuzz::check;

namespace {

header read_header(fuzz::input& in)
{
    header h;
    for (auto& o : h.octets)
        o = in.octet();
    return h;
}

void fields(const header& h)
{
    header copy;
    copy.set_salt(h.salt());
    copy.set_tag(h.tag());
    copy.set_check(h.check());
    if (!is_mode(h.mode_code())) {
        check(!header_check_fits(h), "a header without a mode does not count");
        return;
    }
    copy.set_time(mode_from_code(h.mode_code()), h.masked_time());
    check(copy == h, "a header is its fields");
    static const auto key = (start_crypto(), test::key_from(1));
    if (const auto session = receiving_session::accept(h, key)) {
        check(header_check_fits(h), "only a header that passes its check is accepted");
        check(session->start_time(test::some_time) % 4 == 0,
              "a start is a multiple of 4 s");
    }
}

void block_bits_both_ways(fuzz::input& in)
{
    const auto c = static_cast<codec>(in.octet() % codec_count);
    const auto others = signalling_bits + voice_bits(c) + tag_bits;
    block_bits bits;
    const auto fill = [&in](std::uint8_t* out, std::size_t count) {
        std::uint8_t octet = 0;
        for (std::size_t n = 0; n < count; ++n) {
            if (n % 8 == 0)
                octet = in.octet();
            out[n] = octet >> n % 8 & 1;
        }
    };
    fill(bits.piece.data(), bits.piece.size());
    fill(bits.others.data(), others);
    const auto back = to_bits(c, from_bits(c, bits.piece.data(), bits.others.data()));
    check(back.piece == bits.piece &&
              std::equal(bits.others.begin(),
                         bits.others.begin() + static_cast<std::ptrdiff_t>(others),
                         back.others.begin()),
          "a block is its bits");
}

/* Pieces true and false in any order. The model knows what the assembler keeps as its
 * newest. */
void assemble(fuzz::input& in, const header& truth)
{
    header_assembler pieces;
    std::vector<std::pair<std::uint32_t, bool>> newest; // index, true piece; newest last
    const auto fits = [&truth](const header& h) { return h == truth; };
    for (unsigned n = 0; n < 40 && in.left() > 0; ++n) {
        const auto how = in.octet();
        const std::uint32_t number = how & 2 ? in.value<std::uint32_t>() : in.octet();
        const auto weight = how & 4 ? in.value<float>() : 0.0f;
        auto piece = header_piece(truth, number);
        check(piece == header_piece(truth, number % 32768),
              "pieces repeat after 32768 blocks");
        const bool good = (how & 1) == 0;
        if (!good)
            piece[how / 8 % 4] =
                static_cast<std::uint8_t>(piece[how / 8 % 4] ^ (1 + how / 32));
        pieces.add(number, piece, weight);
        check(pieces.size() <= header_assembler::capacity, "the pieces kept are bounded");
        // Equal indices: the one that stays depends on the weights; the model only
        // follows inputs without.
        const auto index = number % 32768;
        if (std::any_of(newest.begin(), newest.end(), [index](const auto& e) {
                return e.first == index;
            }))
            return;
        newest.emplace_back(index, good);
    }
    const auto from =
        newest.size() - std::min(newest.size(), header_assembler::pieces_tried);
    const auto good = std::count_if(newest.begin() + static_cast<std::ptrdiff_t>(from),
                                    newest.end(),
                                    [](const auto& e) { return e.second; });
    const auto found = pieces.solve(fits);
    if (good >= static_cast<std::ptrdiff_t>(header_assembler::pieces_needed))
        check(found.has_value(),
              "six good pieces among the newest twelve give the header");
    // Pieces of which one octet is wrong help, too: what counts is that there are more
    // bits than the header has.
    if (newest.size() < header_assembler::pieces_needed)
        check(!found, "five pieces do not give the header");
    if (found)
        check(*found == truth, "a header that does not fit is not given");
    pieces.clear();
    check(pieces.size() == 0 && !pieces.solve(fits), "nothing is left after clear()");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    const auto h = read_header(in);
    fields(h);
    block_bits_both_ways(in);
    assemble(in, h);
    return 0;
}

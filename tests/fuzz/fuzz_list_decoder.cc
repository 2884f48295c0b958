/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/polar.h"
#include "fuzz_input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>

/* Any LLRs to the list decoder, of noise or beside a code word. */

using namespace securevoice;
using fuzz::check;

namespace {

const polar_code& choose(std::uint8_t n)
{
    return n % 8 < codec_count ? block_code(static_cast<codec>(n % 8)) : start_code();
}

/* What speaks against a candidate, from its definition: encode it again and compare. */
double cost(const polar_code& code,
            const polar_candidate& candidate,
            const std::vector<float>& llr)
{
    std::vector<std::uint8_t> word(code.sent());
    polar_encode(code,
                 candidate.piece.empty() ? nullptr : candidate.piece.data(),
                 candidate.others.data(),
                 word.data());
    double sum = 0;
    for (std::size_t n = 0; n < word.size(); ++n) {
        const double x =
            std::isnan(llr[n]) ? 0.0 : std::clamp(static_cast<double>(llr[n]), -1e4, 1e4);
        if (word[n] ? x > 0 : x < 0)
            sum += std::abs(x);
    }
    return sum;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    const auto& code = choose(in.octet());
    const auto shape = in.octet();
    const std::size_t list = std::size_t{ 1 } << shape % 8; // 1 ... 128
    static polar_list_decoder decoder(128);

    std::vector<std::uint8_t> piece(code.piece_positions.size());
    std::vector<std::uint8_t> others(code.other_positions.size());
    std::minstd_rand random(1 + in.octet());
    for (auto& b : piece)
        b = random() >> 8 & 1;
    for (auto& b : others)
        b = random() >> 8 & 1;
    std::vector<std::uint8_t> word(code.sent());
    polar_encode(
        code, piece.empty() ? nullptr : piece.data(), others.data(), word.data());
    const auto strength = shape & 8 ? 0.0f : std::abs(in.value<float>());
    std::vector<float> llr(code.sent());
    for (std::size_t n = 0; n < llr.size(); ++n)
        llr[n] = word[n] ? -strength : strength;
    // 1e-30 and weaker drown in the sums.
    bool perfect = strength > 1e-30f;
    std::size_t at = 0;
    while (in.left() > 0) {
        const auto how = in.octet();
        at += how;
        if (how & 1) {
            const auto value = in.value<float>();
            llr[at % llr.size()] = value;
        } else {
            auto& x = llr[at % llr.size()];
            x = static_cast<float>(static_cast<std::int8_t>(in.octet())) / 8;
        }
        perfect = false;
    }

    const bool piece_known = (shape & 16) != 0 && !piece.empty();
    std::size_t offered = 0;
    float last = 0;
    std::set<std::vector<std::uint8_t>> seen;
    const auto accept_at = in.left() ? in.octet() : 255u;
    const auto* accepted = decoder.decode(
        code,
        llr.data(),
        piece_known ? piece.data() : nullptr,
        list,
        [&](const polar_candidate& c) {
            check(c.piece.size() == piece.size() && c.others.size() == others.size(),
                  "a candidate has all info bits");
            check(std::isfinite(c.metric) && c.metric >= 0,
                  "the metric is a finite cost");
            check(c.metric >= last, "the best candidate comes first");
            last = c.metric;
            const auto expected = cost(code, c, llr);
            check(std::abs(static_cast<double>(c.metric) - expected) <=
                      1e-3 * expected + 1e-30,
                  "the metric is the cost of a code word");
            if (piece_known)
                check(c.piece == piece, "a known piece stays");
            auto bits = c.piece;
            bits.insert(bits.end(), c.others.begin(), c.others.end());
            check(seen.insert(bits).second, "no candidate comes twice");
            if (perfect && offered == 0)
                check(c.piece == piece && c.others == others,
                      "a code word without noise is found first");
            return ++offered > accept_at;
        });
    check(offered >= 1 && offered <= list,
          "there are candidates, not more than the list");
    check(accepted == nullptr || offered > accept_at,
          "only what was accepted is returned");
    return 0;
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/code_check.h"
#include "core/fec/interleaver.h"
#include "core/fec/kernels.h"
#include "core/fec/path_chooser.h"
#include "core/fec/polar.h"
#include "core/fec/transform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace securevoice {
namespace {

// Keeps metrics, which are sums over the block, exact enough. No modem says more of a bit
// than this: 10^-4343.
constexpr float max_llr = 1e4f;

bool is_power_of_two(std::size_t n) { return n != 0 && (n & (n - 1)) == 0; }

std::size_t root_level(const polar_code& code)
{
    std::size_t level = 0;
    while ((std::size_t(1) << level) < code.length) {
        level++;
    }
    return level;
}

} // namespace

/*!
 * The paths go through the code tree together, node by node. Nodes without info bits,
 * with one (repetition), with all but one (single parity check) and with all are decided
 * as a whole.
 */
struct polar_list_decoder::impl {
    explicit impl(std::size_t max_list_)
        : max_list(max_list_), chooser(max_list_), paths(max_list_), sums(max_list_)
    {
        for (std::size_t level = 0; level < max_polar_levels; level++) {
            const std::size_t slots = level + 1 < max_polar_levels ? max_list : 1;
            llr[level].resize(slots << level);
            left[level].resize(max_list << level);
            right[level].resize(max_list << level);
        }
        channel.resize(max_polar_length);
        word.resize(max_polar_length);
        order.reserve(max_list);
        candidate.piece.reserve(max_polar_length);
        candidate.others.reserve(max_polar_length);
    }

    void load(const polar_code& code, const float* received, const std::uint8_t* piece);
    void walk(std::size_t root);
    void node(std::size_t level, std::size_t first, bool is_left);
    void split(std::size_t level, std::size_t first, std::uint8_t* out);
    void zeros(std::size_t level, std::uint8_t* out);
    void repetition(std::size_t level, std::uint8_t* out);
    void turned_decisions(std::size_t level, bool even, std::uint8_t* out);
    void own_llr_slots(std::size_t level);
    const polar_candidate* offer(const polar_code& code,
                                 const std::uint8_t* piece,
                                 const polar_predicate& accept);
    std::size_t info_bits(std::size_t first, std::size_t length) const
    {
        return static_cast<std::size_t>(info_before[first + length] - info_before[first]);
    }

    std::size_t max_list;
    path_chooser chooser;
    std::vector<polar_path> paths;
    std::vector<float> sums; // of repetition nodes, by path
    std::size_t count = 0;   // of paths
    std::size_t list = 0;
    std::array<std::uint16_t, max_polar_length + 1>
        info_before{}; // info bits below a position
    // By level, in slots of 2^level: LLRs; bits of left and of right children.
    std::array<std::vector<float>, max_polar_levels> llr;
    std::array<std::vector<std::uint8_t>, max_polar_levels> left;
    std::array<std::vector<std::uint8_t>, max_polar_levels> right;
    std::vector<float> channel; // LLRs of the code bits, without the known piece
    std::vector<std::uint8_t> word;
    std::vector<std::uint8_t> order;
    polar_candidate candidate;
};

void polar_list_decoder::impl::load(const polar_code& code,
                                    const float* received,
                                    const std::uint8_t* piece)
{
    // What a known piece adds to the code word is taken off the LLRs: its positions are
    // then frozen to zero like all others.
    std::fill_n(word.begin(), code.length, std::uint8_t(0));
    std::array<std::uint8_t, max_polar_length> is_info{};
    for (std::size_t k = 0; k < code.piece_positions.size(); k++) {
        const std::size_t position = code.piece_positions[k];
        if (piece) {
            word[position] = piece[k];
        } else {
            is_info[position] = 1;
        }
    }
    for (const std::size_t position : code.other_positions) {
        is_info[position] = 1;
    }
    for (std::size_t i = 0; i < code.length; i++) {
        info_before[i + 1] = static_cast<std::uint16_t>(info_before[i] + is_info[i]);
    }
    if (piece) {
        polar_transform(word.data(), code.length);
    }

    std::fill_n(channel.begin(), code.length, 0.0f);
    for_each_sent_bit(code, [&](std::size_t k, std::size_t j) {
        const float x = received[k];
        const float clipped = std::isnan(x) ? 0.0f : std::clamp(x, -max_llr, max_llr);
        channel[j] = word[j] ? -clipped : clipped;
    });
}

void polar_list_decoder::impl::walk(std::size_t root)
{
    count = 1;
    paths[0] = {};
    std::copy_n(channel.begin(), std::size_t(1) << root, llr[root].begin());
    node(root, 0, false);
}

void polar_list_decoder::impl::own_llr_slots(std::size_t level)
{
    for (std::size_t p = 0; p < count; p++) {
        paths[p].llr[level] = static_cast<std::uint8_t>(p);
    }
}

void polar_list_decoder::impl::node(std::size_t level, std::size_t first, bool is_left)
{
    const std::size_t length = std::size_t(1) << level;
    const std::size_t info = info_bits(first, length);
    std::uint8_t* out = is_left ? left[level].data() : right[level].data();
    if (info == 0) {
        zeros(level, out);
    } else if (info == length) {
        turned_decisions(level, false, out);
    } else if (info == 1 && info_bits(first + length - 1, 1) == 1) {
        repetition(level, out);
    } else if (info == length - 1 && info_bits(first, 1) == 0) {
        turned_decisions(level, true, out);
    } else {
        split(level, first, out);
    }
    if (is_left) {
        for (std::size_t p = 0; p < count; p++) {
            paths[p].left[level] = static_cast<std::uint8_t>(p);
        }
    }
}

void polar_list_decoder::impl::split(std::size_t level,
                                     std::size_t first,
                                     std::uint8_t* out)
{
    const std::size_t child = level - 1;
    const std::size_t half = std::size_t(1) << child;
    const float* above = llr[level].data();
    if (info_bits(first, half) == 0) {
        if (count > 1) { // what all paths pay need not be counted
            kernels::add_cost_of_zero_left(paths.data(), count, child, above);
        }
        kernels::sums(paths.data(), count, child, above, llr[child].data());
        own_llr_slots(child);
        node(child, first + half, false);
        kernels::repeat(count, child, right[child].data(), out);
        return;
    }
    kernels::check_nodes(paths.data(), count, child, above, llr[child].data());
    own_llr_slots(child);
    node(child, first, true);
    kernels::bit_nodes(
        paths.data(), count, child, above, left[child].data(), llr[child].data());
    own_llr_slots(child);
    node(child, first + half, false);
    kernels::combine(
        paths.data(), count, child, left[child].data(), right[child].data(), out);
}

void polar_list_decoder::impl::zeros(std::size_t level, std::uint8_t* out)
{
    if (count > 1) {
        kernels::add_cost_of_zeros(paths.data(), count, level, llr[level].data());
    }
    std::fill_n(out, count << level, std::uint8_t(0));
}

void polar_list_decoder::impl::repetition(std::size_t level, std::uint8_t* out)
{
    kernels::add_cost_of_repetition(
        paths.data(), count, level, llr[level].data(), sums.data());
    chooser.begin();
    for (std::size_t p = 0; p < count; p++) {
        chooser.add(&sums[p], 1, false);
    }
    count = chooser.choose(paths.data(), count, list);
    const std::size_t length = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        std::uint8_t bit = std::signbit(sums[chooser.parent(p)]);
        chooser.for_each_turned(p, [&bit](std::size_t) { bit ^= 1; });
        std::fill_n(out + p * length, length, bit);
    }
}

void polar_list_decoder::impl::turned_decisions(std::size_t level,
                                                bool even,
                                                std::uint8_t* out)
{
    const std::size_t length = std::size_t(1) << level;
    chooser.begin();
    for (std::size_t p = 0; p < count; p++) {
        float* node_llr = llr[level].data() + paths[p].llr[level] * length;
        paths[p].metric += chooser.add(node_llr, length, even);
    }
    count = chooser.choose(paths.data(), count, list);
    kernels::hard_decisions(paths.data(), count, level, llr[level].data(), out);
    for (std::size_t p = 0; p < count; p++) {
        std::uint8_t* bits = out + p * length;
        chooser.for_each_turned(p, [bits](std::size_t position) { bits[position] ^= 1; });
    }
}

const polar_candidate* polar_list_decoder::impl::offer(const polar_code& code,
                                                       const std::uint8_t* piece,
                                                       const polar_predicate& accept)
{
    const std::uint8_t* words = right[root_level(code)].data();
    for (std::size_t p = 0; p < count; p++) {
        paths[p].metric =
            kernels::cost(channel.data(), words + p * code.length, code.length);
    }
    order.resize(count);
    std::iota(order.begin(), order.end(), std::uint8_t(0));
    std::sort(order.begin(), order.end(), [this](std::uint8_t a, std::uint8_t b) {
        return paths[a].metric < paths[b].metric;
    });
    for (const std::size_t p : order) {
        std::copy_n(words + p * code.length, code.length, word.begin());
        polar_transform(word.data(), code.length);
        candidate.metric = paths[p].metric;
        candidate.piece.resize(code.piece_positions.size());
        for (std::size_t k = 0; k < code.piece_positions.size(); k++) {
            candidate.piece[k] = piece ? piece[k] : word[code.piece_positions[k]];
        }
        candidate.others.resize(code.other_positions.size());
        for (std::size_t k = 0; k < code.other_positions.size(); k++) {
            candidate.others[k] = word[code.other_positions[k]];
        }
        if (accept(candidate)) {
            return &candidate;
        }
    }
    return nullptr;
}

polar_list_decoder::polar_list_decoder(std::size_t max_list)
{
    if (!is_power_of_two(max_list) || max_list > 128) {
        throw std::invalid_argument(
            "polar decoder: the largest list must be a power of two from 1 to 128");
    }
    d_impl = std::make_unique<impl>(max_list);
}

polar_list_decoder::~polar_list_decoder() = default;
polar_list_decoder::polar_list_decoder(polar_list_decoder&&) noexcept = default;
polar_list_decoder&
polar_list_decoder::operator=(polar_list_decoder&&) noexcept = default;

const polar_candidate* polar_list_decoder::decode(const polar_code& code,
                                                  const float* llr,
                                                  const std::uint8_t* piece,
                                                  std::size_t list,
                                                  const polar_predicate& accept)
{
    check_code(code);
    if (!is_power_of_two(list) || list > d_impl->max_list) {
        throw std::invalid_argument(
            "polar decoder: the list must be a power of two, not above "
            "the decoder's largest list");
    }
    d_impl->list = list;
    d_impl->load(code, llr, piece);
    d_impl->walk(root_level(code));
    return d_impl->offer(code, piece, accept);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/fec/kernels.h"

#include <vector>

namespace securevoice {

/*!
 * Choice of the best paths at a node whose bits are the hard decisions with some of them
 * turned over. The sets of turned bits of all paths are visited in the order of their
 * cost, until the list holds the best: by the max-log metric the same list that an
 * exhaustive search over the node's code words gives. (Nodes: Hashemi, Condo, Gross 2017;
 * here with a best-first search in place of their one split per bit.)
 *
 * For each node: begin(), add() for every path, choose(), then parent() and
 * for_each_turned() for the paths that came out.
 */
class path_chooser
{
public:
    /*! \param max_list largest list, 1 ... 128 */
    explicit path_chooser(std::size_t max_list);

    void begin() { d_nodes.clear(); }

    /*!
     * Adds the next path.
     * \param llr    the node's LLRs. Visited ones get a huge magnitude, signs stay;
     * needed until the next begin()
     * \param even   true if code words have even parity (single parity check)
     * \return what the path's metric has to grow by: the price of making the hard
     * decisions a code word
     */
    float add(float* llr, std::size_t length, bool even);

    /*!
     * Leaves the at most \p list best in \p paths (which has room for them). Paths that
     * stay keep their index, the others are replaced by copies of better ones.
     * \return the new number of paths
     */
    std::size_t choose(polar_path* paths, std::size_t count, std::size_t list);

    /*! Index in the order of add() of the path that \p path descends from. */
    std::size_t parent(std::size_t path) const { return d_chosen[path].parent; }

    /*! Calls turn(position) for each bit in which \p path differs from the hard decisions
     * of its parent. */
    template <typename Turn>
    void for_each_turned(std::size_t path, Turn turn) const
    {
        const chosen_path& chosen = d_chosen[path];
        const node_path& node = d_nodes[chosen.parent];
        bool odd = node.odd;
        for (int s = chosen.turned; s != none;
             s = d_turned[static_cast<std::size_t>(s)].before) {
            turn(d_bits[chosen.parent * d_max_list +
                        d_turned[static_cast<std::size_t>(s)].rank]
                     .position);
            odd = !odd;
        }
        if (node.even && odd) {
            turn(node.spare.position);
        }
    }

private:
    static constexpr int none = -1;

    struct bit {
        float magnitude;
        std::uint16_t position;
    };
    struct node_path {
        float* llr;
        std::size_t length;
        std::size_t ranks;  // bits that may be turned, at most
        std::size_t ranked; // bits found so far, the least reliable first
        bool even;
        bool odd;  // parity of the hard decisions
        bit spare; // the least reliable bit, which repairs the parity
    };
    // A set of turned bits: the one of this rank and those of the set before, whose ranks
    // are lower.
    struct turned_set {
        float metric; // of the path with these bits
        std::int16_t before;
        std::uint8_t path;
        std::uint8_t rank;
        bool odd; // parity without the spare bit
    };
    struct chosen_path {
        std::uint8_t parent;
        std::int16_t turned;
    };

    struct dearer;

    bit take_least(node_path& node);
    const bit* ranked(std::size_t path, std::size_t rank);
    void push_first(std::size_t path, float metric, float bound);
    void push_next(std::size_t set, float bound);
    void push(const turned_set& set, float bound);
    std::size_t pop();
    void sort_worst(const polar_path* paths, std::size_t count);

    std::size_t d_max_list;
    std::vector<node_path> d_nodes;    // by path
    std::vector<bit> d_bits;           // by path and rank
    std::vector<turned_set> d_turned;  // sets seen at this node
    std::vector<std::int16_t> d_heap;  // those not yet chosen, cheapest first
    std::vector<std::uint8_t> d_worst; // paths, worst first
    std::vector<chosen_path> d_chosen; // by path, after the choice
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/path_chooser.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace securevoice {

// Order of the heap: the cheapest set on top.
struct path_chooser::dearer {
    const turned_set* sets;
    bool operator()(std::int16_t a, std::int16_t b) const
    {
        return sets[a].metric > sets[b].metric;
    }
};

path_chooser::path_chooser(std::size_t max_list) : d_max_list(max_list)
{
    d_nodes.reserve(max_list);
    d_bits.resize(max_list * max_list);
    d_turned.reserve(3 *
                     max_list); // one per path at first, two more for each that is chosen
    d_heap.reserve(3 * max_list);
    d_worst.reserve(max_list);
    d_chosen.resize(max_list);
}

float path_chooser::add(float* llr, std::size_t length, bool even)
{
    // Of the sets that turn the bit of rank r, at least r are dearer than those that turn
    // a lower one: only the first list - 1 ranks can come into the list.
    const std::size_t ranks = std::min(even ? length - 1 : length, d_max_list - 1);
    node_path node{ llr, length, ranks, 0, even, false, {} };
    if (even) {
        node.odd = kernels::parity(llr, length) != 0;
        node.spare = take_least(node);
    }
    d_nodes.push_back(node);
    return node.odd ? node.spare.magnitude : 0.0f;
}

path_chooser::bit path_chooser::take_least(node_path& node)
{
    const std::size_t position = kernels::least_reliable(node.llr, node.length);
    const bit found{ std::abs(node.llr[position]), static_cast<std::uint16_t>(position) };
    node.llr[position] =
        std::copysign(std::numeric_limits<float>::max(), node.llr[position]);
    return found;
}

const path_chooser::bit* path_chooser::ranked(std::size_t path, std::size_t rank)
{
    node_path& node = d_nodes[path];
    if (rank >= node.ranks) {
        return nullptr;
    }
    bit* bits = &d_bits[path * d_max_list];
    if (rank == node.ranked) {
        bits[node.ranked++] = take_least(node);
    }
    return bits + rank;
}

void path_chooser::push_first(std::size_t path, float metric, float bound)
{
    if (const bit* first = ranked(path, 0)) {
        const node_path& node = d_nodes[path];
        const float repair = node.odd ? -node.spare.magnitude : node.spare.magnitude;
        push({ metric + (first->magnitude + repair),
               none,
               static_cast<std::uint8_t>(path),
               0,
               !node.odd },
             bound);
    }
}

void path_chooser::push_next(std::size_t index, float bound)
{
    const turned_set set = d_turned[index];
    const auto rank = static_cast<std::uint8_t>(set.rank + 1);
    if (const bit* next = ranked(set.path, rank)) {
        const float spare = d_nodes[set.path].spare.magnitude;
        push({ set.metric + (next->magnitude + (set.odd ? -spare : spare)),
               static_cast<std::int16_t>(index),
               set.path,
               rank,
               !set.odd },
             bound);
        const bit* replaced = ranked(set.path, set.rank);
        push({ set.metric + (next->magnitude - replaced->magnitude),
               set.before,
               set.path,
               rank,
               set.odd },
             bound);
    }
}

void path_chooser::push(const turned_set& set, float bound)
{
    if (set.metric < bound) {
        d_turned.push_back(set);
        d_heap.push_back(static_cast<std::int16_t>(d_turned.size() - 1));
        std::push_heap(d_heap.begin(), d_heap.end(), dearer{ d_turned.data() });
    }
}

std::size_t path_chooser::pop()
{
    std::pop_heap(d_heap.begin(), d_heap.end(), dearer{ d_turned.data() });
    const auto index = static_cast<std::size_t>(d_heap.back());
    d_heap.pop_back();
    return index;
}

void path_chooser::sort_worst(const polar_path* paths, std::size_t count)
{
    d_worst.resize(count);
    std::iota(d_worst.begin(), d_worst.end(), std::uint8_t(0));
    std::sort(d_worst.begin(), d_worst.end(), [paths](std::uint8_t a, std::uint8_t b) {
        return paths[a].metric > paths[b].metric;
    });
}

std::size_t path_chooser::choose(polar_path* paths, std::size_t count, std::size_t list)
{
    for (std::size_t p = 0; p < count; p++) {
        d_chosen[p] = { static_cast<std::uint8_t>(p), none };
    }
    d_turned.clear();
    d_heap.clear();

    // Once the list is full, a set has to be cheaper than the worst path to come in.
    float bound = std::numeric_limits<float>::infinity();
    if (count == list) {
        bound = paths[0].metric;
        for (std::size_t p = 1; p < count; p++) {
            bound = std::max(bound, paths[p].metric);
        }
    }
    for (std::size_t p = 0; p < count; p++) {
        if (paths[p].metric < bound) {
            push_first(p, paths[p].metric, bound);
        }
    }
    if (d_heap.empty()) {
        return count;
    }

    // Sets come out cheapest first, and cost at least what their path does: the sets of a
    // path that is replaced are never reached, and those that came in stay.
    sort_worst(paths, count);
    std::size_t total = count;
    std::size_t replaced = 0;
    while (!d_heap.empty()) {
        const std::size_t index = pop();
        const turned_set& set = d_turned[index];
        std::size_t slot = total;
        if (total < list) {
            total++;
        } else if (replaced < count && set.metric < paths[d_worst[replaced]].metric) {
            slot = d_worst[replaced++];
        } else {
            break;
        }
        paths[slot] = paths[set.path];
        paths[slot].metric = set.metric;
        d_chosen[slot] = { set.path, static_cast<std::int16_t>(index) };
        if (total == list && replaced < count) {
            bound = paths[d_worst[replaced]].metric;
        }
        push_next(index, bound);
    }
    return total;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace securevoice {

constexpr std::size_t max_polar_levels =
    11; // level v holds nodes of 2^v bits; level 10 is the root of N = 1024

/*!
 * One path of the list. All paths walk the code tree together, so that whatever they read
 * at a level was written in whole by an earlier step: a path is copied by copying the
 * numbers of the slots it reads, and nothing counts references.
 */
struct polar_path {
    float metric = 0;
    std::array<std::uint8_t, max_polar_levels> llr{};  // slot of the node's LLRs
    std::array<std::uint8_t, max_polar_levels> left{}; // slot of the left child's bits
};

/*!
 * The loops over all paths. Slots of level v are 2^v elements apart. LLRs are ln
 * P(0)/P(1); check nodes take the minimum (max-log), under which the metric of every
 * special node equals the one that bit by bit decoding would give.
 */
namespace kernels {

/*! LLRs of the left child: slot p of \p here from the LLRs above. */
void check_nodes(const polar_path* paths,
                 std::size_t count,
                 std::size_t level,
                 const float* above,
                 float* here);

/*! LLRs of the right child, the left child's bits known. */
void bit_nodes(const polar_path* paths,
               std::size_t count,
               std::size_t level,
               const float* above,
               const std::uint8_t* left,
               float* here);

/*! The same where the left child's bits are all zero. */
void sums(const polar_path* paths,
          std::size_t count,
          std::size_t level,
          const float* above,
          float* here);

/*! Bits of a node of level + 1 from its children's: slot p of \p right, and of \p out. */
void combine(const polar_path* paths,
             std::size_t count,
             std::size_t level,
             const std::uint8_t* left,
             const std::uint8_t* right,
             std::uint8_t* out);

/*! The same as combine() where the left child's bits are all zero. */
void repeat(std::size_t count,
            std::size_t level,
            const std::uint8_t* right,
            std::uint8_t* out);

/*! Adds to each metric what it costs that all bits of the node are zero. */
void add_cost_of_zeros(polar_path* paths,
                       std::size_t count,
                       std::size_t level,
                       const float* llr);

/*! The same for the left child of the node \p above, whose LLRs need not be written
 * then. */
void add_cost_of_zero_left(polar_path* paths,
                           std::size_t count,
                           std::size_t level,
                           const float* above);

/*! Bits of the node by the signs of the LLRs, slot p of \p out. */
void hard_decisions(const polar_path* paths,
                    std::size_t count,
                    std::size_t level,
                    const float* llr,
                    std::uint8_t* out);

/*! Position of the smallest magnitude. */
std::size_t least_reliable(const float* llr, std::size_t length);

/*! Parity of the hard decisions. */
std::uint8_t parity(const float* llr, std::size_t length);

/*!
 * Repetition node: adds to each metric what the better of "all bits 0" and "all bits 1"
 * costs.
 * \param sums out: by path, the sum of the LLRs: its sign says which is better, its
 * magnitude what the other costs more
 */
void add_cost_of_repetition(polar_path* paths,
                            std::size_t count,
                            std::size_t level,
                            const float* llr,
                            float* sums);

/*! Sum of the magnitudes of the LLRs whose sign is not that of the bit. \param length a
 * multiple of 8 */
float cost(const float* llr, const std::uint8_t* bits, std::size_t length);

} // namespace kernels
} // namespace securevoice

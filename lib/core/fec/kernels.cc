/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/fec/kernels.h"

#include <cstring>

// The small nodes make most of the work and have lengths that are known here: their loops
// unroll without a remainder. Longer ones go in steps of 8, which compilers turn into
// vectors.

namespace securevoice::kernels {
namespace {

constexpr std::size_t step = 8;
constexpr std::uint32_t sign_bit = 0x80000000u;

inline std::uint32_t bits_of(float x)
{
    std::uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

inline float float_of(std::uint32_t bits)
{
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

inline float check_node(float a, float b)
{
    const std::uint32_t ia = bits_of(a);
    const std::uint32_t ib = bits_of(b);
    const float ma = float_of(ia & ~sign_bit);
    const float mb = float_of(ib & ~sign_bit);
    return float_of(bits_of(ma < mb ? ma : mb) | ((ia ^ ib) & sign_bit));
}

/*! x, or -x where \p bit is 1. */
inline float with_sign(float x, std::uint8_t bit)
{
    return float_of(bits_of(x) ^ (static_cast<std::uint32_t>(bit) << 31));
}

inline float negative_part(float x) { return x < 0 ? -x : 0.0f; }

/*! each(lane, index) for \p length elements: lane is index % step, so that sums per lane
 * are vectors. */
template <typename Each>
inline void in_lanes(std::size_t length, const Each& each)
{
    if (length < step) {
        for (std::size_t k = 0; k < length; k++) {
            each(k, k);
        }
        return;
    }
    for (std::size_t first = 0; first < length; first += step) {
        for (std::size_t k = 0; k < step; k++) {
            each(k, first + k);
        }
    }
}

template <std::size_t length, typename Element>
inline void unrolled(std::size_t first, const Element& element)
{
    for (std::size_t k = 0; k < length; k++) {
        element(first + k);
    }
}

/*! element(index) for a node's \p length elements, a power of two. */
template <typename Element>
inline void for_node(std::size_t length, const Element& element)
{
    switch (length) {
    case 1:
        unrolled<1>(0, element);
        break;
    case 2:
        unrolled<2>(0, element);
        break;
    case 4:
        unrolled<4>(0, element);
        break;
    default:
        for (std::size_t first = 0; first < length; first += step) {
            unrolled<step>(first, element);
        }
    }
}

template <std::size_t length>
inline float horizontal_sum(const float* x)
{
    float total = 0;
    for (std::size_t k = 0; k < length; k++) {
        total += x[k];
    }
    return total;
}

} // namespace

void check_nodes(const polar_path* paths,
                 std::size_t count,
                 std::size_t level,
                 const float* above,
                 float* here)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* a = above + paths[p].llr[level + 1] * 2 * half;
        const float* b = a + half;
        float* out = here + p * half;
        for_node(half, [=](std::size_t k) { out[k] = check_node(a[k], b[k]); });
    }
}

void bit_nodes(const polar_path* paths,
               std::size_t count,
               std::size_t level,
               const float* above,
               const std::uint8_t* left,
               float* here)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* a = above + paths[p].llr[level + 1] * 2 * half;
        const float* b = a + half;
        const std::uint8_t* bits = left + paths[p].left[level] * half;
        float* out = here + p * half;
        for_node(half, [=](std::size_t k) { out[k] = b[k] + with_sign(a[k], bits[k]); });
    }
}

void sums(const polar_path* paths,
          std::size_t count,
          std::size_t level,
          const float* above,
          float* here)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* a = above + paths[p].llr[level + 1] * 2 * half;
        const float* b = a + half;
        float* out = here + p * half;
        for_node(half, [=](std::size_t k) { out[k] = a[k] + b[k]; });
    }
}

void combine(const polar_path* paths,
             std::size_t count,
             std::size_t level,
             const std::uint8_t* left,
             const std::uint8_t* right,
             std::uint8_t* out)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const std::uint8_t* l = left + paths[p].left[level] * half;
        const std::uint8_t* r = right + p * half;
        std::uint8_t* upper = out + p * 2 * half;
        std::uint8_t* lower = upper + half;
        for_node(half, [=](std::size_t k) {
            upper[k] = l[k] ^ r[k];
            lower[k] = r[k];
        });
    }
}

void repeat(std::size_t count,
            std::size_t level,
            const std::uint8_t* right,
            std::uint8_t* out)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        std::memcpy(out + p * 2 * half, right + p * half, half);
        std::memcpy(out + p * 2 * half + half, right + p * half, half);
    }
}

void add_cost_of_zeros(polar_path* paths,
                       std::size_t count,
                       std::size_t level,
                       const float* llr)
{
    const std::size_t length = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* x = llr + paths[p].llr[level] * length;
        float parts[step] = {};
        in_lanes(length, [&](std::size_t lane, std::size_t k) {
            parts[lane] += negative_part(x[k]);
        });
        paths[p].metric += horizontal_sum<step>(parts);
    }
}

void add_cost_of_zero_left(polar_path* paths,
                           std::size_t count,
                           std::size_t level,
                           const float* above)
{
    const std::size_t half = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* a = above + paths[p].llr[level + 1] * 2 * half;
        const float* b = a + half;
        float parts[step] = {};
        in_lanes(half, [&](std::size_t lane, std::size_t k) {
            parts[lane] += negative_part(check_node(a[k], b[k]));
        });
        paths[p].metric += horizontal_sum<step>(parts);
    }
}

void hard_decisions(const polar_path* paths,
                    std::size_t count,
                    std::size_t level,
                    const float* llr,
                    std::uint8_t* out)
{
    const std::size_t length = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* x = llr + paths[p].llr[level] * length;
        std::uint8_t* bits = out + p * length;
        for_node(length, [=](std::size_t k) {
            bits[k] = static_cast<std::uint8_t>(bits_of(x[k]) >> 31);
        });
    }
}

std::size_t least_reliable(const float* llr, std::size_t length)
{
    std::int32_t least = INT32_MAX;
    for (std::size_t k = 0; k < length; k++) {
        const auto magnitude = static_cast<std::int32_t>(bits_of(llr[k]) & ~sign_bit);
        least = magnitude < least ? magnitude : least;
    }
    for (std::size_t k = 0; k + 1 < length; k++) {
        if (static_cast<std::int32_t>(bits_of(llr[k]) & ~sign_bit) == least) {
            return k;
        }
    }
    return length - 1;
}

std::uint8_t parity(const float* llr, std::size_t length)
{
    std::uint32_t all = 0;
    for (std::size_t k = 0; k < length; k++) {
        all ^= bits_of(llr[k]);
    }
    return static_cast<std::uint8_t>(all >> 31);
}

void add_cost_of_repetition(polar_path* paths,
                            std::size_t count,
                            std::size_t level,
                            const float* llr,
                            float* sums)
{
    const std::size_t length = std::size_t(1) << level;
    for (std::size_t p = 0; p < count; p++) {
        const float* x = llr + paths[p].llr[level] * length;
        float zeros[step] = {}; // cost of all zeros
        float parts[step] = {};
        in_lanes(length, [&](std::size_t lane, std::size_t k) {
            zeros[lane] += negative_part(x[k]);
            parts[lane] += x[k];
        });
        sums[p] = horizontal_sum<step>(parts);
        const float zero_cost = horizontal_sum<step>(zeros);
        paths[p].metric += sums[p] < 0 ? zero_cost + sums[p] : zero_cost;
    }
}

float cost(const float* llr, const std::uint8_t* bits, std::size_t length)
{
    float parts[step] = {};
    in_lanes(length, [&](std::size_t lane, std::size_t k) {
        parts[lane] += negative_part(with_sign(llr[k], bits[k]));
    });
    return horizontal_sum<step>(parts);
}

} // namespace securevoice::kernels

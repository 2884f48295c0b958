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

inline float negative_part(float x) { return x < 0 ? -x : 0.0f; }

template <std::size_t length>
inline void check_span(const float* a, const float* b, float* out)
{
    for (std::size_t k = 0; k < length; k++) {
        out[k] = check_node(a[k], b[k]);
    }
}

template <std::size_t length>
inline void bit_span(const float* a, const float* b, const std::uint8_t* left, float* out)
{
    for (std::size_t k = 0; k < length; k++) {
        out[k] =
            b[k] + float_of(bits_of(a[k]) ^ (static_cast<std::uint32_t>(left[k]) << 31));
    }
}

template <std::size_t length>
inline void sum_span(const float* a, const float* b, float* out)
{
    for (std::size_t k = 0; k < length; k++) {
        out[k] = a[k] + b[k];
    }
}

template <std::size_t length>
inline void combine_span(const std::uint8_t* left,
                         const std::uint8_t* right,
                         std::uint8_t* upper,
                         std::uint8_t* lower)
{
    for (std::size_t k = 0; k < length; k++) {
        upper[k] = left[k] ^ right[k];
        lower[k] = right[k];
    }
}

template <std::size_t length>
inline void decision_span(const float* llr, std::uint8_t* out)
{
    for (std::size_t k = 0; k < length; k++) {
        out[k] = static_cast<std::uint8_t>(bits_of(llr[k]) >> 31);
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
        switch (half) {
        case 1:
            check_span<1>(a, b, out);
            break;
        case 2:
            check_span<2>(a, b, out);
            break;
        case 4:
            check_span<4>(a, b, out);
            break;
        default:
            for (std::size_t k = 0; k < half; k += step) {
                check_span<step>(a + k, b + k, out + k);
            }
        }
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
        switch (half) {
        case 1:
            bit_span<1>(a, b, bits, out);
            break;
        case 2:
            bit_span<2>(a, b, bits, out);
            break;
        case 4:
            bit_span<4>(a, b, bits, out);
            break;
        default:
            for (std::size_t k = 0; k < half; k += step) {
                bit_span<step>(a + k, b + k, bits + k, out + k);
            }
        }
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
        switch (half) {
        case 1:
            sum_span<1>(a, b, out);
            break;
        case 2:
            sum_span<2>(a, b, out);
            break;
        case 4:
            sum_span<4>(a, b, out);
            break;
        default:
            for (std::size_t k = 0; k < half; k += step) {
                sum_span<step>(a + k, b + k, out + k);
            }
        }
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
        switch (half) {
        case 1:
            combine_span<1>(l, r, upper, lower);
            break;
        case 2:
            combine_span<2>(l, r, upper, lower);
            break;
        case 4:
            combine_span<4>(l, r, upper, lower);
            break;
        default:
            for (std::size_t k = 0; k < half; k += step) {
                combine_span<step>(l + k, r + k, upper + k, lower + k);
            }
        }
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
        if (length < step) {
            for (std::size_t k = 0; k < length; k++) {
                parts[k] = negative_part(x[k]);
            }
        } else {
            for (std::size_t first = 0; first < length; first += step) {
                for (std::size_t k = 0; k < step; k++) {
                    parts[k] += negative_part(x[first + k]);
                }
            }
        }
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
        if (half < step) {
            for (std::size_t k = 0; k < half; k++) {
                parts[k] = negative_part(check_node(a[k], b[k]));
            }
        } else {
            for (std::size_t first = 0; first < half; first += step) {
                for (std::size_t k = 0; k < step; k++) {
                    parts[k] += negative_part(check_node(a[first + k], b[first + k]));
                }
            }
        }
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
        switch (length) {
        case 1:
            decision_span<1>(x, bits);
            break;
        case 2:
            decision_span<2>(x, bits);
            break;
        case 4:
            decision_span<4>(x, bits);
            break;
        default:
            for (std::size_t k = 0; k < length; k += step) {
                decision_span<step>(x + k, bits + k);
            }
        }
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
        if (length < step) {
            for (std::size_t k = 0; k < length; k++) {
                zeros[k] = negative_part(x[k]);
                parts[k] = x[k];
            }
        } else {
            for (std::size_t first = 0; first < length; first += step) {
                for (std::size_t k = 0; k < step; k++) {
                    zeros[k] += negative_part(x[first + k]);
                    parts[k] += x[first + k];
                }
            }
        }
        sums[p] = horizontal_sum<step>(parts);
        const float zero_cost = horizontal_sum<step>(zeros);
        paths[p].metric += sums[p] < 0 ? zero_cost + sums[p] : zero_cost;
    }
}

float cost(const float* llr, const std::uint8_t* bits, std::size_t length)
{
    float parts[step] = {};
    for (std::size_t first = 0; first < length; first += step) {
        for (std::size_t k = 0; k < step; k++) {
            parts[k] += negative_part(
                float_of(bits_of(llr[first + k]) ^
                         (static_cast<std::uint32_t>(bits[first + k]) << 31)));
        }
    }
    return horizontal_sum<step>(parts);
}

} // namespace securevoice::kernels

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/*!
 * The field GF(2^16) of docs/protocol.md, section 5.1, by tables of logarithms.
 * Everything computed in it is public: the header is on the air.
 */
namespace securevoice::gf65536 {

using element = std::uint16_t; // bit k is the coefficient of y^k; addition is XOR

constexpr unsigned polynomial = 0x1002D; // y^16 + y^5 + y^3 + y^2 + 1, primitive
constexpr unsigned order = 65535;        // of the multiplicative group, which y generates

/*! n with y^n = a. \param a not zero */
unsigned log(element a);

/*! y^n, for any n. */
element power(unsigned n);

element multiply(element a, element b);

/*!
 * The polynomial of degree below N through N points whose places are given once
 * (Lagrange's form with precomputed weights).
 */
template <std::size_t N>
class interpolation
{
public:
    /*! \param places all different */
    explicit interpolation(const std::array<element, N>& places) : d_places(places)
    {
        for (std::size_t n = 0; n < N; ++n) {
            unsigned product = 0; // logarithm
            for (std::size_t m = 0; m < N; ++m)
                if (m != n)
                    product += log(places[n] ^ places[m]);
            d_weights[n] = order - product % order;
        }
    }

    /*! Value at \p place of the polynomial that has \p values at the places. */
    element value(const std::array<element, N>& values, element place) const
    {
        std::array<unsigned, N> distance;
        unsigned product = 0; // logarithm
        for (std::size_t n = 0; n < N; ++n) {
            if (place == d_places[n])
                return values[n];
            distance[n] = log(place ^ d_places[n]);
            product += distance[n];
        }
        element sum = 0;
        for (std::size_t n = 0; n < N; ++n)
            if (values[n] != 0)
                sum ^= power(log(values[n]) + d_weights[n] + product - distance[n]);
        return sum;
    }

private:
    std::array<element, N> d_places;
    std::array<unsigned, N>
        d_weights; // logarithms of 1 / product of the distances to the other places
};

} // namespace securevoice::gf65536

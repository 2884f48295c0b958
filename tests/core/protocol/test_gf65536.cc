/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE gf65536
#include "core/protocol/gf65536.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace securevoice::gf65536;

namespace {

// By the definition: product of polynomials, then the remainder.
element slow_multiply(element a, element b)
{
    unsigned long product = 0;
    for (unsigned n = 0; n < 16; ++n)
        if (b >> n & 1)
            product ^= static_cast<unsigned long>(a) << n;
    for (unsigned n = 31; n >= 16; --n)
        if (product >> n & 1)
            product ^= static_cast<unsigned long>(polynomial) << (n - 16);
    return static_cast<element>(product);
}

} // namespace

BOOST_AUTO_TEST_CASE(y_generates_all_but_zero)
{
    std::vector<bool> seen(65536);
    for (unsigned n = 0; n < order; ++n) {
        const auto a = power(n);
        BOOST_REQUIRE(a != 0 && !seen[a]);
        seen[a] = true;
        BOOST_REQUIRE_EQUAL(log(a), n);
    }
    BOOST_TEST(power(0) == 1);
    BOOST_TEST(power(1) == 2);
    BOOST_TEST(power(16) == 0x002D);
    BOOST_TEST(power(order) == 1);
}

BOOST_AUTO_TEST_CASE(products_are_those_of_polynomials)
{
    std::mt19937 random(2);
    for (int n = 0; n < 20000; ++n) {
        const auto a = static_cast<element>(random());
        const auto b = static_cast<element>(random());
        BOOST_REQUIRE_EQUAL(multiply(a, b), slow_multiply(a, b));
    }
    BOOST_TEST(multiply(0, 7) == 0);
    BOOST_TEST(multiply(7, 0) == 0);
}

BOOST_AUTO_TEST_CASE(interpolation_gives_the_polynomial_back)
{
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        std::array<element, 5> factors; // of a polynomial of degree 4
        for (auto& f : factors)
            f = static_cast<element>(random());
        const auto value = [&factors](element x) {
            element sum = 0;
            for (const auto f : factors)
                sum = static_cast<element>(slow_multiply(sum, x) ^ f);
            return sum;
        };
        std::array<element, 5> places;
        std::array<element, 5> values;
        for (unsigned n = 0; n < places.size(); ++n) {
            places[n] = static_cast<element>(random() % 13000 * 5 + n);
            values[n] = value(places[n]);
        }
        const interpolation<5> through(places);
        for (const auto place : places)
            BOOST_TEST(through.value(values, place) == value(place));
        for (int n = 0; n < 50; ++n) {
            const auto place = static_cast<element>(random());
            BOOST_TEST(through.value(values, place) == value(place));
        }
    }
}

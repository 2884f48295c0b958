/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/number_resolver.h"

#include "core/modem/waveform/waveform.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr double missing = 0.003; // share of sync words

constexpr float as_likely = 2; // nats: signs that say nothing differ by less

/* The eight signs from n on as an octet, for every n of the period. */
std::vector<std::uint8_t> octets()
{
    std::vector<std::uint8_t> all(max_blocks);
    for (std::uint32_t n = 0; n < max_blocks; ++n) {
        unsigned octet = 0;
        for (std::uint32_t k = 0; k < 8; ++k)
            octet = octet << 1 | number_bit(n + k);
        all[n] = static_cast<std::uint8_t>(octet);
    }
    return all;
}

} // namespace

float sign_likelihood(double fit, double energy, double noise)
{
    if (!(energy > 0))
        return 0;
    const double scale = energy / noise, x = fit / energy;
    const double none = std::log(missing) - scale * x * x;
    auto likelihood = [&](double sign) {
        const double there = -scale * (x - sign) * (x - sign);
        const double more = std::max(there, none);
        return more + std::log(std::exp(there - more) + std::exp(none - more));
    };
    return static_cast<float>(likelihood(1) - likelihood(-1));
}

number_guess resolve_number(const std::vector<float>& signs)
{
    static const std::vector<std::uint8_t> sequence = octets();

    // score of a number = sum of sign * signs / 2, looked up eight signs at a time
    const std::size_t groups = (signs.size() + 7) / 8;
    std::vector<std::array<float, 256>> table(groups);
    for (std::size_t g = 0; g < groups; ++g)
        for (unsigned octet = 0; octet < 256; ++octet) {
            float score = 0;
            for (std::size_t k = 0; k < 8 && 8 * g + k < signs.size(); ++k)
                score += (octet >> (7 - k)) & 1u ? -signs[8 * g + k] / 2
                                                 : signs[8 * g + k] / 2;
            table[g][octet] = score;
        }

    std::vector<float> scores(max_blocks);
    std::size_t best = 0;
    for (std::size_t number = 0; number < max_blocks; ++number) {
        std::size_t at = 2 * number % max_blocks;
        float score = 0;
        for (std::size_t g = 0; g < groups; ++g) {
            score += table[g][sequence[at]];
            at += 8;
            at -= at >= max_blocks ? max_blocks : 0;
        }
        scores[number] = score;
        if (score > scores[best])
            best = number;
    }
    double others = 0, twins = 0;
    std::size_t smallest = best;
    for (std::size_t number = 0; number < max_blocks; ++number)
        if (scores[number] < scores[best] - as_likely) {
            others += std::exp(static_cast<double>(scores[number] - scores[best]));
        } else {
            ++twins;
            smallest = std::min(smallest, number);
        }
    others = std::max(others, 1e-300);
    return { static_cast<std::uint16_t>(smallest),
             -std::log(twins - 1 + others),
             std::log(twins / others) };
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/interference.h"

#include "core/modem/front/median_rank.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr double crest = 8; // times the usual power: what fading may reach by itself
constexpr double suspicious = 10; // a symbol as strong as this is worth a look
constexpr double rarely =
    1.0 / 200; // probability that a burst begins, or ends, before anything is known of it
// in which probability and power of the bursts are estimated anew
constexpr int rounds = 3;
constexpr double most_often = 0.5; // probability of a burst's beginning or end, at most
constexpr double longest_ratio = 1e100; // of two likelihoods: odds do not grow beyond it
// Share of a burst's power that a root raised cosine leaves in the first, second, ...
// symbol beyond its edge, which is anywhere between two symbols
constexpr std::array<float, 3> beside{ 0.2f, 0.02f, 0.004f };
constexpr float tolerable = 0.1f; // of the usual power

} // namespace

void interference::estimate(const std::vector<float>& powers,
                            const std::vector<float>& known,
                            double usual)
{
    d_any = false;
    d_tolerable = tolerable * static_cast<float>(usual);
    d_variance.assign(powers.size(), 0.0f);
    find_bursts(powers, usual);
    for (std::size_t n = 0; n < known.size(); ++n) {
        d_variance[n] = std::max(d_variance[n], known[n]);
        d_any = d_any || known[n] > d_tolerable;
    }
}

void interference::find_bursts(const std::vector<float>& powers, double usual)
{
    const float strongest = *std::max_element(powers.begin(), powers.end());
    if (!(strongest > suspicious * usual))
        return;
    d_sorted = powers;
    usual = std::max(usual, static_cast<double>(take_median(d_sorted)));
    double sum = 0, count = 0;
    for (const float p : powers)
        if (static_cast<double>(p) > crest * usual) {
            sum += static_cast<double>(p);
            ++count;
        }
    if (!(count > 0))
        return;
    bursts b{ sum / count, rarely, rarely };
    for (int round = 0; round < rounds; ++round) {
        weigh(powers, usual, b);
        d_any = std::any_of(d_hit.begin(), d_hit.end(), [](float p) { return p > 0.5f; });
        if (!d_any)
            return;
        learn(powers, usual, b);
    }
    spread(b.power);
}

/* What the symbols hit say about the bursts. */
void interference::learn(const std::vector<float>& powers, double usual, bursts& b) const
{
    double hits = 0, power = 0, runs = 0;
    for (std::size_t n = 0; n < powers.size(); ++n) {
        const auto hit = static_cast<double>(d_hit[n]);
        hits += hit;
        power += hit * static_cast<double>(powers[n]);
        if (d_hit[n] > 0.5f && (n == 0 || !(d_hit[n - 1] > 0.5f)))
            ++runs;
    }
    const double clean = static_cast<double>(powers.size()) - hits;
    b.power = std::max(power / hits, crest * usual);
    b.begins = std::clamp(runs / (clean + 1), rarely, most_often);
    b.ends = std::clamp(runs / (hits + 1), rarely, most_often);
}

/* Probability that each symbol was hit. */
void interference::weigh(const std::vector<float>& powers, double usual, const bursts& b)
{
    const std::size_t count = powers.size();
    d_ratio.resize(count);
    d_before.resize(count);
    d_hit.resize(count);
    const double level = b.power / usual;
    for (std::size_t n = 0; n < count; ++n) {
        // an exponential density either way, the clean one flat up to what a crest of
        // fading explains
        const double e = static_cast<double>(powers[n]) / usual;
        const double hit = -std::log(level) - e / level;
        const double clean = -1 - std::max(0.0, e - crest);
        d_ratio[n] = std::exp(std::min(hit - clean, 100.0));
    }
    double odds = b.begins;
    for (std::size_t n = 0; n < count; ++n) {
        odds = (odds * (1 - b.ends) + b.begins) / (odds * b.ends + 1 - b.begins);
        d_before[n] = odds;
        odds = std::min(odds * d_ratio[n], longest_ratio);
    }
    odds = 1; // what comes behind says nothing yet
    for (std::size_t n = count; n-- > 0;) {
        const double all = std::min(d_before[n] * d_ratio[n] * odds, longest_ratio);
        d_hit[n] = static_cast<float>(all / (1 + all));
        const double behind = std::min(odds * d_ratio[n], longest_ratio);
        odds = (behind * (1 - b.ends) + b.ends) / (behind * b.begins + 1 - b.begins);
    }
}

/* Power of the interference, beside the symbols that it hit, too. */
void interference::spread(double burst)
{
    const std::size_t count = d_hit.size();
    for (std::size_t n = 0; n < count; ++n) {
        float share = d_hit[n];
        for (std::size_t d = 1; d <= beside.size(); ++d) {
            const float before = n >= d ? d_hit[n - d] : 0.0f;
            const float behind = n + d < count ? d_hit[n + d] : 0.0f;
            share = std::max(share, beside[d - 1] * std::max(before, behind));
        }
        d_variance[n] = share * static_cast<float>(burst);
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/slip_search.h"

#include "core/modem/acquire/peak.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr auto whole_block = static_cast<std::size_t>(block_samples);
// A block is looked for from almost a block before its place on to as far behind it as
// its own symbols are there: each place within the block period is met once.
constexpr std::size_t nearest = 2 * receive_samples; // to the block before
constexpr std::size_t behind = 14 * receive_samples;
constexpr std::size_t before = whole_block - nearest;
constexpr std::size_t places = before + behind + 1;
constexpr std::size_t looked_at = 8; // places, by their energy
constexpr std::size_t guard = 3;     // samples to each side of one

constexpr double longest = block_samples + 2 * receive_samples; // slip
// Slips of more than 20 ms are rarer: where the signs of numbers leave two, the shorter
// one is taken.
constexpr double short_slip = block_samples / 4;
constexpr double rarer = 4;       // nats
constexpr double number_sure = 3; // nats between the best and the second one

constexpr std::size_t pilots_together = 4; // 19 ms: coherent at 10 Hz of Doppler
// So that no sync word speaks alone, at most 15.7 nats: the one that closes a call is
// there, a block is not.
constexpr double most_coherence = 0.65;
// 14 ms. Fading as fast as is reckoned with turns a gain within two of them.
constexpr std::size_t near_pilots = 3;
constexpr double most_step = 100, step_hz = 4; // of the carrier

} // namespace

std::optional<expected_block> slip_search::look(const sample_history& history,
                                                const expected_block& here,
                                                const known& signal,
                                                std::size_t blocks)
{
    read(history, here.place);
    const auto symbols = known_in_block(signal.mode, here.number);
    find_places(symbols);

    d_findings.clear();
    for (const double place : d_places)
        for (const int other : { 0, -1, 1 }) {
            const double moved = place - static_cast<double>(before);
            const double slip = moved - other * block_samples;
            if (std::abs(slip) > longest ||
                std::int64_t{ here.number } + other <= signal.whole)
                continue;
            expected_block block = here;
            block.place.at += moved;
            block.number += static_cast<std::uint32_t>(other);
            d_findings.push_back(weigh(history, block, signal, blocks));
            if (std::abs(slip) > short_slip)
                d_findings.back().evidence -= rarer;
        }
    expected_block stepped = here;
    stepped.place.offset_hz += step_of_carrier(symbols);
    d_findings.push_back(weigh(history, stepped, signal, blocks));

    const auto best = std::max_element(
        d_findings.begin(), d_findings.end(), [](const auto& x, const auto& y) {
            return x.evidence < y.evidence;
        });
    const double unmoved = weigh(history, here, signal, blocks).evidence;
    if (best->surprise < (blocks == 1 ? surprising_somewhere : surprising_twice) ||
        best->evidence < std::max(unmoved, 0.0) + certain)
        return {};
    const bool sure =
        std::none_of(d_findings.begin(), d_findings.end(), [&](const auto& f) {
            return f.block.number != best->block.number &&
                   f.evidence > best->evidence - number_sure;
        });
    return sure || blocks == 1 ? std::optional(best->block) : std::nullopt;
}

/* The symbols at each sample from the first place on. */
void slip_search::read(const sample_history& history, const frame_place& here)
{
    constexpr std::size_t count = places + (seen_symbols - 1) * receive_samples;
    d_reader.load(history,
                  here.at - static_cast<double>(before),
                  static_cast<double>(count),
                  here.offset_hz,
                  0);
    d_symbols.resize(count);
    for (std::size_t n = 0; n < count; ++n)
        d_symbols[n] = d_reader.value(static_cast<double>(n));
}

/* Of the known symbols of a block that begins there, whatever the signs of its Golay
 * words, over their mean power. */
float slip_search::energy(std::size_t first, const known_symbols& symbols) const
{
    float energy = 0, power = 0;
    cfloat sum;
    const auto add = [&](std::size_t n) {
        const auto& y = d_symbols[first + n * receive_samples];
        sum += times_conjugate(y, symbols[n]);
        power += mean_power(y);
    };
    const auto close = [&](std::size_t count) {
        energy += std::norm(sum) / static_cast<float>(count);
        sum = 0;
    };
    for (const std::size_t word : { std::size_t{ 0 }, block_symbols })
        for (std::size_t n = 0; n < sync_symbols; ++n) {
            add(word + n);
            if ((n + 1) % golay_word_symbols == 0)
                close(golay_word_symbols);
        }
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        add(pilot_index(k));
        if ((k + 1) % pilots_together == 0)
            close(pilots_together);
    }
    return energy / std::max(power, 1e-30f);
}

/* The places of most energy, none beside another. */
void slip_search::find_places(const known_symbols& symbols)
{
    d_energies.resize(places);
    for (std::size_t n = 0; n < places; ++n)
        d_energies[n] = energy(n, symbols);
    d_places.clear();
    auto left = d_energies;
    while (d_places.size() < looked_at) {
        const auto top = std::max_element(left.begin(), left.end());
        const auto n = static_cast<std::size_t>(top - left.begin());
        if (!(*top > 0))
            break;
        double fine = 0;
        if (n > 0 && n + 1 < places)
            fine = peak_between(static_cast<double>(d_energies[n - 1]),
                                static_cast<double>(d_energies[n]),
                                static_cast<double>(d_energies[n + 1]));
        d_places.push_back(static_cast<double>(n) + fine);
        const auto from = n - std::min(n, guard);
        const auto to = std::min(n + guard + 1, places);
        std::fill(left.begin() + static_cast<std::ptrdiff_t>(from),
                  left.begin() + static_cast<std::ptrdiff_t>(to),
                  0.0f);
    }
}

/* Of the block that is where it was expected, Hz. */
double slip_search::step_of_carrier(const known_symbols& symbols) const
{
    const auto energy = [&](double hz) {
        std::complex<double> sum;
        for (std::size_t n = 0; n < seen_symbols; ++n)
            if (symbols[n] != cfloat{})
                sum += std::complex<double>(times_conjugate(
                           d_symbols[before + n * receive_samples], symbols[n])) *
                       std::polar(1.0,
                                  -2 * M_PI * hz / symbol_rate * static_cast<double>(n));
        return std::norm(sum);
    };
    double best = 0;
    for (double hz = -most_step; hz <= most_step; hz += step_hz)
        if (energy(hz) > energy(best))
            best = hz;
    return best + step_hz * peak_between(energy(best - step_hz),
                                         energy(best),
                                         energy(best + step_hz));
}

slip_search::finding slip_search::weigh(const sample_history& history,
                                        const expected_block& block,
                                        const known& signal,
                                        std::size_t blocks)
{
    finding found{ block };
    bool signs = true;
    for (std::uint32_t n = 0; n < blocks; ++n) {
        const bool last = n + 1 == blocks; // the word behind others is the next one's
        const std::size_t symbols = last ? seen_symbols : block_symbols;
        d_view.read(history, block.place.ahead(n), signal.valid_end, signal.levels.sum());
        d_view.view_known(
            known_in_block(signal.mode, block.number + n),
            signal.levels.known_variance(static_cast<float>(signal.levels.noise)));
        double most = -1e300;
        for (std::size_t h = 0; h <= signal.speed; ++h) {
            auto gain = gain_state::unknown(signal.levels.signal);
            most = std::max(most,
                            filter_gain(fading_models()[h],
                                        signal.levels.signal,
                                        d_view.views(),
                                        symbols,
                                        gain)
                                .likelihood);
        }
        found.evidence += most - noise_likelihood(symbols);
        found.surprise += surprise(0) + (last ? surprise(block_symbols) : 0);
        signs = signs && signs_fit(0, 0) &&
                (!last || signs_fit(block_symbols, pilots_per_block - near_pilots));
    }
    if (!signs)
        found.evidence = std::min(found.evidence, 0.0);
    return found;
}

/* Of the viewed symbols, if there were nothing but noise, of one power in each word and
 * in the pilots: behind a call it is not that of the call. */
double slip_search::noise_likelihood(std::size_t symbols) const
{
    constexpr std::array<std::size_t, 4> parts{
        0, sync_symbols, block_symbols, seen_symbols
    };
    double likelihood = 0;
    for (std::size_t part = 0; part + 1 < parts.size() && parts[part] < symbols; ++part) {
        double power = 0, count = 0;
        const auto each_view = [&](const auto& take) {
            for (std::size_t n = parts[part]; n < parts[part + 1]; ++n)
                if (d_view.view(n).variance >= 0)
                    take(static_cast<double>(mean_power(d_view.symbol(n))),
                         static_cast<double>(d_view.interference_at(n)));
        };
        each_view([&](double symbol, double interference) {
            power += std::max(symbol - interference, 0.0);
            ++count;
        });
        power = std::max(power / std::max(count, 1.0), 1e-30);
        each_view([&](double symbol, double interference) {
            likelihood -=
                std::log(power + interference) + symbol / (power + interference);
        });
    }
    return likelihood;
}

/* Of the sync word from this symbol on. The coherence of n symbols of random phase is
 * above c with the probability (1 - c)^(n - 1), whatever their power. */
double slip_search::surprise(std::size_t word) const
{
    cfloat sum;
    double energy = 0, count = 0;
    for (std::size_t n = word; n < word + sync_symbols; ++n) {
        if (!d_view.says_something(n))
            continue;
        sum += d_view.view(n).gain;
        energy += static_cast<double>(std::norm(d_view.view(n).gain));
        ++count;
    }
    if (!(count > 1 && energy > 0))
        return 0;
    const double coherence = static_cast<double>(std::norm(sum)) / (count * energy);
    return -(count - 1) * std::log1p(-std::min(coherence, most_coherence));
}

/* Of a sync word's two Golay words, by the mean gain of the pilots beside it: those of
 * another number are none that fading made. */
bool slip_search::signs_fit(std::size_t word, std::size_t first_pilot) const
{
    cfloat beside;
    for (std::size_t k = first_pilot; k < first_pilot + near_pilots; ++k)
        if (d_view.says_something(pilot_index(k)))
            beside += d_view.view(pilot_index(k)).gain;
    for (std::size_t half = word; half < word + sync_symbols;
         half += golay_word_symbols) {
        cfloat sum;
        for (std::size_t n = half; n < half + golay_word_symbols; ++n)
            if (d_view.says_something(n))
                sum += d_view.view(n).gain;
        if (real_product(sum, beside) < 0)
            return false;
    }
    return true;
}

} // namespace securevoice

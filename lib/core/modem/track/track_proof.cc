/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/track_proof.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace securevoice {
namespace {

constexpr double presence_keep = 0.8; // share of the evidence that is kept at each frame
constexpr double presence_enough = 8, presence_most = 20; // nats
constexpr std::uint64_t patience = 38;                    // frames: 3 s
constexpr std::uint64_t a_second = 12;                    // frames of 80 ms: 0.96 s
// the test of the number, nats
constexpr std::size_t near_pilots = 3;
constexpr double number_step = 4, number_trusted = 6, number_refuted = 12,
                 number_right = 3;
// Share of the pilots' energy that is coherent under a mode; a carrier that is off turns
// them, but adds up no more than 0.4 of it under another mode.
constexpr double add_up = 0.6, cancel = 0.15;
constexpr unsigned most_wrong_pilots = 4; // blocks in a row

/* Mean gain of a few pilots from one on, if all of them say something. Adds what it took
 * until one does not. */
bool add_near_pilots(const frame_view& frame, std::size_t first_pilot, cfloat& sum)
{
    for (std::size_t k = first_pilot; k < first_pilot + near_pilots; ++k) {
        if (!frame.says_something(pilot_index(k)))
            return false;
        sum += frame.view(pilot_index(k)).gain / static_cast<float>(near_pilots);
    }
    return true;
}

/* Mean gain of a Golay word, if all of its symbols say something. */
std::optional<cfloat> golay_word_gain(const frame_view& frame, std::size_t half)
{
    cfloat word;
    for (std::size_t n = 0; n < golay_word_symbols; ++n) {
        const std::size_t symbol = half * golay_word_symbols + n;
        if (!frame.says_something(symbol))
            return {};
        word += frame.view(symbol).gain / static_cast<float>(golay_word_symbols);
    }
    return word;
}

} // namespace

void track_proof::see_presence(double presence)
{
    d_presence =
        std::clamp(d_presence * presence_keep + presence, -presence_most, presence_most);
    ++d_frames;
    if (d_presence > presence_enough)
        d_last_heard = d_frames;
}

void track_proof::see_number(const frame_view& frame,
                             bool is_start,
                             double noise,
                             double signal,
                             double fading_rate,
                             bool heard)
{
    cfloat behind, last;
    const bool has_behind = !is_start && add_near_pilots(frame, 0, behind);
    if (has_behind && d_has_last_pilots && heard) {
        const cfloat gain = 0.5f * (behind + d_last_pilots);
        // how far the gain may have moved between pilots and Golay words, 10 ms
        const double turn = fading_rate * symbol_rate * 0.01;
        const double variance = noise * (0.5 / near_pilots + 1.0 / golay_word_symbols) +
                                signal * std::min(1.0, turn * turn / 4);
        for (std::size_t half = 0; half < 2; ++half) {
            const auto word = golay_word_gain(frame, half);
            if (!word)
                continue;
            const double ratio = 4 * real_product(gain, *word) / variance;
            // ln of 2 P(its sign), bounded: one burst of interference proves nothing
            const double said =
                std::log(2) - std::log1p(std::exp(-std::min(ratio, 40.0)));
            d_number_evidence += std::max(said, -number_step);
        }
        d_number_evidence = std::min(d_number_evidence, number_trusted);
    }
    d_has_last_pilots =
        !is_start && add_near_pilots(frame, pilots_per_block - near_pilots, last);
    d_last_pilots = last;
}

void track_proof::see_pilots(const frame_view& block, std::uint8_t mode)
{
    std::array<cfloat, mode_codes> sums{};
    double energy = 0, count = 0;
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        if (!block.says_something(pilot_index(k)))
            continue;
        const cfloat gain = pilot_sign(mode, k) * block.view(pilot_index(k)).gain;
        energy += static_cast<double>(std::norm(gain));
        ++count;
        for (std::uint8_t m = 0; m < mode_codes; ++m)
            sums[m] +=
                pilot_sign(static_cast<std::uint8_t>(first_mode(d_waveform) + m), k) *
                gain;
    }
    double own = 0, others = 0;
    for (std::uint8_t m = 0; m < mode_codes; ++m) {
        const auto code = static_cast<std::uint8_t>(first_mode(d_waveform) + m);
        if (is_mode(code)) {
            auto& which = code == mode ? own : others;
            which = std::max(which, static_cast<double>(std::norm(sums[m])));
        }
    }
    const bool wrong = 2 * count >= pilots_per_block &&
                       others > add_up * count * energy && own < cancel * count * energy;
    d_wrong_pilots = wrong ? d_wrong_pilots + 1 : 0;
}

bool track_proof::number_is_right() const { return d_number_evidence > number_right; }

bool track_proof::hears() const { return unheard() < a_second; }

bool track_proof::is_lost() const
{
    return unheard() >= patience || d_number_evidence < -number_refuted ||
           d_wrong_pilots == most_wrong_pilots;
}

} // namespace securevoice

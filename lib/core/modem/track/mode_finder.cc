/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/mode_finder.h"

#include "core/modem/acquire/peak.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr double mode_certain = 9;     // nats: wrong once in 8000
constexpr std::size_t most_probes = 8; // blocks that are looked at for the mode
// blocks looked at before the header is left to name the mode, where pilots are hit
constexpr std::size_t least_probes_without_pilots = 3;
// mode = 8 profile + codec (protocol.md, section 2)
constexpr std::uint8_t codes_of_profile = 8;
// of the signal: what neighbours leave before the timing is settled. Less than that would
// look like fast fading
constexpr double unaligned = 0.01;

/* ln(e^x + e^y) */
double sum_of_logs(double x, double y)
{
    return std::max(x, y) + std::log1p(std::exp(-std::abs(x - y)));
}

} // namespace

void mode_finder::ranking::add(std::size_t which, double evidence)
{
    if (evidence > best) {
        second = std::max(second, best);
        best = evidence;
        at = which;
    } else {
        second = std::max(second, evidence);
    }
}

void mode_finder::know(std::uint8_t mode)
{
    d_mode = mode;
    d_known = true;
}

bool mode_finder::gave_up() const { return !d_known && d_probed == most_probes; }

std::uint8_t mode_finder::code(std::size_t m) const
{
    return static_cast<std::uint8_t>(first_mode(d_waveform) + m);
}

void mode_finder::begin(frame_view& start, signal_levels& levels)
{
    d_speed = settle(start, levels);
    for (std::size_t h = 0; h < fading_speeds; ++h) {
        auto gain = gain_state::unknown(levels.signal);
        const auto fit = filter_gain(
            fading_models()[h], levels.signal, start.views(), block_symbols, gain);
        for (auto& mode : d_modes)
            mode[h] = { gain, fit.likelihood };
        d_start_evidence =
            h ? sum_of_logs(d_start_evidence, fit.likelihood) : fit.likelihood;
    }
}

/* Finds the likeliest powers and speed of fading for the views of a start frame: fading
 * looks like noise to the search. Returns the speed. */
std::size_t mode_finder::settle(frame_view& start, signal_levels& levels) const
{
    const double total =
        start.has_interference() ? start.power(levels.sum()) : levels.sum();
    const double least = std::max(unaligned, levels.other_axis) * total;
    double best = -1e300;
    std::size_t best_speed = 0;
    for (double noise = std::max(levels.noise, least); noise >= least; noise /= 2) {
        const double signal = std::max(total - noise, 0.02 * total);
        start.set_variance(static_cast<float>(noise));
        for (std::size_t h = 0; h < fading_speeds; ++h) {
            auto gain = gain_state::unknown(signal);
            const double likelihood =
                filter_gain(
                    fading_models()[h], signal, start.views(), block_symbols, gain)
                    .likelihood;
            if (likelihood > best) {
                best = likelihood;
                best_speed = h;
                levels.noise = noise;
                levels.signal = signal;
            }
        }
    }
    start.set_variance(static_cast<float>(levels.noise));
    levels.noise =
        std::max(levels.noise - levels.other_axis * levels.signal, levels.lowest_noise());
    return best_speed;
}

void mode_finder::probe(frame_view& block, const signal_levels& levels)
{
    // against pure noise of the same power, too: at the wrong place no mode fits
    block.view_known(known_in_block(code(0), 0), levels.known_variance(0));
    d_noise_evidence += block.noise_likelihood(levels.sum());
    const float variance = levels.known_variance(static_cast<float>(levels.noise));
    ranking modes;
    for (std::size_t m = 0; m < mode_codes; ++m) {
        if (!is_mode(code(m)))
            continue;
        block.view_known(known_in_block(code(m), static_cast<std::uint32_t>(d_probed)),
                         variance);
        modes.add(m, evidence_of(m, block, levels.signal));
    }
    d_mode = code(modes.at);
    ++d_probed;
    const bool is_there = modes.best - d_start_evidence - d_noise_evidence > mode_certain;
    d_known = is_there && modes.best - modes.second > mode_certain;
    if (is_there && !d_known && d_probed >= least_probes_without_pilots &&
        block.pilots_are_hit()) {
        // the header names the mode; without a header nothing is heard anyway
        d_mode =
            static_cast<std::uint8_t>(first_mode(d_waveform) + d_mode % codes_of_profile);
        d_known = d_guessed = true;
    }
}

/* Of a mode, with the block viewed under it. A gain that goes through zero in a fade
 * turns over, which under a slow hypothesis alone would be another mode. */
double mode_finder::evidence_of(std::size_t m, const frame_view& block, double signal)
{
    double evidence = 0;
    for (std::size_t h = 0; h < fading_speeds; ++h) {
        auto& [gain, likelihood] = d_modes[m][h];
        likelihood +=
            filter_gain(fading_models()[h], signal, block.views(), block_symbols, gain)
                .likelihood;
        evidence = h ? sum_of_logs(evidence, likelihood) : likelihood;
    }
    return evidence;
}

void mode_finder::check_guess(const frame_view& block,
                              const std::vector<gain_estimate>& gains,
                              double noise)
{
    const auto known = unsigned_known_in_block(d_waveform);
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        const std::size_t n = pilot_index(k);
        if (!block.is_clean(n))
            continue;
        const double said =
            2 * real_product(times_conjugate(block.symbol(n), known[n]), gains[n].gain) /
            (noise + static_cast<double>(gains[n].variance));
        for (std::size_t m = 0; m < mode_codes; ++m)
            d_score[m] += said * static_cast<double>(pilot_sign(code(m), k));
    }
    ranking modes;
    for (std::size_t m = 0; m < mode_codes; ++m)
        if (is_mode(code(m)))
            modes.add(m, d_score[m]);
    if (modes.best - modes.second < mode_certain)
        return;
    d_mode = code(modes.at);
    d_guessed = false;
}

double mode_finder::offset_error(frame_view& view,
                                 const sample_history& history,
                                 const frame_place& start,
                                 double valid_end,
                                 const signal_levels& levels) const
{
    if (d_speed > 1)
        return 0;
    constexpr std::size_t cell = 16; // symbols
    std::vector<std::complex<double>> sums((1 + d_probed) * block_symbols / cell);
    for (std::size_t k = 0; k <= d_probed; ++k) {
        view.read(history, start.ahead(k), valid_end, levels.sum());
        view.view_known(k ? known_in_block(d_mode, static_cast<std::uint32_t>(k - 1))
                          : known_in_start(d_waveform),
                        levels.known_variance(0));
        for (std::size_t n = 0; n < block_symbols; ++n)
            if (view.says_something(n))
                sums[(k * block_symbols + n) / cell] +=
                    std::complex<double>(view.view(n).gain);
    }
    auto energy = [&](double hz) {
        std::complex<double> all;
        for (std::size_t c = 0; c < sums.size(); ++c)
            all += sums[c] *
                   std::polar(
                       1.0, -2 * M_PI * hz / symbol_rate * static_cast<double>(c * cell));
        return std::norm(all);
    };
    constexpr double step = 0.25, most = 3;
    double best = 0;
    for (double hz = -most; hz <= most; hz += step)
        if (energy(hz) > energy(best))
            best = hz;
    return best +
           step * peak_between(energy(best - step), energy(best), energy(best + step));
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/number_signs.h"

#include "core/modem/acquire/number_resolver.h"
#include "core/modem/front/gain_smoother.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

/*! The gain under the likeliest speed of fading; sets signal and noise power by the
 * way. */
std::vector<gain_estimate> smooth_pilots(std::vector<gain_view>& views,
                                         signal_and_noise& power)
{
    double best = 0;
    const fading_model* likeliest = nullptr;
    for (const auto& model : fading_models()) {
        auto state = gain_state::unknown(power.signal);
        const auto fit =
            filter_gain(model, power.signal, views.data(), views.size(), state);
        if (!likeliest || fit.likelihood > best) {
            best = fit.likelihood;
            likeliest = &model;
        }
    }
    gain_smoother smoother;
    std::vector<gain_estimate> gains;
    auto smooth = [&] {
        smoother.smooth(*likeliest,
                        power.signal,
                        views.data(),
                        views.size(),
                        gain_state::unknown(power.signal),
                        gains);
    };
    smooth();
    double noise = 0, signal = 0, count = 0;
    for (std::size_t n = 0; n < views.size(); ++n)
        if (views[n].variance >= 0) {
            noise += static_cast<double>(std::norm(views[n].gain - gains[n].gain) +
                                         gains[n].variance);
            signal += static_cast<double>(std::norm(gains[n].gain) + gains[n].variance);
            ++count;
        }
    power.signal = signal / count;
    power.noise = std::max(noise / count, 1e-4 * power.signal);
    for (auto& view : views)
        if (view.variance >= 0)
            view.variance = static_cast<float>(power.noise);
    smooth();
    return gains;
}

} // namespace

std::vector<float>
read_number_signs(const block_row& row, std::uint8_t mode, signal_and_noise& power)
{
    const std::size_t blocks = row.blocks();
    const known_symbols known = unsigned_known_in_block(row.which());
    const std::size_t count = blocks * block_symbols + sync_symbols;
    std::vector<gain_view> views(count);
    std::vector<cfloat> words;
    double phase = 0;
    symbol_reader reader(row.which());
    for (std::size_t b = 0; b <= blocks; ++b) {
        const std::size_t symbols = b < blocks ? block_symbols : sync_symbols;
        row.load(reader, b, symbols, phase);
        phase += row.offset_hz() / receive_rate * block_samples;
        phase -= std::floor(phase);
        for (std::size_t n = 0; n < sync_symbols; ++n) {
            const auto y = reader.value(static_cast<double>(n * receive_samples));
            words.push_back(row.is_hit(y) ? cfloat{} : times_conjugate(y, known[n]));
        }
        if (b == blocks)
            break;
        for (std::size_t k = 0; k < pilots_per_block; ++k) {
            const std::size_t n = pilot_index(k);
            const auto y = reader.value(static_cast<double>(n * receive_samples));
            if (row.is_hit(y))
                continue;
            const cfloat z = times_conjugate(y, known[n]) * pilot_sign(mode, k);
            views[b * block_symbols + n] = { z, static_cast<float>(power.noise) };
        }
    }
    const auto gains = smooth_pilots(views, power);

    std::vector<float> signs;
    for (std::size_t b = 0; b <= blocks; ++b)
        for (std::size_t half = 0; half < 2; ++half) {
            double fit = 0, energy = 0, variance = 0;
            for (std::size_t n = 0; n < golay_word_symbols; ++n) {
                const std::size_t at = half * golay_word_symbols + n;
                const auto& g = gains[b * block_symbols + at];
                const cfloat z = words[b * sync_symbols + at];
                if (z == cfloat{})
                    continue;
                fit += static_cast<double>(g.gain.real() * z.real() +
                                           g.gain.imag() * z.imag());
                energy += static_cast<double>(std::norm(g.gain));
                variance += static_cast<double>(g.variance) / golay_word_symbols;
            }
            signs.push_back(sign_likelihood(fit, energy, power.noise + variance));
        }
    return signs;
}

} // namespace securevoice

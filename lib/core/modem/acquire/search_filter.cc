/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/acquire/search_filter.h"

#include "core/modem/waveform/pulse.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr int carrier_unit_hz = 50; // Hz: carriers of the bins are multiples of this
constexpr std::size_t carrier_period = 384; // samples of 50 Hz at receive_rate
constexpr std::size_t word_tail = golay_word_kernels::golay_word_tail;

/* Samples that become one place's neighbours lie side by side: first the even ones. */
constexpr std::size_t place_of(std::size_t sample, std::size_t count)
{
    return sample / 2 + sample % 2 * (count / 2);
}

} // namespace

search_filter::search_filter(double max_offset_hz)
    : d_side(static_cast<int>(std::ceil(max_offset_hz / bin_hz))),
      d_taps(pulse_taps(receive_samples, reach / receive_samples, 2.0f))
{
    constexpr int units_per_bin = static_cast<int>(bin_hz) / carrier_unit_hz;
    for (int first = -d_side; first <= d_side;
         first += static_cast<int>(bins_per_group)) {
        carrier c;
        const int centre = (first + 1) * units_per_bin;
        c.real.resize(filtered);
        c.imag.resize(filtered);
        for (std::size_t n = 0; n < filtered; ++n) {
            const double phase = -2 * M_PI * centre *
                                 (static_cast<double>(n) - reach * 2) / carrier_period;
            c.real[place_of(n, filtered)] = static_cast<float>(std::cos(phase));
            c.imag[place_of(n, filtered)] = static_cast<float>(std::sin(phase));
        }
        static_assert(carrier_period == 2 * step, "one step is half a turn of 50 Hz");
        c.alternates = centre % 2;
        d_carriers.push_back(std::move(c));
    }
    d_rows.resize(d_carriers.size());
    for (auto& r : d_rows) {
        r.real.resize(golay_word_kernels::golay_word_input);
        r.imag.resize(golay_word_kernels::golay_word_input);
    }
}

void search_filter::slide(row& r)
{
    for (auto* values : { &r.real, &r.imag }) {
        const auto from = values->begin() + static_cast<std::ptrdiff_t>(places);
        std::copy(from, from + static_cast<std::ptrdiff_t>(word_tail), values->begin());
    }
}

void search_filter::take(const sample_history& history)
{
    const std::int64_t newest = history.end() - static_cast<std::int64_t>(step);
    history.derotated(
        newest - static_cast<std::int64_t>(2 * reach), filtered, 0, 0, d_samples);
    std::array<float, filtered> in_real, in_imag, real, imag;
    for (std::size_t n = 0; n < filtered; ++n) {
        in_real[place_of(n, filtered)] = d_samples[n].real();
        in_imag[place_of(n, filtered)] = d_samples[n].imag();
    }
    const bool odd = newest / static_cast<std::int64_t>(step) % 2;
    for (std::size_t g = 0; g < d_rows.size(); ++g) {
        const auto& c = d_carriers[g];
        auto& r = d_rows[g];
        slide(r);
        golay_word_kernels::rotate({ in_real.data(), in_imag.data() },
                                   { c.real.data(), c.imag.data() },
                                   odd && c.alternates ? -1.0f : 1.0f,
                                   filtered,
                                   { real.data(), imag.data() });
        golay_word_kernels::filter(real.data(), d_taps.data(), r.real.data() + word_tail);
        golay_word_kernels::filter(imag.data(), d_taps.data(), r.imag.data() + word_tail);
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/plain/plain_receive_filter.h"

#include "core/modem/front/liquid_handle.h"
#include "core/modem/front/sample_history.h"

#include <array>
#include <cmath>

#include <liquid/liquid.h>

namespace securevoice {
namespace {

constexpr unsigned span = 8;                                     // units on each side
constexpr float stopband_db = 50;                                // dB
constexpr double gmsk_channel_hz = 4800, fsk4_channel_hz = 4400; // half of its width
constexpr std::size_t most_up = 4; // samples made of one that comes in, at most

using interpolator = liquid_handle<firinterp_crcf, firinterp_crcf_destroy>;
using discriminator = liquid_handle<freqdem, freqdem_destroy>;
using integrator = liquid_handle<firfilt_rrrf, firfilt_rrrf_destroy>;

} // namespace

struct plain_receive_filter::impl {
    explicit impl(const plain_signal& signal)
        : up(static_cast<unsigned>(samples_per_unit * signal.units_per_symbol() /
                                   receive_samples))
    {
        constexpr auto per_unit = static_cast<unsigned>(samples_per_unit);
        std::vector<float> taps(2 * span * per_unit + 1);
        const auto length = static_cast<unsigned>(taps.size());
        if (signal.by_frequency()) {
            const double half =
                signal.which() == profile::gmsk ? gmsk_channel_hz : fsk4_channel_hz;
            liquid_firdes_kaiser(length,
                                 static_cast<float>(half / (receive_rate * up)),
                                 stopband_db,
                                 0,
                                 taps.data());
            turn = owned_by<discriminator>(freqdem_create(static_cast<float>(0.5 / M_PI)),
                                           "a discriminator");
            std::array<float, samples_per_unit> box;
            box.fill(1);
            unit = owned_by<integrator>(firfilt_rrrf_create(box.data(), per_unit),
                                        "an integrator");
        } else {
            liquid_firdes_prototype(
                LIQUID_FIRFILT_RRC, per_unit, span, plain_roll_off, 0, taps.data());
        }
        filter = owned_by<interpolator>(firinterp_crcf_create(up, taps.data(), length),
                                        "a receive filter");
    }

    unsigned up;
    interpolator filter;
    discriminator turn;
    integrator unit;
};

plain_receive_filter::plain_receive_filter(const plain_signal& signal)
    : d_impl(std::make_unique<impl>(signal))
{
}

plain_receive_filter::~plain_receive_filter() = default;

void plain_receive_filter::push(cfloat sample, std::vector<cfloat>& out)
{
    std::array<cfloat, most_up> filtered;
    firinterp_crcf_execute(d_impl->filter.get(), sample, filtered.data());
    for (unsigned k = 0; k < d_impl->up; ++k) {
        cfloat y = filtered[k];
        if (d_impl->turn) {
            float turned = 0, all = 0;
            freqdem_demodulate(d_impl->turn.get(), y, &turned);
            firfilt_rrrf_push(d_impl->unit.get(), turned);
            firfilt_rrrf_execute(d_impl->unit.get(), &all);
            y = all;
        }
        out.push_back(y);
    }
}

double plain_receive_filter::delay() const
{
    constexpr double filter = span * static_cast<double>(samples_per_unit);
    return d_impl->turn ? filter + static_cast<double>(samples_per_unit) / 2 : filter;
}

} // namespace securevoice

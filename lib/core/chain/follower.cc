/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/follower.h"

#include "core/chain/analog_branch.h"

#include <optional>

namespace securevoice {

namespace {

// Of a frame's known symbols; where FM is strong enough to be heard, a digital signal has 0.8. FM has these by chance once in thousands of blocks.
constexpr float digital_quality = 0.5f;
constexpr float digital_pilots = 0.65f;

bool is_there(const soft_frame& frame)
{
    if (frame.sync_quality < digital_quality)
        return false;
    return frame.what == soft_frame::type::start ||
           (frame.what == soft_frame::type::block &&
            frame.pilot_quality >= digital_pilots);
}

} // namespace

struct follower::impl {
    impl(const demodulator_options& digital, const analog_options& o)
        : demodulate(digital)
    {
        check(o.fm);
        const bool plain = digital.profile && is_plain(*digital.profile);
        if (!o.follow || plain)
            return;
        analog.emplace(o.fm, o.squelch_dbhz, [this](double index) {
            return demodulate.seconds(index);
        });
        demodulate.on_samples([this](const cfloat* iq, std::size_t count) {
            analog->push(iq, count, *emit);
        });
    }

    void take(const soft_frame& frame)
    {
        if (analog && is_there(frame))
            analog->digital(frame.time, frame.what == soft_frame::type::start, *emit);
        (*emit)(frame);
    }

    demodulator demodulate;
    std::optional<analog_branch> analog;
    const sink* emit = nullptr; // while samples are pushed
};

follower::follower(const demodulator_options& digital, const analog_options& analog)
    : d_impl(std::make_unique<impl>(digital, analog))
{
}

follower::~follower() = default;

void follower::push(const cfloat* iq, std::size_t count, const sink& emit)
{
    d_impl->emit = &emit;
    d_impl->demodulate.push(
        iq, count, [this](const soft_frame& frame) { d_impl->take(frame); });
}

void follower::finish(const sink& emit)
{
    d_impl->emit = &emit;
    d_impl->demodulate.finish([this](const soft_frame& frame) { d_impl->take(frame); });
    if (d_impl->analog)
        d_impl->analog->finish(emit);
}

const std::vector<cfloat>& follower::constellation() const
{
    return d_impl->demodulate.constellation();
}

} // namespace securevoice

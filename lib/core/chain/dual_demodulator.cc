/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/dual_demodulator.h"

#include "core/chain/analog_branch.h"

#include <map>
#include <optional>

namespace securevoice {

namespace {

// Coherence of the sync words and of the pilots. Where FM is strong enough to be heard,
// both are 0.8 in a digital signal, with a spread of 0.09 for the pilots of GMSK. FM
// looks like that once in thousands of blocks, but just behind a call its first block has
// the closing sync word.
constexpr float digital_quality = 0.5f, digital_pilots = 0.65f;
constexpr float quality_going_on = 0.6f, pilots_going_on = 0.5f;
// Blocks of a track that were not there: then one needs a second one behind it, which
// covers both. The tracker of a call that is over may take a start frame for one of its
// blocks.
constexpr unsigned long_pause = 3;

bool looks_digital(const soft_frame& frame, bool goes_on)
{
    const auto at_least = [&](float quality, float pilots) {
        return frame.sync_quality >= quality &&
               (frame.what == soft_frame::type::start || frame.pilot_quality >= pilots);
    };
    return at_least(digital_quality, digital_pilots) ||
           (goes_on && at_least(quality_going_on, pilots_going_on));
}

} // namespace

struct dual_demodulator::impl {
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
        demodulate.on_others([this](const soft_frame& frame) { look(frame); });
    }

    void take(const soft_frame& frame)
    {
        look(frame);
        (*emit)(frame);
    }

    void look(const soft_frame& frame)
    {
        if (analog && is_there(frame))
            analog->digital(frame.time, frame.what == soft_frame::type::start, *emit);
    }

    bool is_there(const soft_frame& frame)
    {
        if (frame.what == soft_frame::type::lost_track)
            pauses.erase(frame.track);
        if (frame.what != soft_frame::type::start &&
            frame.what != soft_frame::type::block)
            return false;
        const auto [known, is_new] = pauses.try_emplace(frame.track, 0u);
        auto& pause = known->second;
        const bool there = looks_digital(frame, !is_new && pause == 0);
        const bool sure = there && pause < long_pause;
        pause = there ? 0 : pause + 1;
        return sure;
    }

    demodulator demodulate;
    std::optional<analog_branch> analog;
    std::map<std::uint32_t, unsigned> pauses; // of each track, in blocks
    const sink* emit = nullptr;               // while samples are pushed
};

dual_demodulator::dual_demodulator(const demodulator_options& digital,
                                   const analog_options& analog)
    : d_impl(std::make_unique<impl>(digital, analog))
{
}

dual_demodulator::~dual_demodulator() = default;

void dual_demodulator::push(const cfloat* iq, std::size_t count, const sink& emit)
{
    d_impl->emit = &emit;
    d_impl->demodulate.push(
        iq, count, [this](const soft_frame& frame) { d_impl->take(frame); });
}

void dual_demodulator::finish(const sink& emit)
{
    d_impl->emit = &emit;
    d_impl->demodulate.finish([this](const soft_frame& frame) { d_impl->take(frame); });
    if (d_impl->analog)
        d_impl->analog->finish(emit);
}

const std::vector<cfloat>& dual_demodulator::constellation() const
{
    return d_impl->demodulate.constellation();
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/exciter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace securevoice {

exciter::exciter(double sample_rate, const fm_options& fm)
    : d_sample_rate(sample_rate), d_digital(sample_rate), d_analog(fm, sample_rate)
{
}

void exciter::modulate(const coded_frame& frame, std::vector<cfloat>& out)
{
    switch (frame.what) {
    case coded_frame::type::analog:
        speak(frame, out);
        return;
    case coded_frame::type::abort:
        abort(out);
        return;
    case coded_frame::type::closing:
        if (d_analog.in_carrier()) {
            d_analog.end(out);
        } else {
            const auto before = out.size();
            d_digital.modulate(frame, out);
            d_closing_seconds = static_cast<double>(out.size() - before) / d_sample_rate;
            d_fm_follows = frame.kind == kind::fm;
        }
        return;
    case coded_frame::type::start:
        d_analog.end(out);
        d_closing_seconds = 0;
        d_fm_follows = false;
        break;
    case coded_frame::type::block:
        break;
    }
    d_digital.modulate(frame, out);
}

void exciter::speak(const coded_frame& frame, std::vector<cfloat>& out)
{
    if (d_digital.in_burst())
        throw std::invalid_argument(
            "FM came inside a burst: end the burst with a closing word first");
    d_fm_follows = false;
    std::size_t skipped = 0;
    if (!d_analog.in_carrier()) {
        const double late = std::exchange(d_closing_seconds, 0) + d_analog.delay() +
                            fm_modulator::ramp_seconds;
        skipped = std::min(samples_per_block,
                           static_cast<std::size_t>(
                               std::lround(late * static_cast<double>(speech_rate))));
    }
    d_analog.push(frame.speech.data() + skipped, frame.speech.size() - skipped, out);
}

void exciter::abort(std::vector<cfloat>& out)
{
    if (std::exchange(d_fm_follows, false))
        out.emplace_back(); // the end of the transmission needs a sample to be at
    d_digital.abort(out);
    d_analog.end(out);
}

bool exciter::in_burst() const
{
    return d_digital.in_burst() || d_analog.in_carrier() || d_fm_follows;
}

} // namespace securevoice

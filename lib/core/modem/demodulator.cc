/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/demodulator.h"

#include "core/modem/acquire/acquisition.h"
#include "core/modem/acquire/golay_word_search.h"
#include "core/modem/acquire/late_attempts.h"
#include "core/modem/front/carrier_canceller.h"
#include "core/modem/front/front_end.h"
#include "core/modem/front/impulse_limiter.h"
#include "core/modem/front/search_limiter.h"
#include "core/modem/plain/plain_demodulator.h"
#include "core/modem/track/signal_roster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace securevoice {
namespace {

constexpr std::size_t kept_blocks =
    27; // 2.2 s: late entry looks back up to late_most blocks
constexpr std::size_t step_samples = 48; // 2.5 ms: bounds the delay
// The search sees a strong start frame of GMSK again a symbol rate above it, as sharply,
// and names only one of the two.
constexpr float image_strength = 90;
constexpr double image_delay = 2; // samples

double checked(double max_offset_hz)
{
    if (!(max_offset_hz >= 0 && max_offset_hz <= 6000))
        throw std::invalid_argument("largest carrier offset " +
                                    std::to_string(max_offset_hz) +
                                    " Hz is out of range: choose 0 to 6000 Hz");
    return max_offset_hz;
}

std::vector<golay_word_search> searches_for(const demodulator_options& options,
                                            const search_filter& filter)
{
    std::vector<golay_word_search> all;
    for (const waveform w : { waveform::linear, waveform::constant })
        if (!options.profile || waveform_of(mode{ {}, *options.profile }.code()) == w)
            all.emplace_back(filter, w);
    return all;
}

static_assert(search_filter::step % step_samples == 0, "the search takes whole steps");
static_assert(step_samples == carrier_canceller::step, "they go step by step");
static_assert(step_samples % search_limiter::cell == 0, "a step is whole cells");

} // namespace

struct demodulator::impl {
    explicit impl(const demodulator_options& options)
        : sample_rate(options.sample_rate),
          front(options.sample_rate),
          max_offset_hz(checked(options.max_offset_hz)),
          told(options.profile),
          filter(max_offset_hz),
          searches(searches_for(options, filter)),
          history(kept_blocks * static_cast<std::size_t>(block_samples))
    {
    }

    void take(const sink& emit)
    {
        std::size_t at = 0;
        for (; at + step_samples <= received.size(); at += step_samples)
            step(received.data() + at, emit);
        received.erase(received.begin(),
                       received.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void step(cfloat* samples, const sink& emit)
    {
        std::array<float, step_samples> limited;
        if (samples_wanted)
            samples_wanted(samples, step_samples);
        limiter.see(samples, step_samples);
        carriers.apply(samples);
        impulses.apply(samples, step_samples, limited.data());
        history.append(samples, step_samples, limited.data());
        limiter.apply(samples, step_samples);
        limited_history.append(samples, step_samples);
        if (history.end() % static_cast<std::int64_t>(search_filter::step) == 0) {
            filter.take(limited_history);
            for (auto& search : searches)
                search.take(filter);
            for (const auto& search : searches)
                for (const auto& c : search.starts())
                    start_seen(c, emit);
            for (const auto& search : searches)
                for (const auto& c : search.periodic())
                    sync_seen(c, emit);
        }
        run_trackers(emit);
    }

    void run_trackers(const sink& emit)
    {
        const double end = std::min(signal_end, static_cast<double>(history.end()));
        roster.process(history, end, over, in_seconds(emit));
    }

    /* Trackers know sample indices, the world knows seconds. */
    sink in_seconds(const sink& emit) const
    {
        return [this, &emit](const soft_frame& frame) {
            // `narrow` and `robust` share a waveform
            soft_frame f = frame;
            f.time = front.seconds(frame.time);
            const bool asked_for = !told || frame.what == soft_frame::type::lost_track ||
                                   profile_of(frame.mode) == *told;
            if (asked_for)
                emit(f);
            else if (others_wanted)
                others_wanted(f);
        };
    }

    void start_seen(const candidate& c, const sink& emit)
    {
        if (c.at < 0)
            return; // began before the first sample
        auto found = confirm_start(history, c);
        if (!found && c.waveform == waveform::constant && c.strength > image_strength)
            found = confirm_behind_image(c);
        if (!found)
            return;
        roster.start_found(*found, in_seconds(emit));
    }

    void sync_seen(const candidate& c, const sink& emit)
    {
        if (roster.owns(c))
            return;
        const auto attempt = attempts.next(c, history);
        if (!attempt)
            return;
        auto found = enter_late(history, c, attempt->blocks);
        if (!found && attempt->more_blocks && !roster.hears_a_call())
            found = enter_late(history, c, attempt->more_blocks);
        if (!found || roster.is_over(*found))
            return;
        if (!found->doubtful)
            attempts.entered(c);
        roster.late_found(*found, in_seconds(emit));
    }

    /* The start frame whose image \p image may be. */
    std::optional<acquisition> confirm_behind_image(const candidate& image) const
    {
        std::optional<acquisition> best;
        for (const double delay : { -image_delay, image_delay }) {
            candidate c = image;
            c.at -= delay;
            c.offset_hz -= symbol_rate;
            const auto found = confirm_start(history, c);
            if (found && (!best || found->evidence > best->evidence))
                best = found;
        }
        return best;
    }

    double sample_rate;
    front_end front;
    double max_offset_hz;
    std::optional<profile> told;
    search_filter filter;
    std::vector<golay_word_search> searches;
    carrier_canceller carriers;
    impulse_limiter impulses{ 4 * step_samples };
    sample_history history;
    search_limiter limiter;
    sample_history limited_history{ 4 * search_filter::step }; // what the searches see
    std::vector<cfloat> received;                              // not yet a whole step
    late_attempts attempts;
    signal_roster roster;
    double signal_end = std::numeric_limits<double>::infinity(); // sample index
    bool over = false;
    samples_sink samples_wanted;
    sink others_wanted;
};

demodulator::demodulator(const demodulator_options& options)
{
    if (options.profile && is_plain(*options.profile))
        d_plain = std::make_unique<plain_demodulator>(
            *options.profile, options.sample_rate, checked(options.max_offset_hz));
    else
        d_impl = std::make_unique<impl>(options);
}

demodulator::~demodulator() = default;

void demodulator::push(const cfloat* iq, std::size_t count, const sink& emit)
{
    if (d_plain)
        return d_plain->push(iq, count, emit);
    // a second at a time bounds the memory between the stages
    constexpr std::size_t most = 65536;
    while (count) {
        const std::size_t now = std::min(count, most);
        d_impl->front.push(iq, now, d_impl->received);
        d_impl->take(emit);
        iq += now;
        count -= now;
    }
}

void demodulator::finish(const sink& emit)
{
    if (d_plain)
        return d_plain->finish(emit);
    if (d_impl->over)
        return;
    // silence until every filter has let the last sample out and the search has seen it
    d_impl->signal_end = d_impl->front.valid_end();
    const std::vector<cfloat> silence(
        static_cast<std::size_t>(0.04 * d_impl->sample_rate));
    d_impl->front.push(silence.data(), silence.size(), d_impl->received);
    d_impl->take(emit);
    d_impl->over = true;
    d_impl->run_trackers(emit);
    d_impl->roster.finish(d_impl->in_seconds(emit));
}

void demodulator::on_samples(samples_sink take)
{
    if (d_impl)
        d_impl->samples_wanted = std::move(take);
}

void demodulator::on_others(sink take)
{
    if (d_impl)
        d_impl->others_wanted = std::move(take);
}

double demodulator::seconds(double index) const
{
    return d_impl ? d_impl->front.seconds(index) : index / receive_rate;
}

const std::vector<cfloat>& demodulator::constellation() const
{
    return d_plain ? d_plain->constellation() : d_impl->roster.constellation();
}

} // namespace securevoice

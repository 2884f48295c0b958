/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/demodulator.h"

#include "core/modem/acquire/half_word_search.h"
#include "core/modem/acquire/lock.h"
#include "core/modem/front/front_end.h"
#include "core/modem/front/impulse_bound.h"
#include "core/modem/front/level_bound.h"
#include "core/modem/plain/plain_demodulator.h"
#include "core/modem/track/tracker.h"

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
constexpr std::size_t most_trackers = 3; // signals that are followed at a time
// frames without a signal after which a call pauses
constexpr std::uint64_t pause_frames = 2;
constexpr std::size_t late_least = 6;      // blocks: as many as name the header
constexpr std::size_t late_most = 20;      // blocks: as far as late entry looks back
constexpr std::size_t late_before = 6;     // blocks looked at, too, in as many attempts
constexpr std::size_t late_patience = 12;  // attempts at every block
constexpr std::size_t late_pause = 8;      // then at every eighth
constexpr double same_time = 8;            // samples
constexpr double same_offset_coarse = 400; // Hz, of the search
constexpr double same_offset_fine = 40;    // Hz, of a lock
constexpr double ghost_offset = 1500;      // Hz
constexpr double ghost_share = 0.6;        // of a call's power
// Pilots 23 symbols apart let a strong call be seen again, weakly, at multiples of 209 Hz
// beside it, and once more a symbol rate away.
constexpr double mirror_offset = 5500; // Hz
constexpr double mirror_share = 0.25;  // of the call's power
// The search sees a strong start frame of GMSK again a symbol rate above it, as sharply,
// and names only one of the two.
constexpr float image_strength = 90;
constexpr double image_delay = 2;      // samples
constexpr double shadow_offset = 6000; // Hz: their channels overlap
constexpr double clearly_stronger = 2; // times the power
constexpr std::int64_t suspect_life = 20 * static_cast<std::int64_t>(block_samples);

double checked(double max_offset_hz)
{
    if (!(max_offset_hz >= 0 && max_offset_hz <= 6000))
        throw std::invalid_argument("largest carrier offset " +
                                    std::to_string(max_offset_hz) +
                                    " Hz is out of range: choose 0 to 6000 Hz");
    return max_offset_hz;
}

std::vector<half_word_search> searches_for(const demodulator_options& options,
                                           const search_filter& filter)
{
    std::vector<half_word_search> all;
    for (const waveform w : { waveform::linear, waveform::constant })
        if (!options.profile || waveform_of(mode{ {}, *options.profile }.code()) == w)
            all.emplace_back(filter, w);
    return all;
}

/* A signal seen by its sync words that has no tracker yet. */
struct suspect {
    candidate seen;
    double first_at = 0; // of the sync word from which on late entry was tried
    std::size_t attempts = 0;
};

static_assert(search_filter::step % step_samples == 0, "the search takes whole steps");
static_assert(step_samples % level_bound::piece == 0, "a step is whole pieces");

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
        std::array<float, step_samples> clipped;
        if (samples_wanted)
            samples_wanted(samples, step_samples);
        impulses.apply(samples, step_samples, clipped.data());
        history.append(samples, step_samples, clipped.data());
        level.apply(samples, step_samples);
        bounded.append(samples, step_samples);
        if (history.end() % static_cast<std::int64_t>(search_filter::step) == 0) {
            filter.take(bounded);
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
        for (auto& t : trackers) {
            const auto before = t->frames();
            t->process(history, end, over, in_seconds(emit));
            if (t->frames() != before)
                constellation = t->constellation();
        }
        remove_dead();
    }

    void remove_dead()
    {
        trackers.erase(std::remove_if(trackers.begin(),
                                      trackers.end(),
                                      [](const auto& t) { return !t->alive(); }),
                       trackers.end());
    }

    /* Trackers know sample indices, the world knows seconds. */
    sink in_seconds(const sink& emit) const
    {
        return [this, &emit](const soft_frame& frame) {
            // `narrow` and `robust` share a waveform
            if (told && frame.what != soft_frame::type::lost_track &&
                profile_of(frame.mode) != *told)
                return;
            soft_frame f = frame;
            f.time = front.seconds(frame.time);
            emit(f);
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
        // Parts of a start frame, and sync words of a call, look like a weaker start
        // frame at another time and frequency. Of signals on top of each other only the
        // stronger one can be received.
        for (const auto& t : trackers) {
            const double apart = std::abs(t->offset_hz() - found->offset_hz);
            const bool waiting = !t->frames() && apart < mirror_offset &&
                                 std::abs(t->frame_at() - found->at) < block_samples;
            const bool heard = t->frames() && apart < ghost_offset && t->hears();
            if ((waiting && t->evidence_of_start() >= found->evidence) ||
                (heard && t->signal_power() * ghost_share > found->signal_power))
                return;
            if (waiting)
                t->give_up(in_seconds(emit));
        }
        remove_dead();
        add(*found, emit);
    }

    void sync_seen(const candidate& c, const sink& emit)
    {
        for (const auto& t : trackers) {
            const double reach = t->clear() ? mirror_offset : same_offset_coarse;
            if (t->is_sure() && t->hears() &&
                t->owns(c.at, c.offset_hz, same_time, reach))
                return;
        }
        const auto s = suspect_at(c);
        const bool again = s->attempts && c.at - s->seen.at < same_time;
        s->seen = c;
        const double oldest = static_cast<double>(history.begin()) + symbol_filter::reach;
        const auto there =
            static_cast<std::size_t>(std::max(0.0, (c.at - oldest) / block_samples));
        if (there < late_least || again)
            return;
        if (s->attempts++ == 0)
            s->first_at = c.at;
        if (s->attempts > late_patience && s->attempts % late_pause)
            return;
        // all blocks since it was first seen, and those that made it seen
        const double since = std::round((c.at - s->first_at) / block_samples);
        const auto blocks = std::clamp(late_least + static_cast<std::size_t>(since),
                                       late_least,
                                       std::min(there, late_most));
        auto found = enter_late(history, c, blocks);
        // a weak call was there for some time until it was seen
        const auto most = std::min({ there, blocks + late_before, late_most });
        if (!found && s->attempts <= late_before && most > blocks && !hears_a_call())
            found = enter_late(history, c, most);
        if (!found || is_over(*found))
            return;
        if (!found->doubtful)
            suspects.erase(s);
        if (is_news(*found, emit))
            add(*found, emit);
    }

    /* The start frame whose image \p image may be. */
    std::optional<lock> confirm_behind_image(const candidate& image) const
    {
        std::optional<lock> best;
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

    bool hears_a_call() const
    {
        return std::any_of(trackers.begin(), trackers.end(), [](const auto& t) {
            return t->is_sure() && t->hears();
        });
    }

    /* What was seen at this place before. */
    std::vector<suspect>::iterator suspect_at(const candidate& c)
    {
        const auto newest = static_cast<double>(history.end());
        suspects.erase(std::remove_if(suspects.begin(),
                                      suspects.end(),
                                      [&](const suspect& s) {
                                          return newest - s.seen.at >
                                                 static_cast<double>(suspect_life);
                                      }),
                       suspects.end());
        const auto s =
            std::find_if(suspects.begin(), suspects.end(), [&](const suspect& x) {
                return x.seen.waveform == c.waveform &&
                       std::abs(std::remainder(x.seen.at - c.at, block_samples)) <=
                           same_time &&
                       std::abs(x.seen.offset_hz - c.offset_hz) <= same_offset_coarse;
            });
        return s == suspects.end() ? suspects.insert(s, suspect{}) : s;
    }

    /* Data of a strong call now and then looks like the other waveform, weakly. */
    static bool is_shadow(const lock& found, const tracker& t)
    {
        return found.waveform != t.waveform() && t.is_sure() && t.hears() &&
               std::abs(t.offset_hz() - found.offset_hz) <= shadow_offset &&
               t.signal_power() * mirror_share > found.signal_power;
    }

    /* Whether late entry found a transmission that was over before a newer start frame in
     * its place, whose tracker looks for its mode still: the sync words of both are
     * alike. A start frame in the middle of a call may be forged, and is no reason. */
    bool is_over(const lock& found) const
    {
        return std::any_of(trackers.begin(), trackers.end(), [&](const auto& t) {
            return !t->frames() && t->frame_at() > found.at + same_time &&
                   t->owns(found.at, found.offset_hz, same_time, same_offset_fine) &&
                   !found.was_heard_at(t->frame_at() - block_samples);
        });
    }

    /* Whether late entry found what no tracker follows. Those that it proves wrong are
     * given up. */
    bool is_news(const lock& found, const sink& emit)
    {
        for (const auto& t : trackers) {
            if (is_shadow(found, *t))
                return false;
            if (!t->hears() ||
                !t->owns(found.at, found.offset_hz, same_time, mirror_offset))
                continue;
            if (std::abs(t->offset_hz() - found.offset_hz) <= same_offset_fine) {
                const bool agreed =
                    t->number_at(found.at) == found.number - (found.start ? 1 : 0);
                if (agreed && !found.doubtful)
                    t->make_sure();
                // one that waits for its mode has less to say than this
                if (found.doubtful || (agreed && t->frames()))
                    return false;
                t->give_up(in_seconds(emit));
            } else if (t->signal_power() * mirror_share > found.signal_power) {
                return false;
            } else if (t->signal_power() < found.signal_power * mirror_share) {
                t->give_up(in_seconds(emit));
            }
        }
        remove_dead();
        return true;
    }

    /* A new signal takes the place of an old one at the same time and frequency, or of
     * one that is not heard any more. */
    void add(const lock& found, const sink& emit)
    {
        // A start frame proves nothing yet: a call that is heard goes on beside it, or
        // one forged burst could end it.
        for (const auto& t : trackers)
            if (t->owns(found.at, found.offset_hz, same_time, same_offset_fine) &&
                !(found.start && t->hears()))
                t->give_up(in_seconds(emit));
        remove_dead();
        if (trackers.size() >= most_trackers) {
            // One that hears nothing makes room, or one that is clearly weaker; at the
            // same place one that pauses: a station that goes from FM to digital voice
            // and back leaves a tracker each time.
            const auto power = [&](const auto& t) {
                const bool pauses =
                    t->unheard() >= pause_frames &&
                    t->owns(found.at, found.offset_hz, same_time, same_offset_fine);
                return t->hears() && !pauses ? t->signal_power() : 0.0;
            };
            const auto least = std::min_element(
                trackers.begin(), trackers.end(), [&](const auto& x, const auto& y) {
                    return power(x) < power(y);
                });
            if (power(*least) * clearly_stronger > found.signal_power)
                return;
            (*least)->give_up(in_seconds(emit));
            remove_dead();
        }
        trackers.push_back(std::make_unique<tracker>(found, next_track++));
    }

    double sample_rate;
    front_end front;
    double max_offset_hz;
    std::optional<profile> told;
    search_filter filter;
    std::vector<half_word_search> searches;
    impulse_bound impulses{ 4 * step_samples };
    sample_history history;
    level_bound level;
    sample_history bounded{ 4 * search_filter::step }; // what the searches see
    std::vector<cfloat> received;                      // not yet a whole step
    std::vector<std::unique_ptr<tracker>> trackers;
    std::vector<suspect> suspects;
    std::vector<cfloat> constellation;
    std::uint32_t next_track = 1;
    double signal_end = std::numeric_limits<double>::infinity(); // sample index
    bool over = false;
    samples_sink samples_wanted;
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
    for (auto& t : d_impl->trackers)
        t->finish(d_impl->in_seconds(emit));
}

void demodulator::on_samples(samples_sink take)
{
    if (d_impl)
        d_impl->samples_wanted = std::move(take);
}

double demodulator::seconds(double index) const
{
    return d_impl ? d_impl->front.seconds(index) : index / receive_rate;
}

const std::vector<cfloat>& demodulator::constellation() const
{
    return d_plain ? d_plain->constellation() : d_impl->constellation;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/tracker.h"

#include "core/modem/track/soft_symbols.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

// span over which the carrier's turn is measured, symbols, and what share of it is taken
// over per block
constexpr std::array<std::size_t, fading_speeds> turn_span{ 192, 192, 48, 24 };
constexpr std::array<double, fading_speeds> offset_share{ 0.25, 0.2, 0.04, 0.01 };
constexpr std::array<double, fading_speeds> drift_share{ 0.012, 0.008, 0.0004, 0 };

// share of the evidence for a speed of fading that is kept at each block
constexpr double evidence_keep = 0.85;
constexpr double misfit_of_jam = 2, misfit_of_calm = 0.45;
constexpr double clearly = 4; // nats

} // namespace

tracker::tracker(const acquisition& found, std::uint32_t id)
    : d_waveform(found.waveform),
      d_id(id),
      d_start(found.start),
      d_started(found.start || (found.number == 0 && !found.doubtful)),
      d_sure(!found.doubtful),
      d_number(found.number),
      d_mode(d_waveform),
      d_proof(d_waveform),
      d_at(found.at),
      d_offset_hz(found.offset_hz),
      d_levels(d_waveform, found.signal_power, found.noise_power),
      d_evidence_of_start(found.evidence),
      d_slips(d_waveform, steady(0)),
      d_view(d_waveform)
{
    if (found.mode_known)
        d_mode.know(found.mode);
    d_gain.fill(gain_state::unknown(d_levels.signal));
}

double tracker::spacing() const
{
    return static_cast<double>(receive_samples) * (1 + d_timing.drift() / block_symbols);
}

/* Of the next frame. */
frame_place tracker::place() const { return { d_at, d_offset_hz, d_phase, spacing() }; }

followed_signal tracker::followed(double at) const
{
    const double blocks = std::round((at - d_at) / block_length());
    followed_signal s;
    s.waveform = d_waveform;
    s.frame_at = d_at;
    s.offset_hz = d_offset_hz;
    s.power = d_levels.signal;
    s.evidence_of_start = d_evidence_of_start;
    s.emits = frames() > 0;
    s.hears = hears();
    s.sure = is_sure();
    s.was_there = d_slips.was_there(at - d_at);
    s.number_there = static_cast<std::int64_t>(d_number) +
                     static_cast<std::int64_t>(blocks) - (d_start ? 1 : 0);
    return s;
}

void tracker::give_up(const sink& emit)
{
    d_alive = false;
    if (!frames())
        return;
    soft_frame lost = labelled(soft_frame::type::lost_track);
    lost.number = static_cast<std::uint16_t>(d_number % max_blocks);
    emit(lost);
}

bool tracker::frame_ready(const sample_history& history,
                          double valid_end,
                          bool over,
                          double frames) const
{
    const double symbols_end = d_at + frames * block_length();
    if (over)
        return symbols_end - spacing() <= valid_end;
    const double needed =
        symbols_end + (static_cast<double>(sync_symbols) - 1) * spacing() +
        static_cast<double>(symbol_filter::reach + d_view.filter().quadrature_delay()) +
        1;
    return needed < static_cast<double>(history.end());
}

void tracker::process(const sample_history& history,
                      double valid_end,
                      bool over,
                      const sink& emit)
{
    while (d_alive) {
        if (!d_mode.knows() && !find_mode(history, valid_end, over))
            return;
        if (!frame_ready(history, valid_end, over, over ? 1 : d_slips.needs()))
            return;
        if (!d_deinterleaver)
            d_deinterleaver.emplace(profile_of(d_mode.mode()));
        demodulate(history, valid_end, over, emit);
    }
}

void tracker::finish(const sink& emit)
{
    if (d_deinterleaver)
        d_deinterleaver->finish(block_samples, emit);
}

/* After a start frame, which does not tell the mode. False: it is not known yet. */
bool tracker::find_mode(const sample_history& history, double valid_end, bool over)
{
    while (!d_mode.knows() && d_alive) {
        const std::size_t probed = d_mode.probed();
        if (!frame_ready(history, valid_end, over, 2 + static_cast<double>(probed)))
            return false;
        if (probed == 0) {
            d_view.read(history, place(), valid_end, d_levels.sum());
            d_view.view_known(
                known_in_start(d_waveform),
                d_levels.known_variance(static_cast<float>(d_levels.noise)));
            d_mode.begin(d_view, d_levels);
            d_gain.fill(gain_state::unknown(d_levels.signal));
        }
        d_view.read(history, place().ahead(1 + probed), valid_end, d_levels.sum());
        d_mode.probe(d_view, d_levels);
        if (d_mode.knows())
            d_offset_hz +=
                d_mode.offset_error(d_view, history, place(), valid_end, d_levels);
        d_alive = !d_mode.gave_up();
    }
    return d_mode.knows();
}

/* The pilots of a block under a mode that was guessed say nothing. */
known_symbols tracker::known_in_frame() const
{
    if (d_start)
        return known_in_start(d_waveform);
    auto known = known_in_block(d_mode.mode(), d_number);
    if (d_mode.guesses())
        for (std::size_t k = 0; k < pilots_per_block; ++k)
            known[pilot_index(k)] = {};
    return known;
}

/* What the loops know when a block is there. */
slip_follower::steady_state tracker::steady(std::size_t speed) const
{
    return {
        std::int64_t{ d_number } - 1, d_offset_hz, d_drift_hz, d_timing, d_levels, speed
    };
}

/* On from this block, or from the first one behind it that was not emitted. */
void tracker::move_to(const expected_block& block)
{
    d_at = block.place.at;
    d_offset_hz = block.place.offset_hz;
    d_drift_hz = d_slips.steady().drift_hz;
    d_timing = d_slips.steady().timing;
    d_timing.found_anew();
    d_levels = d_slips.steady().levels;
    d_phase = 0;
    d_gain.fill(gain_state::unknown(d_levels.signal));
    d_proof.interrupted();
    for (auto number = block.number; number < d_number; ++number)
        d_at += block_length();
    d_number = std::max(d_number, block.number);
}

void tracker::demodulate(const sample_history& history,
                         double valid_end,
                         bool over,
                         const sink& emit)
{
    const bool may_slip = !d_start && !d_mode.guesses();
    const auto ready = [&](double blocks) {
        return frame_ready(history, valid_end, over, blocks);
    };
    const slip_follower::due_block due{
        { place(), d_number }, d_mode.mode(), d_levels, valid_end, ready, !over, d_proof
    };
    if (may_slip)
        if (const auto block = d_slips.back(history, due))
            return move_to(*block);
    d_view.read(history, place(), valid_end, d_levels.sum());
    frame_fit fit;
    fit.known = known_in_frame();
    fit.noise = d_levels.noise;
    weigh_speeds(fit);
    if (may_slip) {
        const double evidence =
            fit.likelihood[fit.speed] - d_view.noise_likelihood(d_levels.sum());
        if (const auto block = d_slips.on(history, due, evidence, steady(fit.speed)))
            return move_to(*block);
        if (d_slips.needs() > 1)
            return;
    }
    judge_noise(fit);
    gather_evidence(fit);
    // Gain from the known symbols. Soft data symbols as further views were measured:
    // nothing gained below 40 dB-Hz, 0.1 dB lost at 34, and more in fast fading.
    d_smoother.smooth(fading_models()[fit.speed],
                      d_levels.signal,
                      d_view.views(),
                      seen_symbols,
                      d_gain[fit.speed],
                      d_gains);
    d_proof.see_number(d_view,
                       d_start,
                       fit.noise,
                       d_levels.signal,
                       fading_models()[fit.speed].rate(),
                       fit.heard());
    soft_frame frame = decide(fit);
    update_powers(fit);
    frame.cn0_dbhz = static_cast<float>(
        10 * std::log10(d_levels.signal / d_levels.noise * symbol_rate));
    const double late = update_timing(fit);
    const double correction = update_carrier(fit);
    advance(fit, late, correction);

    if (!d_start) {
        if (d_mode.guesses())
            check_mode(fit.noise);
        else
            d_proof.see_pilots(d_view, d_mode.mode());
    }
    d_proof.see_presence(fit.presence);
    d_slips.demodulated();
    d_deinterleaver->push(frame, d_number, block_samples, emit);
    if (d_start)
        d_start = false;
    else
        ++d_number;
    const std::size_t last = max_blocks + interleaver_depth(profile_of(d_mode.mode())) -
                             1; // what remains to be sent
    if (d_number >= last || d_proof.is_lost())
        give_up(emit);
}

/* A mode that was guessed: what do the pilots say that were not hit? */
void tracker::check_mode(double noise)
{
    const auto depth = [this] { return interleaver_depth(profile_of(d_mode.mode())); };
    const std::size_t guessed = depth();
    d_mode.check_guess(d_view, d_gains, noise);
    if (depth() != guessed)
        d_deinterleaver.emplace(profile_of(d_mode.mode()));
}

/* Runs the filter over the known symbols under all hypotheses on the speed of fading. */
void tracker::weigh_speeds(frame_fit& fit)
{
    d_view.view_known(fit.known, d_levels.known_variance(static_cast<float>(fit.noise)));
    for (std::size_t h = 0; h < fading_speeds; ++h) {
        fit.next[h] = d_gain[h];
        const auto run = filter_gain(fading_models()[h],
                                     d_levels.signal,
                                     d_view.views(),
                                     block_symbols,
                                     fit.next[h]);
        fit.likelihood[h] = run.likelihood;
        if (h == 0 ||
            d_evidence[h] * evidence_keep + fit.likelihood[h] >
                d_evidence[fit.speed] * evidence_keep + fit.likelihood[fit.speed]) {
            fit.speed = h;
            fit.misfit = run.views ? run.misfit / static_cast<double>(run.views) : 1;
        }
    }
}

/* Is this frame's noise the usual one? */
void tracker::judge_noise(frame_fit& fit)
{
    if (fit.misfit < misfit_of_calm) { // much less noise than before?
        const double usual = fit.likelihood[fit.speed];
        fit.noise = std::max(d_levels.noise / 2, d_levels.lowest_noise());
        weigh_speeds(fit);
        if (fit.likelihood[fit.speed] > usual + clearly)
            d_levels.noise = fit.noise;
        else
            fit.noise = d_levels.noise;
        weigh_speeds(fit);
    }
    if (fit.misfit > misfit_of_jam) {
        const double others = d_levels.other_axis * d_levels.signal;
        fit.noise = (fit.noise + others) * fit.misfit - others;
        weigh_speeds(fit);
    }
}

void tracker::gather_evidence(frame_fit& fit)
{
    fit.presence = fit.likelihood[fit.speed] - d_view.noise_likelihood(d_levels.sum());
    for (std::size_t h = 0; h < fading_speeds; ++h)
        d_evidence[h] = d_evidence[h] * evidence_keep + fit.likelihood[h];
    const double top = d_evidence[fit.speed];
    for (double& e : d_evidence)
        e -= top;
}

/* Soft bits of the frame; soft symbols for the loops. */
soft_frame tracker::decide(frame_fit& fit)
{
    const std::size_t data_count = d_start ? start_data_symbols : data_symbols;
    const auto index_of = d_start ? start_data_index : data_index;
    const auto noise = static_cast<float>(fit.noise);
    soft_frame frame =
        labelled(d_start ? soft_frame::type::start : soft_frame::type::block);
    frame.sync_quality = static_cast<float>(d_view.coherence(d_gains));
    frame.pilot_quality = d_start ? 0 : static_cast<float>(d_view.pilot_coherence());
    d_constellation.clear();
    std::copy_n(fit.known.begin(), block_symbols, fit.soft.begin());
    for (std::size_t m = 0; m < data_count; ++m) {
        const std::size_t n = index_of(m);
        const auto& gain = d_gains[n];
        const auto llr = demap(d_view.symbol(n), gain, noise + d_view.interference_at(n));
        frame.llr[2 * m] = llr[0];
        frame.llr[2 * m + 1] = llr[1];
        fit.soft[n] = soft_symbol(llr);
        const float scale = std::max(std::norm(gain.gain), 1e-30f);
        d_constellation.push_back(turned_back(d_view.symbol(n), gain.gain) / scale);
    }
    return frame;
}

/* A frame of this signal, at its place. */
soft_frame tracker::labelled(soft_frame::type what) const
{
    soft_frame frame;
    frame.what = what;
    frame.mode = d_mode.mode();
    frame.number = static_cast<std::uint16_t>(d_number);
    frame.track = d_id;
    frame.time = d_at;
    frame.offset_hz = static_cast<float>(d_offset_hz);
    frame.started = d_started;
    return frame;
}

void tracker::update_powers(const frame_fit& fit)
{
    double residue = 0, signal = 0;
    std::size_t views = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        const auto& g = d_gains[n];
        signal += static_cast<double>(std::norm(g.gain) + g.variance) / block_symbols;
        if (!d_view.says_something(n))
            continue;
        ++views;
        const cfloat error = d_view.view(n).gain - g.gain;
        const double along = real_product(error, g.gain);
        // the neighbours of GMSK's other axis are no noise
        residue += d_levels.other_axis > 0
                       ? 2 * along * along /
                             std::max(static_cast<double>(std::norm(g.gain)), 1e-30)
                       : static_cast<double>(std::norm(error));
        residue += static_cast<double>(g.variance);
    }
    const double fresh = std::max(0.125, 1.0 / static_cast<double>(frames() + 2));
    if (views) {
        const double share = fit.heard() ? fresh : fresh / 4;
        const double measured = std::clamp(
            residue / static_cast<double>(views), d_levels.noise / 3, d_levels.noise * 2);
        d_levels.noise += share * (measured - d_levels.noise);
    }
    if (fit.heard())
        d_levels.signal += fresh / 2 * (signal - d_levels.signal);
    d_levels.signal = std::max(d_levels.signal, 1e-20);
    d_levels.noise = std::max(d_levels.noise, d_levels.lowest_noise());
}

/* Returns how much later the next frame is, symbols. */
double tracker::update_timing(const frame_fit& fit)
{
    const double curvature = d_view.filter().curvature();
    double pull = 0, stiffness = 0, certain = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        if (!d_view.is_clean(n))
            continue;
        const cfloat g = d_gains[n].gain, s = fit.soft[n];
        pull += real_product(s, turned_back(d_view.slope(n), g));
        stiffness += static_cast<double>(std::norm(g) * std::norm(s));
        certain += static_cast<double>(std::norm(s)) / block_symbols;
    }
    double late = 0;
    if (fit.heard() && stiffness > 0) {
        // neighbours that are not known disturb the slope like noise
        const double disturbance =
            fit.noise + 2 * d_levels.signal * std::max(0.0, 1 - certain);
        const double error = std::clamp(pull / (curvature * stiffness), -0.3, 0.3);
        late = d_timing.update(error, disturbance / (2 * curvature * stiffness) + 1e-6);
    }
    d_timing.advance();
    return late;
}

/* Returns how far the carrier is to be moved, Hz. */
double tracker::update_carrier(const frame_fit& fit)
{
    double turn = 0;
    if (fit.heard()) {
        std::complex<double> sum;
        const std::size_t span = turn_span[fit.speed];
        for (std::size_t n = 0; n + span < block_symbols; ++n)
            sum += std::complex<double>(
                times_conjugate(d_gains[n + span].gain, d_gains[n].gain));
        if (std::norm(sum) > 0)
            turn = std::arg(sum) / (2 * M_PI * static_cast<double>(span)) * symbol_rate;
        d_drift_hz += drift_share[fit.speed] * turn;
    }
    return d_drift_hz + offset_share[fit.speed] * turn;
}

/* On to the next frame, whose phase goes on from this one's. */
void tracker::advance(const frame_fit& fit, double late, double correction)
{
    const double ahead = block_length() + static_cast<double>(receive_samples) * late;
    d_phase += d_offset_hz / receive_rate * ahead;
    d_phase -= std::floor(d_phase);
    d_at += ahead;
    d_offset_hz += correction;
    for (std::size_t h = 0; h < fading_speeds; ++h) {
        d_gain[h] = fit.next[h];
        const double back =
            2 * M_PI * correction / symbol_rate / fading_models()[h].rate();
        d_gain[h].slope -=
            std::complex<double>(-d_gain[h].gain.imag(), d_gain[h].gain.real()) * back;
    }
}

} // namespace securevoice

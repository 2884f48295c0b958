/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/track/tracker.h"

#include "core/modem/acquire/peak.h"
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

constexpr double evidence_keep = 0.85;
constexpr double heard_keep = 0.8;
constexpr double heard_enough = 8, heard_most = 20; // nats
constexpr std::uint64_t patience = 38;              // frames: 3 s
constexpr std::uint64_t a_second = 12;
constexpr double mode_certain = 9; // nats: wrong once in 8000
constexpr std::size_t most_probes = 8;
constexpr std::size_t least_probes_without_pilots = 3;
constexpr std::uint8_t codes_of_profile = 8;
constexpr double lowest_noise = 1e-4; // of the signal: what the filters leave
// of GMSK: what its neighbours leave of a bit, and what they add to a known symbol on its
// other axis
constexpr double lowest_noise_gmsk = 0.01, other_axis_gmsk = 0.17;
// of the signal: what neighbours leave before the timing is settled. Less than that would
// look like fast fading
constexpr double unaligned = 0.01;
constexpr double misfit_of_jam = 2, misfit_of_calm = 0.45;
constexpr double clearly = 4; // nats
// share of a sample's energy that the receive filter passes to a symbol so many samples
// away
constexpr std::array<float, 5> passed_energy{ 0.29f, 0.22f, 0.1f, 0.014f, 0.001f };
constexpr std::int64_t passed_far = passed_energy.size();
// the test of the number, nats
constexpr std::size_t near_pilots = 3;
constexpr double number_step = 4, number_trusted = 6, number_refuted = 12;
// Share of the pilots' energy that is coherent under a mode; a carrier that is off turns
// them, but adds up no more than 0.4 of it under another mode.
constexpr double add_up = 0.6, cancel = 0.15;
constexpr unsigned most_wrong_pilots = 4; // blocks in a row

double real_product(cfloat x, cfloat y)
{
    return static_cast<double>(x.real() * y.real() + x.imag() * y.imag());
}

/* ln(e^x + e^y) */
double sum_of_logs(double x, double y)
{
    return std::max(x, y) + std::log1p(std::exp(-std::abs(x - y)));
}

bool is_known(cfloat symbol) { return symbol != cfloat{}; }

} // namespace

tracker::tracker(const lock& found, std::uint32_t id)
    : d_waveform(found.waveform),
      d_least_noise(d_waveform == waveform::constant ? lowest_noise_gmsk : lowest_noise),
      d_other_axis(d_waveform == waveform::constant ? other_axis_gmsk : 0),
      d_id(id),
      d_start(found.start),
      d_started(found.start || (found.number == 0 && !found.doubtful)),
      d_sure(!found.doubtful),
      d_mode_known(found.mode_known),
      d_mode(found.mode),
      d_number(found.number),
      d_at(found.at),
      d_offset_hz(found.offset_hz),
      d_signal(found.signal_power),
      d_noise(std::max(found.noise_power, d_least_noise * found.signal_power)),
      d_evidence_of_start(found.evidence),
      d_reader(d_waveform)
{
    d_gain.fill(gain_state::unknown(d_signal));
}

double tracker::spacing() const
{
    return static_cast<double>(receive_samples) * (1 + d_timing.drift() / block_symbols);
}

double tracker::block_length() const { return spacing() * block_symbols; }

bool tracker::owns(double at,
                   double offset,
                   double time_tolerance,
                   double offset_tolerance) const
{
    const double apart = std::remainder(at - d_at, block_samples);
    return std::abs(apart) <= time_tolerance &&
           std::abs(offset - d_offset_hz) <= offset_tolerance;
}

std::int64_t tracker::number_at(double at) const
{
    const double blocks = std::round((at - d_at) / block_length());
    return static_cast<std::int64_t>(d_number) + static_cast<std::int64_t>(blocks) -
           (d_start ? 1 : 0);
}

bool tracker::hears() const { return unheard() < a_second; }

void tracker::give_up(const sink& emit)
{
    d_alive = false;
    if (!d_frames)
        return;
    soft_frame lost;
    lost.what = soft_frame::type::lost_track;
    lost.mode = d_mode;
    lost.number = static_cast<std::uint16_t>(d_number % max_blocks);
    lost.track = d_id;
    lost.time = d_at;
    lost.offset_hz = static_cast<float>(d_offset_hz);
    lost.started = d_started;
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
        static_cast<double>(symbol_filter::reach + d_reader.filter().quadrature_delay()) +
        1;
    return needed < static_cast<double>(history.end());
}

void tracker::process(const sample_history& history,
                      double valid_end,
                      bool over,
                      const sink& emit)
{
    while (d_alive) {
        if (!d_mode_known && !find_mode(history, valid_end, over))
            return;
        if (!frame_ready(history, valid_end, over, 1))
            return;
        if (!d_deinterleaver)
            d_deinterleaver.emplace(profile_of(d_mode));
        demodulate(history, valid_end, emit);
    }
}

void tracker::finish(const sink& emit)
{
    if (d_deinterleaver)
        d_deinterleaver->finish(block_samples, emit);
}

/* Reads the symbols of the next frame, or of one behind it. */
void tracker::read(const sample_history& history, std::size_t frames_ahead)
{
    const double step = spacing(),
                 ahead = block_length() * static_cast<double>(frames_ahead);
    d_reader.load(history,
                  d_at + ahead,
                  static_cast<double>(seen_symbols) * step,
                  d_offset_hz,
                  d_phase + d_offset_hz / receive_rate * ahead);
    d_powers.resize(seen_symbols);
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        d_symbols[n] = d_reader.value(static_cast<double>(n) * step);
        d_powers[n] = mean_power(d_symbols[n]);
    }
    read_bounded(history, d_at + ahead);
    d_interference.estimate(d_powers, d_bounded, d_signal + d_noise);
}

/* Power of bounded impulses in each symbol. */
void tracker::read_bounded(const sample_history& history, double at)
{
    d_bounded.clear();
    if (!history.bounded_since(at))
        return;
    d_bounded.resize(seen_symbols);
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        const auto centre = static_cast<std::int64_t>(
            std::llround(at + static_cast<double>(n) * spacing()));
        for (std::int64_t d = 1 - passed_far; d < passed_far; ++d)
            d_bounded[n] += history.bounded(centre + d) *
                            passed_energy[static_cast<std::size_t>(std::abs(d))];
    }
}

void tracker::view_known(const known_symbols& known,
                         double valid_end,
                         std::size_t frames_ahead,
                         float noise)
{
    const double step = spacing(),
                 at = d_at + block_length() * static_cast<double>(frames_ahead);
    const auto variance =
        static_cast<float>(static_cast<double>(noise) + d_other_axis * d_signal);
    for (std::size_t n = 0; n < seen_symbols; ++n) {
        d_views[n] = {};
        if (is_known(known[n]) && at + static_cast<double>(n) * step <= valid_end)
            d_views[n] = { times_conjugate(d_symbols[n], known[n]),
                           variance + d_interference.at(n) };
    }
}

/* Whether there is a view of a symbol that no interference hit. */
bool tracker::says_something(std::size_t n) const
{
    return d_views[n].variance >= 0 && d_interference.clean(n);
}

/* Mean power of the frame's symbols that no interference hit. */
double tracker::frame_power() const
{
    double power = 0, count = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (d_interference.clean(n)) {
            power += static_cast<double>(d_powers[n]);
            ++count;
        }
    return count > 0 ? std::max(power / count, 1e-30) : d_signal + d_noise;
}

/* Log-likelihood of the viewed symbols if there were nothing but noise of this frame's
 * power, and the interference. */
double tracker::noise_likelihood() const
{
    const double power = frame_power();
    double likelihood = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (d_views[n].variance >= 0) {
            const double all = power + static_cast<double>(d_interference.at(n));
            likelihood -= std::log(all) + static_cast<double>(d_powers[n]) / all;
        }
    return likelihood;
}

/* Of all views, the interference apart. */
void tracker::set_variance(float noise)
{
    for (std::size_t n = 0; n < seen_symbols; ++n)
        if (d_views[n].variance >= 0)
            d_views[n].variance = noise + d_interference.at(n);
}

/* Finds the likeliest powers and speed of fading for the views of a start frame: fading
 * looks like noise to the search. Returns the speed. */
std::size_t tracker::settle()
{
    const double total = d_interference.any() ? frame_power() : d_signal + d_noise;
    const double least = std::max(unaligned, d_other_axis) * total;
    double best = -1e300;
    std::size_t best_speed = 0;
    for (double noise = std::max(d_noise, least); noise >= least; noise /= 2) {
        const double signal = std::max(total - noise, 0.02 * total);
        set_variance(static_cast<float>(noise));
        for (std::size_t h = 0; h < fading_speeds; ++h) {
            auto gain = gain_state::unknown(signal);
            const double likelihood =
                filter_gain(
                    fading_models()[h], signal, d_views.data(), block_symbols, gain)
                    .likelihood;
            if (likelihood > best) {
                best = likelihood;
                best_speed = h;
                d_noise = noise;
                d_signal = signal;
            }
        }
    }
    set_variance(static_cast<float>(d_noise));
    d_noise = std::max(d_noise - d_other_axis * d_signal, d_least_noise * d_signal);
    d_gain.fill(gain_state::unknown(d_signal));
    return best_speed;
}

/* After a start frame: carries the gain on from it into the blocks under every mode,
 * until one mode stands out. */
bool tracker::find_mode(const sample_history& history, double valid_end, bool over)
{
    while (!d_mode_known && d_alive) {
        if (!frame_ready(history, valid_end, over, 2 + static_cast<double>(d_probed)))
            return false;
        if (d_probed == 0) {
            read(history, 0);
            view_known(
                known_in_start(d_waveform), valid_end, 0, static_cast<float>(d_noise));
            d_mode_speed = settle();
            for (std::size_t h = 0; h < fading_speeds; ++h) {
                gain_state gain = d_gain[h];
                const auto fit = filter_gain(
                    fading_models()[h], d_signal, d_views.data(), block_symbols, gain);
                for (auto& mode : d_modes)
                    mode[h] = { gain, fit.likelihood };
                d_start_evidence =
                    h ? sum_of_logs(d_start_evidence, fit.likelihood) : fit.likelihood;
            }
        }
        read(history, 1 + d_probed);
        // against pure noise of the same power, too: at the wrong place no mode fits
        view_known(known_in_block(first_mode(d_waveform), 0), valid_end, 1 + d_probed, 0);
        d_noise_evidence += noise_likelihood();
        double best = -1e300, second = -1e300;
        for (std::uint8_t m = 0; m < mode_codes; ++m) {
            const auto code = static_cast<std::uint8_t>(first_mode(d_waveform) + m);
            if (!is_mode(code))
                continue;
            view_known(known_in_block(code, static_cast<std::uint32_t>(d_probed)),
                       valid_end,
                       1 + d_probed,
                       static_cast<float>(d_noise));
            // A gain that goes through zero in a fade turns over, which under a slow
            // hypothesis alone would be another mode.
            double evidence = 0;
            for (std::size_t h = 0; h < fading_speeds; ++h) {
                auto& [gain, likelihood] = d_modes[m][h];
                likelihood +=
                    filter_gain(
                        fading_models()[h], d_signal, d_views.data(), block_symbols, gain)
                        .likelihood;
                evidence = h ? sum_of_logs(evidence, likelihood) : likelihood;
            }
            if (evidence > best) {
                second = std::max(second, best);
                best = evidence;
                d_mode = code;
            } else {
                second = std::max(second, evidence);
            }
        }
        ++d_probed;
        const bool is_there = best - d_start_evidence - d_noise_evidence > mode_certain;
        d_mode_known = is_there && best - second > mode_certain;
        if (is_there && !d_mode_known && d_probed >= least_probes_without_pilots &&
            pilots_are_hit()) {
            // the header names the mode; without a header nothing is heard anyway
            d_mode = first_mode(d_waveform) + d_mode % codes_of_profile;
            d_mode_known = d_mode_guessed = true;
        }
        if (d_mode_known)
            refine_offset(history, valid_end);
        if (!d_mode_known && d_probed == most_probes)
            d_alive = false;
    }
    return d_mode_known;
}

/* Whether interference takes most of the pilots of the block that was read last. */
bool tracker::pilots_are_hit() const
{
    std::size_t clean = 0;
    for (std::size_t k = 0; k < pilots_per_block; ++k)
        if (d_interference.clean(pilot_index(k)))
            ++clean;
    return 4 * clean < pilots_per_block;
}

/* A mode that was guessed: what do the pilots say that were not hit? */
void tracker::check_mode(double noise)
{
    const auto known = unsigned_known_in_block(d_waveform);
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        const std::size_t n = pilot_index(k);
        if (!d_interference.clean(n))
            continue;
        const double said =
            2 * real_product(times_conjugate(d_symbols[n], known[n]), d_gains[n].gain) /
            (noise + static_cast<double>(d_gains[n].variance));
        for (std::uint8_t m = 0; m < mode_codes; ++m)
            d_mode_score[m] +=
                said * static_cast<double>(pilot_sign(
                           static_cast<std::uint8_t>(first_mode(d_waveform) + m), k));
    }
    auto best = d_mode_score.end();
    double second = -1e300;
    for (auto score = d_mode_score.begin(); score != d_mode_score.end(); ++score) {
        if (!is_mode(static_cast<std::uint8_t>(first_mode(d_waveform) +
                                               (score - d_mode_score.begin()))))
            continue;
        if (best == d_mode_score.end() || *score > *best) {
            second = best == d_mode_score.end() ? second : *best;
            best = score;
        } else {
            second = std::max(second, *score);
        }
    }
    if (*best - second < mode_certain)
        return;
    const auto mode =
        static_cast<std::uint8_t>(first_mode(d_waveform) + (best - d_mode_score.begin()));
    if (interleaver_depth(profile_of(mode)) != interleaver_depth(profile_of(d_mode)))
        d_deinterleaver.emplace(profile_of(mode));
    d_mode = mode;
    d_mode_guessed = false;
}

/* The start frame alone names the carrier to about 0.7 Hz at the lowest C/N0. With the
 * blocks that were needed for the mode it becomes better by more than their number, if
 * the channel is still. */
void tracker::refine_offset(const sample_history& history, double valid_end)
{
    if (d_mode_speed > 1)
        return;
    constexpr std::size_t cell = 16; // symbols
    std::vector<std::complex<double>> sums((1 + d_probed) * block_symbols / cell);
    for (std::size_t k = 0; k <= d_probed; ++k) {
        read(history, k);
        view_known(k ? known_in_block(d_mode, static_cast<std::uint32_t>(k - 1))
                     : known_in_start(d_waveform),
                   valid_end,
                   k,
                   0);
        for (std::size_t n = 0; n < block_symbols; ++n)
            if (says_something(n))
                sums[(k * block_symbols + n) / cell] +=
                    std::complex<double>(d_views[n].gain);
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
    d_offset_hz +=
        best +
        step * peak_between(energy(best - step), energy(best), energy(best + step));
}

void tracker::demodulate(const sample_history& history,
                         double valid_end,
                         const sink& emit)
{
    read(history, 0);
    for (std::size_t n = 0; n < block_symbols; ++n)
        d_slopes[n] = d_reader.slope(static_cast<double>(n) * spacing());

    frame_fit fit;
    fit.known = d_start ? known_in_start(d_waveform) : known_in_block(d_mode, d_number);
    if (d_mode_guessed && !d_start)
        for (std::size_t k = 0; k < pilots_per_block; ++k)
            fit.known[pilot_index(k)] = {};
    fit.noise = d_noise;
    weigh_speeds(valid_end, fit);
    judge_noise(valid_end, fit);
    gather_evidence(fit);
    // Gain from the known symbols. Soft data symbols as further views were measured:
    // nothing gained below 40 dB-Hz, 0.1 dB lost at 34, and more in fast fading.
    d_smoother.smooth(fading_models()[fit.speed],
                      d_signal,
                      d_views.data(),
                      seen_symbols,
                      d_gain[fit.speed],
                      d_gains);
    check_number(fit);
    soft_frame frame = decide(fit);
    update_powers(fit);
    frame.cn0_dbhz =
        static_cast<float>(10 * std::log10(d_signal / d_noise * symbol_rate));
    const double late = update_timing(fit);
    const double correction = update_carrier(fit);
    advance(fit, late, correction);

    if (!d_start) {
        if (d_mode_guessed)
            check_mode(fit.noise);
        else
            check_pilots();
    }
    ++d_frames;
    if (d_heard > heard_enough)
        d_last_heard = d_frames;
    d_deinterleaver->push(frame, d_number, block_samples, emit);
    if (d_start)
        d_start = false;
    else
        ++d_number;
    const std::size_t last =
        max_blocks + interleaver_depth(profile_of(d_mode)) - 1; // what remains to be sent
    if (d_frames - d_last_heard >= patience || d_number >= last ||
        d_number_evidence < -number_refuted || d_wrong_pilots == most_wrong_pilots)
        give_up(emit);
}

/* Runs the filter over the known symbols under all hypotheses on the speed of fading. */
void tracker::weigh_speeds(double valid_end, frame_fit& fit)
{
    view_known(fit.known, valid_end, 0, static_cast<float>(fit.noise));
    for (std::size_t h = 0; h < fading_speeds; ++h) {
        fit.next[h] = d_gain[h];
        const auto run = filter_gain(
            fading_models()[h], d_signal, d_views.data(), block_symbols, fit.next[h]);
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
void tracker::judge_noise(double valid_end, frame_fit& fit)
{
    if (fit.misfit < misfit_of_calm) { // much less noise than before?
        const double usual = fit.likelihood[fit.speed];
        fit.noise = std::max(d_noise / 2, d_least_noise * d_signal);
        weigh_speeds(valid_end, fit);
        if (fit.likelihood[fit.speed] > usual + clearly)
            d_noise = fit.noise;
        else
            fit.noise = d_noise;
        weigh_speeds(valid_end, fit);
    }
    if (fit.misfit > misfit_of_jam) {
        const double others = d_other_axis * d_signal;
        fit.noise = (fit.noise + others) * fit.misfit - others;
        weigh_speeds(valid_end, fit);
    }
}

void tracker::gather_evidence(frame_fit& fit)
{
    const double presence = fit.likelihood[fit.speed] - noise_likelihood();
    fit.heard = presence > 0;
    d_heard = std::clamp(d_heard * heard_keep + presence, -heard_most, heard_most);
    for (std::size_t h = 0; h < fading_speeds; ++h)
        d_evidence[h] = d_evidence[h] * evidence_keep + fit.likelihood[h];
    const double top = d_evidence[fit.speed];
    for (double& e : d_evidence)
        e -= top;
}

/*
 * Sequential test (Wald 1945) of the number: do the half words have its signs, or any?
 * The nearest pilots before and behind give the gain, as the smoothed one knows the half
 * words with the very signs that are in question. Who lives on another signal's symbols
 * with a number of his own is found out by it.
 */
void tracker::check_number(const frame_fit& fit)
{
    auto mean = [this](std::size_t first_pilot, cfloat& sum) {
        for (std::size_t k = first_pilot; k < first_pilot + near_pilots; ++k) {
            if (!says_something(pilot_index(k)))
                return false;
            sum += d_views[pilot_index(k)].gain / static_cast<float>(near_pilots);
        }
        return true;
    };
    cfloat behind, last;
    const bool has_behind = !d_start && mean(0, behind);
    if (has_behind && d_has_last_pilots && fit.heard) {
        const cfloat gain = 0.5f * (behind + d_last_pilots);
        // how far the gain may have moved between pilots and half words, 10 ms
        const double turn = fading_models()[fit.speed].rate() * symbol_rate * 0.01;
        const double variance =
            fit.noise * (0.5 / near_pilots + 1.0 / half_word_symbols) +
            d_signal * std::min(1.0, turn * turn / 4);
        for (std::size_t half = 0; half < 2; ++half) {
            cfloat word;
            bool whole = true;
            for (std::size_t n = 0; n < half_word_symbols; ++n) {
                whole = whole && says_something(half * half_word_symbols + n);
                word += d_views[half * half_word_symbols + n].gain /
                        static_cast<float>(half_word_symbols);
            }
            if (!whole)
                continue;
            const double ratio = 4 * real_product(gain, word) / variance;
            // ln of 2 P(its sign), bounded: one burst of interference proves nothing
            const double said =
                std::log(2) - std::log1p(std::exp(-std::min(ratio, 40.0)));
            d_number_evidence += std::max(said, -number_step);
        }
        d_number_evidence = std::min(d_number_evidence, number_trusted);
    }
    d_has_last_pilots = !d_start && mean(pilots_per_block - near_pilots, last);
    d_last_pilots = last;
}

/* Under a wrong mode, as behind a forged start frame, a tracker lives on a gain that
 * seems to turn over within every block: its number cannot be refuted then. But its own
 * pilots cancel each other, and those of another mode add up. */
void tracker::check_pilots()
{
    std::array<cfloat, mode_codes> sums{};
    double energy = 0, count = 0;
    for (std::size_t k = 0; k < pilots_per_block; ++k) {
        if (!says_something(pilot_index(k)))
            continue;
        const cfloat gain = pilot_sign(d_mode, k) * d_views[pilot_index(k)].gain;
        energy += static_cast<double>(std::norm(gain));
        ++count;
        for (std::uint8_t m = 0; m < mode_codes; ++m)
            sums[m] +=
                pilot_sign(static_cast<std::uint8_t>(first_mode(d_waveform) + m), k) *
                gain;
    }
    double own = 0, others = 0;
    for (std::uint8_t m = 0; m < mode_codes; ++m) {
        const auto code = static_cast<std::uint8_t>(first_mode(d_waveform) + m);
        if (is_mode(code)) {
            auto& which = code == d_mode ? own : others;
            which = std::max(which, static_cast<double>(std::norm(sums[m])));
        }
    }
    const bool wrong = 2 * count >= pilots_per_block &&
                       others > add_up * count * energy && own < cancel * count * energy;
    d_wrong_pilots = wrong ? d_wrong_pilots + 1 : 0;
}

/* Soft bits of the frame; soft symbols for the loops. */
soft_frame tracker::decide(frame_fit& fit)
{
    const std::size_t data_count = d_start ? start_data_symbols : data_symbols;
    const auto index_of = d_start ? start_data_index : data_index;
    const auto noise = static_cast<float>(fit.noise);
    soft_frame frame;
    d_constellation.clear();
    std::copy_n(fit.known.begin(), block_symbols, fit.soft.begin());
    for (std::size_t m = 0; m < data_count; ++m) {
        const std::size_t n = index_of(m);
        const auto& gain = d_gains[n];
        const auto llr = demap(d_symbols[n], gain, noise + d_interference.at(n));
        frame.llr[2 * m] = llr[0];
        frame.llr[2 * m + 1] = llr[1];
        fit.soft[n] = soft_symbol(llr);
        const float scale = std::max(std::norm(gain.gain), 1e-30f);
        d_constellation.push_back(turned_back(d_symbols[n], gain.gain) / scale);
    }
    frame.what = d_start ? soft_frame::type::start : soft_frame::type::block;
    frame.mode = d_mode;
    frame.number = static_cast<std::uint16_t>(d_number);
    frame.track = d_id;
    frame.time = d_at;
    frame.offset_hz = static_cast<float>(d_offset_hz);
    frame.sync_quality = static_cast<float>(coherence());
    frame.pilot_quality = d_start ? 0 : static_cast<float>(pilot_coherence());
    frame.started = d_started;
    return frame;
}

/* Share of the known symbols' energy that the others among them predict, 0 ... 1. */
double tracker::coherence() const
{
    double coherent = 0, predicted = 0, energy = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        if (!says_something(n))
            continue;
        const cfloat z = d_views[n].gain;
        const auto other = without(d_gains[n], d_views[n]);
        coherent += real_product(other.gain, z);
        predicted += static_cast<double>(std::norm(other.gain));
        energy += static_cast<double>(std::norm(z));
    }
    if (!(coherent > 0))
        return 0;
    return std::clamp(
        coherent * coherent / std::max(predicted * energy, 1e-30), 0.0, 1.0);
}

/* How well each pilot of a block tells the phase of the next one, 0 ... 1. */
double tracker::pilot_coherence() const
{
    std::complex<double> sum;
    double most = 0;
    std::size_t pairs = 0;
    for (std::size_t k = 0; k + 1 < pilots_per_block; ++k) {
        const auto n = pilot_index(k), m = pilot_index(k + 1);
        if (!says_something(n) || !says_something(m))
            continue;
        const cfloat turn = times_conjugate(d_views[m].gain, d_views[n].gain);
        sum += std::complex<double>(turn);
        most += static_cast<double>(std::abs(turn));
        ++pairs;
    }
    return 2 * pairs >= pilots_per_block && most > 0 ? std::abs(sum) / most : 0;
}

void tracker::update_powers(const frame_fit& fit)
{
    double residue = 0, signal = 0;
    std::size_t views = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        const auto& g = d_gains[n];
        signal += static_cast<double>(std::norm(g.gain) + g.variance) / block_symbols;
        if (!says_something(n))
            continue;
        ++views;
        const cfloat error = d_views[n].gain - g.gain;
        const double along = real_product(error, g.gain);
        // the neighbours of GMSK's other axis are no noise
        residue += d_other_axis > 0
                       ? 2 * along * along /
                             std::max(static_cast<double>(std::norm(g.gain)), 1e-30)
                       : static_cast<double>(std::norm(error));
        residue += static_cast<double>(g.variance);
    }
    const double fresh = std::max(0.125, 1.0 / static_cast<double>(d_frames + 2));
    if (views) {
        const double share = fit.heard ? fresh : fresh / 4;
        const double measured =
            std::clamp(residue / static_cast<double>(views), d_noise / 3, d_noise * 2);
        d_noise += share * (measured - d_noise);
    }
    if (fit.heard)
        d_signal += fresh / 2 * (signal - d_signal);
    d_signal = std::max(d_signal, 1e-20);
    d_noise = std::max(d_noise, d_least_noise * d_signal);
}

/* Returns how much later the next frame is, symbols. */
double tracker::update_timing(const frame_fit& fit)
{
    const double curvature = d_reader.filter().curvature();
    double pull = 0, stiffness = 0, certain = 0;
    for (std::size_t n = 0; n < block_symbols; ++n) {
        if (!d_interference.clean(n))
            continue;
        const cfloat g = d_gains[n].gain, s = fit.soft[n];
        pull += real_product(s, turned_back(d_slopes[n], g));
        stiffness += static_cast<double>(std::norm(g) * std::norm(s));
        certain += static_cast<double>(std::norm(s)) / block_symbols;
    }
    double late = 0;
    if (fit.heard && stiffness > 0) {
        // neighbours that are not known disturb the slope like noise
        const double disturbance = fit.noise + 2 * d_signal * std::max(0.0, 1 - certain);
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
    if (fit.heard) {
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

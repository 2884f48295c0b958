/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/plain/plain_demodulator.h"

#include "core/modem/front/sample_history.h"

#include <algorithm>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t per_unit = plain_receive_filter::samples_per_unit;
constexpr std::size_t look_every = 2;         // samples
constexpr std::size_t settled = per_unit / 2; // samples without a likelier place
constexpr std::size_t margin = per_unit;      // samples around a frame that are needed
constexpr float likely_share = 0.3f; // differentially: noise reaches it once in 10^4 s
// the same of signals that are looked at by their frequency
constexpr float likely_levels = 0.35f;
constexpr float start_share =
    0.15f; // coherently: other places of a start frame stay below 0.1
constexpr float block_share = 0.12f;                     // the same of a block
constexpr double coarse_reach = 0.35, fine_reach = 0.01; // rad per unit
constexpr int coarse_steps = 100, fine_steps = 4;
constexpr double place_gain = 0.4, clock_gain = 0.05, turn_gain = 0.3;
// share of what pilots said before that is kept at each block
constexpr float codec_memory = 0.9f;
constexpr std::size_t patience = 37;   // blocks without their known symbols: 3 s
constexpr double flush_seconds = 0.04; // longer than all filters

} // namespace

plain_demodulator::plain_demodulator(profile p, double sample_rate, double max_offset_hz)
    : d_signal(p),
      d_sample_rate(sample_rate),
      d_max_offset_hz(max_offset_hz),
      d_front(sample_rate),
      d_filter(d_signal),
      d_start_known(known_units(d_signal, known_in_start())),
      d_frame(per_unit * d_signal.units_per_frame()),
      d_seen(per_unit * d_signal.units_per_symbol() * seen_symbols + margin)
{
    d_looked_at = margin;
}

void plain_demodulator::push(const cfloat* iq, std::size_t count, const sink& emit)
{
    constexpr std::size_t most = 65536; // bounds the memory between the stages
    while (count && !d_over) {
        const std::size_t now = std::min(count, most);
        d_received.clear();
        d_front.push(iq, now, d_received);
        for (const cfloat& sample : d_received) {
            d_filter.push(sample, d_stream);
            advance(emit);
        }
        iq += now;
        count -= now;
    }
}

void plain_demodulator::finish(const sink& emit)
{
    if (d_over)
        return;
    const std::vector<cfloat> silence(
        static_cast<std::size_t>(flush_seconds * d_sample_rate));
    push(silence.data(), silence.size(), emit);
    d_over = true;
    if (d_in_call)
        give_up(emit);
}

void plain_demodulator::advance(const sink& emit)
{
    for (; d_looked_at + d_seen <= end(); d_looked_at += look_every)
        seek_start(emit);
    while (d_in_call &&
           d_next + static_cast<double>(d_seen) <= static_cast<double>(end()))
        demodulate_block(emit);
    if (d_stream.size() > 6 * d_frame) {
        const std::size_t old = d_stream.size() - 3 * d_frame;
        d_stream.erase(d_stream.begin(),
                       d_stream.begin() + static_cast<std::ptrdiff_t>(old));
        d_first += old;
    }
}

plain_likeness plain_demodulator::likeness(std::uint64_t at) const
{
    if (!d_signal.by_frequency())
        return differential_likeness(sample(at), d_start_known);
    const auto f = fit_levels(sample(at), d_start_known);
    return { f.share, 0 };
}

plain_fit plain_demodulator::fit(std::uint64_t at,
                                 const std::vector<known_unit>& known,
                                 double turn,
                                 double reach,
                                 int steps) const
{
    return d_signal.by_frequency() ? fit_levels(sample(at), known)
                                   : fit_carrier(sample(at), known, turn, reach, steps);
}

void plain_demodulator::seek_start(const sink& emit)
{
    const auto now = likeness(d_looked_at);
    const float least = d_signal.by_frequency() ? likely_levels : likely_share;
    if (now.share >= least && now.share > d_likely.share) {
        d_likely = now;
        d_likely_at = d_looked_at;
    } else if (d_likely.share > 0 && d_looked_at >= d_likely_at + settled) {
        confirm_start(emit);
        d_likely = {};
    }
}

void plain_demodulator::confirm_start(const sink& emit)
{
    plain_fit best;
    std::uint64_t at = d_likely_at;
    for (std::uint64_t n = d_likely_at - places; n <= d_likely_at + places; ++n) {
        const auto f = fit(n, d_start_known, d_likely.turn, coarse_reach, coarse_steps);
        if (f.share > best.share) {
            best = f;
            at = n;
        }
    }
    if (best.share < start_share ||
        static_cast<double>(std::abs(offset_of(best))) > d_max_offset_hz)
        return;
    if (d_in_call)
        give_up(emit);
    d_in_call = true;
    d_told = false;
    ++d_track;
    d_number = 0;
    d_misses = 0;
    d_codec_score = {};
    d_clock = 0;
    d_turn = best.turn;
    d_next = static_cast<double>(at + d_frame);
    d_start = read(at, best, soft_frame::type::start);
}

void plain_demodulator::demodulate_block(const sink& emit)
{
    const auto expected = static_cast<std::uint64_t>(std::llround(d_next));
    std::array<plain_fit, 2 * places + 1> best{};
    float most = -1;
    for (std::uint8_t c = 0; c < codec_count; ++c) {
        const auto known = known_units(d_signal, known_in_block(c, d_number));
        std::array<plain_fit, 2 * places + 1> fits;
        float share = 0;
        for (std::size_t n = 0; n < fits.size(); ++n) {
            fits[n] = fit(expected + n - places, known, d_turn, fine_reach, fine_steps);
            share = std::max(share, fits[n].share);
        }
        d_codec_score[c] = codec_memory * d_codec_score[c] + share;
        if (d_codec_score[c] > most) {
            most = d_codec_score[c];
            best = fits;
        }
    }
    std::array<float, 2 * places + 1> shares;
    std::transform(
        best.begin(), best.end(), shares.begin(), [](const auto& f) { return f.share; });
    const auto place = static_cast<std::size_t>(
        std::max_element(shares.begin(), shares.end()) - shares.begin());
    const auto& f = best[place];
    if (d_start) {
        d_start->mode = mode_code();
        emit(*d_start);
        d_start.reset();
        d_told = true;
    }
    emit(read(expected + place - places, f, soft_frame::type::block));
    const bool heard = f.share >= block_share;
    d_misses = heard ? 0 : d_misses + 1;
    if (heard) {
        follow(place, shares);
        d_turn += turn_gain * (f.turn - d_turn);
    }
    d_next += static_cast<double>(d_frame) + d_clock;
    if (d_misses >= patience || ++d_number >= max_blocks)
        give_up(emit);
}

/* Moves towards the place where the known units fit best. */
void plain_demodulator::follow(std::size_t place,
                               const std::array<float, 2 * places + 1>& shares)
{
    double late = static_cast<double>(place) - places;
    if (place > 0 && place + 1 < shares.size()) {
        const double before = shares[place - 1], after = shares[place + 1];
        const double bend = 2 * static_cast<double>(shares[place]) - before - after;
        if (bend > 0)
            late += 0.5 * (after - before) / bend;
    }
    d_next += place_gain * late;
    d_clock += clock_gain * late;
}

soft_frame
plain_demodulator::read(std::uint64_t at, const plain_fit& f, soft_frame::type what)
{
    const bool start = what == soft_frame::type::start;
    const std::size_t per_symbol = d_signal.units_per_symbol();
    soft_frame frame;
    d_constellation.clear();
    const std::size_t count = f.share > 0 ? start ? start_data_symbols : data_symbols : 0;
    for (std::size_t m = 0; m < count; ++m) {
        const std::size_t n = start ? start_data_index(m) : data_index(m);
        std::array<cfloat, 2> units{};
        for (std::size_t half = 0; half < per_symbol; ++half) {
            const std::size_t unit = n * per_symbol + half;
            units[half] = f.undone(*sample(at + per_unit * unit), unit);
            d_constellation.push_back(units[half]);
        }
        const auto [first, second] = d_signal.soft_bits(units.data(), f.noise);
        frame.llr[2 * m] = first;
        frame.llr[2 * m + 1] = second;
    }
    frame.what = what;
    frame.mode = mode_code();
    frame.number = static_cast<std::uint16_t>(d_number);
    frame.track = d_track;
    frame.time = seconds_of(static_cast<double>(at));
    frame.sync_quality = f.share;
    frame.started = 1;
    frame.offset_hz = offset_of(f);
    frame.cn0_dbhz = static_cast<float>(
        10 * std::log10(units_per_second() / static_cast<double>(f.noise)));
    return frame;
}

std::uint8_t plain_demodulator::mode_code() const
{
    const auto best = std::max_element(d_codec_score.begin(), d_codec_score.end());
    return mode{ static_cast<codec>(best - d_codec_score.begin()), d_signal.which() }
        .code();
}

double plain_demodulator::units_per_second() const
{
    return symbol_rate * static_cast<double>(d_signal.units_per_symbol());
}

float plain_demodulator::offset_of(const plain_fit& f) const
{
    const double turn =
        d_signal.by_frequency() ? static_cast<double>(f.zero.real()) : f.turn;
    return static_cast<float>(turn / (2 * M_PI) * units_per_second());
}

double plain_demodulator::seconds_of(double at) const
{
    const double up = static_cast<double>(per_unit) * units_per_second() / receive_rate;
    return d_front.seconds((at - d_filter.delay()) / up);
}

void plain_demodulator::give_up(const sink& emit)
{
    d_in_call = false;
    d_start.reset();
    if (!d_told)
        return;
    soft_frame lost;
    lost.what = soft_frame::type::lost_track;
    lost.mode = mode_code();
    lost.number = static_cast<std::uint16_t>(d_number % max_blocks);
    lost.track = d_track;
    lost.time = seconds_of(d_next);
    lost.started = 1;
    emit(lost);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/modulator.h"

#include "core/modem/front/output_resampler.h"
#include "core/modem/front/sample_rate.h"
#include "core/modem/plain/plain_shaper.h"
#include "core/modem/transmit/gmsk_shaper.h"
#include "core/modem/waveform/interleaver.h"
#include "core/modem/waveform/pulse.h"

#include <cmath>
#include <optional>
#include <stdexcept>

#include <liquid/liquid.h>

namespace securevoice {
namespace {

constexpr std::size_t pulse_span =
    16; // symbols; with the window 60 dB down 0.3 kHz beside the channel
constexpr float pulse_window = 2.5f;       // Kaiser window over the pulse (pulse_taps)
constexpr std::size_t resampled_from = 4;  // samples/symbol in front of a resampler
constexpr std::size_t most_direct = 32;    // samples/symbol made without one
constexpr float image_rejection_db = 70;   // dB: images of the resampler
constexpr std::size_t resampler_tail = 32; // samples at its input, more than its memory

using interpolator = liquid_handle<firinterp_crcf, firinterp_crcf_destroy>;

std::size_t choose_samples_per_symbol(double sample_rate)
{
    const double ratio = sample_rate / symbol_rate;
    const bool direct =
        ratio == std::floor(ratio) && ratio <= static_cast<double>(most_direct);
    return direct ? static_cast<std::size_t>(ratio) : resampled_from;
}

} // namespace

struct modulator::impl {
    explicit impl(double sample_rate_)
        : sample_rate(checked_sample_rate(sample_rate_)),
          samples_per_symbol(choose_samples_per_symbol(sample_rate)),
          resample(sample_rate / (symbol_rate * static_cast<double>(samples_per_symbol)),
                   image_rejection_db),
          constant(sample_rate)
    {
        auto taps = pulse_taps(samples_per_symbol, pulse_span, pulse_window);
        pulse = owned_by<interpolator>(
            firinterp_crcf_create(static_cast<unsigned>(samples_per_symbol),
                                  taps.data(),
                                  static_cast<unsigned>(taps.size())),
            "a pulse filter");
    }

    template <typename Symbols>
    void send(const Symbols& symbols, std::vector<cfloat>& out)
    {
        if (plain)
            return plain->send(symbols.data(), symbols.size(), out);
        if (sent == waveform::constant)
            return constant.send(symbols.data(), symbols.size(), out);
        shaped.resize(symbols.size() * samples_per_symbol);
        for (std::size_t n = 0; n < symbols.size(); ++n)
            firinterp_crcf_execute(
                pulse.get(), symbols[n], &shaped[n * samples_per_symbol]);
        resample.push(shaped, out);
    }

    void begin_burst(const coded_frame& start, std::vector<cfloat>& out)
    {
        sent = waveform_of(start.mode);
        const auto profile = profile_of(start.mode);
        if (is_plain(profile))
            plain.emplace(profile, sample_rate);
        interleave.emplace(start);
        if (sent == waveform::constant)
            constant.begin(out);
        in_burst = true;
    }

    void finish_burst(std::vector<cfloat>& out)
    {
        in_burst = false;
        if (plain) {
            plain->end(out);
            plain.reset();
            return;
        }
        if (sent == waveform::constant)
            return constant.end(out);
        send(std::array<cfloat, 2 * pulse_span>{}, out);
        firinterp_crcf_reset(pulse.get());
        resample.end(resampler_tail, out);
    }

    double sample_rate;
    std::size_t samples_per_symbol;
    output_resampler
        resample; // at 1 where the sample rate is a small multiple of the symbol rate
    interpolator pulse;
    gmsk_shaper constant;
    waveform sent = waveform::linear;      // of this burst
    std::optional<interleaver> interleave; // of this burst
    std::optional<plain_shaper> plain;     // of this burst, if it is one
    std::vector<cfloat> shaped;
    bool in_burst = false;
};

modulator::modulator(double sample_rate) : d_impl(std::make_unique<impl>(sample_rate)) {}

modulator::~modulator() = default;

void modulator::modulate(const coded_frame& frame, std::vector<cfloat>& out)
{
    if (frame.what == coded_frame::type::abort)
        return abort(out);
    const bool starts = frame.what == coded_frame::type::start;
    if (starts && d_impl->in_burst)
        throw std::invalid_argument(
            "a start frame came inside a burst: end the burst with a closing word first");
    if (!starts && !d_impl->in_burst)
        throw std::invalid_argument("a burst begins with a start frame: send one first");
    switch (frame.what) {
    case coded_frame::type::start:
        d_impl->begin_burst(frame, out);
        d_impl->send(map_frame(frame), out);
        break;
    case coded_frame::type::closing: {
        const std::size_t remaining = d_impl->interleave->remaining();
        for (std::size_t k = 0; k < remaining; ++k)
            d_impl->send(map_frame(d_impl->interleave->flush()), out);
        d_impl->send(closing_word(frame.number + static_cast<std::uint32_t>(remaining),
                                  d_impl->sent),
                     out);
        d_impl->finish_burst(out);
        break;
    }
    default:
        d_impl->send(map_frame(d_impl->interleave->push(frame)), out);
    }
}

void modulator::abort(std::vector<cfloat>& out)
{
    if (d_impl->in_burst)
        d_impl->finish_burst(out);
}

bool modulator::in_burst() const { return d_impl->in_burst; }

} // namespace securevoice

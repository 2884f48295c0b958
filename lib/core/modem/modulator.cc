/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/modulator.h"

#include "core/modem/gmsk_shaper.h"
#include "core/modem/interleaver.h"
#include "core/modem/plain_shaper.h"
#include "core/modem/pulse.h"

#include <type_traits>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include <liquid/liquid.h>

namespace securevoice {
namespace {

constexpr std::size_t pulse_span =
    16; // symbols; with the window 60 dB down 0.3 kHz beside the channel
constexpr float pulse_window = 2.5f;
constexpr std::size_t resampled_from = 4; // samples/symbol in front of a resampler
constexpr std::size_t most_direct = 32;   // samples/symbol made without one
constexpr float image_rejection_db = 70;
constexpr std::size_t resampler_tail = 32; // samples at its input, more than its memory

struct interpolator_deleter {
    void operator()(firinterp_crcf q) const { firinterp_crcf_destroy(q); }
};
struct resampler_deleter {
    void operator()(msresamp_crcf q) const { msresamp_crcf_destroy(q); }
};
using interpolator =
    std::unique_ptr<std::remove_pointer_t<firinterp_crcf>, interpolator_deleter>;
using resampler =
    std::unique_ptr<std::remove_pointer_t<msresamp_crcf>, resampler_deleter>;

double checked(double sample_rate)
{
    if (!(sample_rate >= 12000 && sample_rate <= 20e6))
        throw std::invalid_argument(
            "sample rate " + std::to_string(sample_rate) +
            " is out of range: choose 12000 to 20000000 samples/s");
    return sample_rate;
}

std::size_t choose_samples_per_symbol(double sample_rate)
{
    const double ratio = sample_rate / symbol_rate;
    const bool direct =
        ratio == std::floor(ratio) && ratio <= static_cast<double>(most_direct);
    return direct ? static_cast<std::size_t>(ratio) : resampled_from;
}

template <typename Handle>
Handle owned(typename Handle::pointer raw)
{
    if (!raw)
        throw std::runtime_error("liquid-dsp could not make a filter of the modulator");
    return Handle(raw);
}

} // namespace

struct modulator::impl {
    explicit impl(double sample_rate_)
        : sample_rate(checked(sample_rate_)),
          samples_per_symbol(choose_samples_per_symbol(sample_rate)),
          rate(sample_rate / (symbol_rate * static_cast<double>(samples_per_symbol))),
          constant(sample_rate)
    {
        auto taps = pulse_taps(samples_per_symbol, pulse_span, pulse_window);
        pulse = owned<interpolator>(
            firinterp_crcf_create(static_cast<unsigned>(samples_per_symbol),
                                  taps.data(),
                                  static_cast<unsigned>(taps.size())));
        if (rate != 1.0)
            resample = owned<resampler>(
                msresamp_crcf_create(static_cast<float>(rate), image_rejection_db));
    }

    template <typename Symbols>
    void send(const Symbols& symbols, std::vector<cfloat>& out)
    {
        if (plain)
            return plain->send(symbols.data(), symbols.size(), out);
        if (kind == waveform::constant)
            return constant.send(symbols.data(), symbols.size(), out);
        shaped.resize(symbols.size() * samples_per_symbol);
        for (std::size_t n = 0; n < symbols.size(); ++n)
            firinterp_crcf_execute(
                pulse.get(), symbols[n], &shaped[n * samples_per_symbol]);
        put(out);
    }

    void put(std::vector<cfloat>& out)
    {
        if (!resample) {
            out.insert(out.end(), shaped.begin(), shaped.end());
            return;
        }
        const std::size_t have = out.size();
        const double most =
            std::ceil(2.0 * rate * static_cast<double>(shaped.size())) + 64.0;
        out.resize(have + static_cast<std::size_t>(most));
        unsigned made = 0;
        msresamp_crcf_execute(resample.get(),
                              shaped.data(),
                              static_cast<unsigned>(shaped.size()),
                              out.data() + have,
                              &made);
        out.resize(have + made);
    }

    void begin_burst(const coded_frame& start, std::vector<cfloat>& out)
    {
        kind = waveform_of(start.mode);
        const auto profile = profile_of(start.mode);
        if (is_plain(profile))
            plain.emplace(profile, sample_rate);
        interleave.emplace(start);
        if (kind == waveform::constant)
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
        if (kind == waveform::constant)
            return constant.end(out);
        send(std::array<cfloat, 2 * pulse_span>{}, out);
        firinterp_crcf_reset(pulse.get());
        if (resample) {
            shaped.assign(resampler_tail, cfloat{});
            put(out);
            msresamp_crcf_reset(resample.get());
        }
    }

    double sample_rate;
    std::size_t samples_per_symbol;
    double rate; // of the resampler
    interpolator pulse;
    resampler
        resample; // none where the sample rate is a small multiple of the symbol rate
    gmsk_shaper constant;
    waveform kind = waveform::linear;      // of this burst
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
                                  d_impl->kind),
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

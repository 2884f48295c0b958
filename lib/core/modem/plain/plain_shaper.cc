/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/plain/plain_shaper.h"

#include "core/modem/front/liquid_handle.h"
#include "core/modem/front/output_resampler.h"

#include <array>

#include <liquid/liquid.h>

namespace securevoice {
namespace {

constexpr unsigned samples_per_symbol = 8; // two bits
constexpr double shaped_rate = symbol_rate * samples_per_symbol;
constexpr unsigned filter_span = 8; // units
// bandwidth times bit; deviation index
constexpr float gmsk_bt = 0.3f, fsk4_index = 1.0f / 3;
constexpr float image_rejection_db = 60; // dB: images of the resampler
constexpr unsigned tail_units = 2 * filter_span + 2;
constexpr std::size_t resampler_tail = 64; // samples at its input, more than its memory

using gmsk_modulator = liquid_handle<gmskmod, gmskmod_destroy>;
using fsk_modulator = liquid_handle<cpfskmod, cpfskmod_destroy>;
using mapper = liquid_handle<modemcf, modemcf_destroy>;
using interpolator = liquid_handle<firinterp_crcf, firinterp_crcf_destroy>;

} // namespace

struct plain_shaper::impl {
    impl(profile p, double sample_rate)
        : signal(p),
          samples(samples_per_symbol / static_cast<unsigned>(signal.units_per_symbol())),
          resample(sample_rate / shaped_rate, image_rejection_db)
    {
        if (p == profile::gmsk)
            gmsk = owned_by<gmsk_modulator>(gmskmod_create(samples, 3, gmsk_bt),
                                            "a GMSK modulator");
        else if (p == profile::fsk4)
            fsk = owned_by<fsk_modulator>(
                cpfskmod_create(2, fsk4_index, samples, 1, 1.0f, LIQUID_CPFSK_SQUARE),
                "an FSK modulator");
        else {
            map = owned_by<mapper>(modemcf_create(p == profile::bpsk ? LIQUID_MODEM_BPSK
                                                                     : LIQUID_MODEM_QPSK),
                                   "a mapper");
            pulse = owned_by<interpolator>(
                firinterp_crcf_create_prototype(
                    LIQUID_FIRFILT_RRC, samples, filter_span, plain_roll_off, 0),
                "a pulse filter");
        }
    }

    /* \param bits one or two of them, as a number */
    void send_unit(unsigned bits)
    {
        const std::size_t at = shaped.size();
        shaped.resize(at + samples);
        if (gmsk) {
            gmskmod_modulate(gmsk.get(), bits, &shaped[at]);
        } else if (fsk) {
            cpfskmod_modulate(fsk.get(), bits, &shaped[at]);
        } else {
            cfloat mapped;
            modemcf_modulate(map.get(), bits, &mapped);
            firinterp_crcf_execute(pulse.get(), mapped, &shaped[at]);
        }
    }

    plain_signal signal;
    unsigned samples; // of a unit
    gmsk_modulator gmsk;
    fsk_modulator fsk;
    mapper map;
    interpolator pulse;
    output_resampler resample;
    std::vector<cfloat> shaped;
};

plain_shaper::plain_shaper(profile p, double sample_rate)
    : d_impl(std::make_unique<impl>(p, sample_rate))
{
}

plain_shaper::~plain_shaper() = default;

void plain_shaper::send(const cfloat* symbols,
                        std::size_t count,
                        std::vector<cfloat>& out)
{
    for (std::size_t n = 0; n < count; ++n) {
        const unsigned b0 = symbols[n].real() < 0, b1 = symbols[n].imag() < 0;
        switch (d_impl->signal.which()) {
        case profile::gmsk: // its 1 is the higher frequency
            d_impl->send_unit(1 - b0);
            d_impl->send_unit(1 - b1);
            break;
        case profile::bpsk:
            d_impl->send_unit(b0);
            d_impl->send_unit(b1);
            break;
        case profile::fsk4:
            d_impl->send_unit(plain_signal::fsk4_symbol(b0, b1));
            break;
        default:
            d_impl->send_unit(2 * b1 + b0); // as modemcf maps QPSK
        }
    }
    d_impl->resample.push(d_impl->shaped, out);
}

void plain_shaper::end(std::vector<cfloat>& out)
{
    for (unsigned n = 0; n < tail_units; ++n)
        if (d_impl->pulse) {
            d_impl->shaped.resize(d_impl->shaped.size() + d_impl->samples);
            firinterp_crcf_execute(
                d_impl->pulse.get(),
                0,
                &d_impl->shaped[d_impl->shaped.size() - d_impl->samples]);
        } else {
            d_impl->send_unit(n % 2);
        }
    d_impl->resample.push(d_impl->shaped, out);
    d_impl->resample.end(resampler_tail, out);
}

} // namespace securevoice

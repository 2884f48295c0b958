/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/liquid_handle.h"

#include <complex>
#include <vector>

#include <liquid/liquid.h>

/*! Filters of analog voice, made by liquid-dsp. */
namespace securevoice {

using fir_filter = liquid_handle<firfilt_rrrf, firfilt_rrrf_destroy>;
using channel_filter = liquid_handle<firfilt_crcf, firfilt_crcf_destroy>;
using iir_filter = liquid_handle<iirfilt_rrrf, iirfilt_rrrf_destroy>;
using voice_resampler = liquid_handle<rresamp_rrrf, rresamp_rrrf_destroy>;

/*! Taps, an odd number, of a low-pass whose middle of the edge is at \p edge; 60 dB down
 * beyond it by half of \p transition, all in Hz. */
std::vector<float> low_pass_taps(double rate, double edge, double transition);
/*! Makes a band-pass around \p centre of them. */
std::vector<float> moved(std::vector<float> taps, double rate, double centre);
fir_filter make_fir(std::vector<float> taps);
channel_filter make_channel_filter(std::vector<float> taps);
/*! Lets voice above 300 Hz through, and keeps a CTCSS tone off. */
iir_filter make_voice_high_pass(double rate);
/*! 750 us, gain 1 at 1 kHz. */
iir_filter make_pre_emphasis(double rate);
iir_filter make_de_emphasis(double rate);
/*! From receive_rate to speech_rate: 12 samples become 5. Lets voice below 3.3 kHz
 * through; its delay is in samples of the input. */
voice_resampler make_voice_resampler();

} // namespace securevoice

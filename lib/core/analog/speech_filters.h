/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <type_traits>
#include <complex>
#include <memory>
#include <vector>

#include <liquid/liquid.h>

/*! Filters of analog voice, made by liquid-dsp. */
namespace securevoice {

struct fir_deleter {
    void operator()(firfilt_rrrf q) const { firfilt_rrrf_destroy(q); }
};
struct channel_fir_deleter {
    void operator()(firfilt_crcf q) const { firfilt_crcf_destroy(q); }
};
struct iir_deleter {
    void operator()(iirfilt_rrrf q) const { iirfilt_rrrf_destroy(q); }
};
struct voice_resampler_deleter {
    void operator()(rresamp_rrrf q) const { rresamp_rrrf_destroy(q); }
};
using fir_filter = std::unique_ptr<std::remove_pointer_t<firfilt_rrrf>, fir_deleter>;
using channel_filter =
    std::unique_ptr<std::remove_pointer_t<firfilt_crcf>, channel_fir_deleter>;
using iir_filter = std::unique_ptr<std::remove_pointer_t<iirfilt_rrrf>, iir_deleter>;
using voice_resampler =
    std::unique_ptr<std::remove_pointer_t<rresamp_rrrf>, voice_resampler_deleter>;

/*! Taps, an odd number, of a low-pass whose middle of the edge is at \p edge; 60 dB down beyond it by half of \p transition, all in Hz. */
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
/*! From receive_rate to speech_rate: 12 samples become 5. Lets voice below 3.3 kHz through; its delay is in samples of the input. */
voice_resampler make_voice_resampler();

} // namespace securevoice

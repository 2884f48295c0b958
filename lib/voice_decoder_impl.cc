/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "voice_decoder_impl.h"

#include "buffer_check.h"

namespace gr {
namespace securevoice {

voice_decoder::sptr voice_decoder::make(bool clear_tones)
{
    ::securevoice::speech_decoder_options options;
    options.clear_tones = clear_tones;
    return gnuradio::make_block_sptr<voice_decoder_impl>(options);
}

voice_decoder_impl::voice_decoder_impl(
    const ::securevoice::speech_decoder_options& options)
    : gr::block("voice_decoder", input_signature_of(), output_signature_of()),
      d_speech_decoder(options)
{
    d_pcm.reserve(::securevoice::samples_per_block); // it never moves and leaves a copy
    refuse_buffers_in_files();
}

void voice_decoder_impl::take(const ::securevoice::heard_block* heard, std::size_t)
{
    constexpr float full_scale = 32768;
    d_speech_decoder.decode(*heard, d_pcm);
    for (const auto sample : d_pcm)
        ready().push_back(static_cast<float>(sample) / full_scale);
    ::securevoice::wipe_memory(d_pcm.data(), d_pcm.size() * sizeof(std::int16_t));
    d_pcm.clear();
}

bool voice_decoder_impl::stop()
{
    d_speech_decoder.forget();
    return streaming::stop();
}

} // namespace securevoice
} // namespace gr

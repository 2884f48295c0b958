/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "voice_decoder_impl.h"

#include "buffer_check.h"

namespace gr {
namespace securevoice {

voice_decoder::sptr voice_decoder::make()
{
    return gnuradio::make_block_sptr<voice_decoder_impl>();
}

voice_decoder_impl::voice_decoder_impl()
    : gr::block("voice_decoder", input_signature_of(), output_signature_of())
{
    refuse_buffers_in_files();
}

void voice_decoder_impl::take(const ::securevoice::heard_block* heard, std::size_t)
{
    constexpr float full_scale = 32768;
    d_listener.hear(*heard, d_pcm);
    for (const auto sample : d_pcm)
        ready().push_back(static_cast<float>(sample) / full_scale);
    sodium_memzero(d_pcm.data(), d_pcm.size() * sizeof(std::int16_t));
    d_pcm.clear();
}

} // namespace securevoice
} // namespace gr

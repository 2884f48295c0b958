/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "voice_encoder_impl.h"

#include "buffer_check.h"

#include "core/crypto/secret_memory.h"

#include <array>
#include <cmath>

namespace gr {
namespace securevoice {

voice_encoder::sptr
voice_encoder::make(const std::string& codec, bool ptt, bool begin_in_fm)
{
    return gnuradio::make_block_sptr<voice_encoder_impl>(codec, ptt, begin_in_fm);
}

voice_encoder_impl::voice_encoder_impl(const std::string& codec,
                                       bool ptt,
                                       bool begin_in_fm)
    : gr::block("voice_encoder", input_signature_of(), output_signature_of()),
      d_talker(::securevoice::codec_from_name(codec)),
      d_sink([this](const auto& spoken) { ready().push_back(spoken); })
{
    refuse_buffers_in_files();
    if (begin_in_fm)
        d_talker.begin_in_fm();
    if (ptt)
        d_talker.press();
    message_port_register_in(pmt::mp("conf"));
    set_msg_handler(pmt::mp("conf"),
                    [this](const pmt::pmt_t& message) { obey(message); });
}

void voice_encoder_impl::set_kind(const std::string& kind)
{
    _post(pmt::mp("conf"), kind_message(kind_from_name(kind)));
}

void voice_encoder_impl::set_ptt(bool pressed)
{
    _post(pmt::mp("conf"), ptt_message(pressed));
}

void voice_encoder_impl::zeroize() { _post(pmt::mp("conf"), zeroize_message()); }

bool voice_encoder_impl::stop()
{
    d_talker.forget();
    return streaming::stop();
}

void voice_encoder_impl::obey(const pmt::pmt_t& message)
{
    try {
        const auto command = parse_conf(message);
        if (command.kind == ::securevoice::kind::clear)
            d_talker.clear_command();
        if (command.kind == ::securevoice::kind::fm)
            d_talker.fm_command();
        if (command.kind == ::securevoice::kind::secure)
            d_talker.secure_command();
        if (command.ptt)
            *command.ptt ? d_talker.press() : d_talker.release(d_sink);
        if (command.zeroize) {
            drop_ready();
            d_talker.abort(d_sink);
        }
    } catch (const std::exception& e) {
        d_logger->warn("message on 'conf' ignored: {}", e.what());
    }
}

void voice_encoder_impl::take(const float* samples, std::size_t count)
{
    constexpr float full_scale = 32768;
    std::array<std::int16_t, ::securevoice::samples_per_block> pcm;
    const ::securevoice::wiped_at_end wipe_pcm(pcm);
    for (std::size_t n = 0; n < count; ++n) {
        const float x = std::isfinite(samples[n]) ? samples[n] : 0;
        pcm[n] = static_cast<std::int16_t>(
            std::lrint(std::clamp(x * full_scale, -full_scale, full_scale - 1)));
    }
    d_talker.push(pcm.data(), count, d_sink);
}

void voice_encoder_impl::finish() { d_talker.release(d_sink); }

} // namespace securevoice
} // namespace gr

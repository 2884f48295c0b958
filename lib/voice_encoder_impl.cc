/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "voice_encoder_impl.h"

#include "buffer_check.h"

#include "core/crypto/secret_memory.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace gr {
namespace securevoice {

namespace {

constexpr double speech_rate = ::securevoice::speech_rate;
/*! What a sound server keeps at most while it is read all the time, and the card before
 * it: PulseAudio and PipeWire 20 to 100 ms, GNU Radio's own portions for ALSA 40 ms. */
constexpr auto server_samples = static_cast<std::uint64_t>(0.2 * speech_rate);
/*! What it keeps while nobody reads it, before it drops samples. More, and `clear` would
 * wait for ever behind a source that was paused. */
constexpr auto unread_samples = static_cast<std::uint64_t>(10 * speech_rate);
/*! The same for push-to-talk, where waiting for what was dropped costs words, or keeps
 * the microphone open: less where nothing waits in this flowgraph, so that somebody may
 * have read late, but was not held up. */
constexpr auto unread_words = static_cast<std::uint64_t>(2 * speech_rate);
constexpr auto late_words = static_cast<std::uint64_t>(0.5 * speech_rate);
/*! A source that gave nothing for so long has nothing: a release waits for it no longer.
 * GNU Radio asks every 0.25 s. */
constexpr auto patience = std::chrono::milliseconds(500);

double seconds(std::chrono::steady_clock::time_point time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

/*! Items that were made before a block's input and have not been read by it, at most.
 * Those of blocks before it count as they will arrive; the blocks upstream are asked
 * first, so that what moves meanwhile is not missed. */
double waiting_items(const gr::buffer_reader_sptr& input)
{
    double upstream = 0;
    const auto writer = input->buffer()->link();
    if (writer->detail())
        for (int n = 0; n < writer->detail()->ninputs(); ++n)
            upstream = std::max(
                upstream,
                waiting_items(writer->detail()->input(static_cast<unsigned>(n))));
    gr::thread::scoped_lock guard(*input->mutex());
    return upstream * writer->relative_rate() + input->items_available();
}

} // namespace

voice_encoder::sptr voice_encoder::make(const std::string& codec,
                                        bool ptt,
                                        bool begin_in_fm,
                                        const std::string& ptt_timeout)
{
    return gnuradio::make_block_sptr<voice_encoder_impl>(
        codec, ptt, begin_in_fm, ptt_timeout);
}

voice_encoder_impl::voice_encoder_impl(const std::string& codec,
                                       bool ptt,
                                       bool begin_in_fm,
                                       const std::string& ptt_timeout)
    : gr::block("voice_encoder", input_signature_of(), output_signature_of()),
      d_codec(::securevoice::codec_from_name(codec)),
      d_limit(::securevoice::talk_limit_from(ptt_timeout)),
      d_pressed(ptt),
      d_begin_in_fm(begin_in_fm),
      d_sink([this](const auto& spoken) {
          if (spoken.flags & ::securevoice::spoken_block::timed_out)
              d_pressed = false;
          ready().push_back(spoken);
      })
{
    refuse_buffers_in_files();
    make_speech_encoder();
    message_port_register_in(pmt::mp("conf"));
    set_msg_handler(pmt::mp("conf"),
                    [this](const pmt::pmt_t& message) { obey(message); });
}

void voice_encoder_impl::make_speech_encoder()
{
    d_speech_encoder = std::make_unique<::securevoice::speech_encoder>(d_codec, d_limit);
    d_line = {};
    if (d_begin_in_fm)
        d_speech_encoder->begin_in_fm();
    if (d_pressed)
        d_speech_encoder->press();
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

void voice_encoder_impl::renew() { make_speech_encoder(); }

bool voice_encoder_impl::start()
{
    const bool started = streaming::start();
    d_arrival = std::chrono::steady_clock::now(); // those of an earlier run say nothing
    // All blocks start before one of them works: what was asked for until now was asked
    // before the first sample.
    while (const auto message = delete_head_nowait(pmt::mp("conf")))
        obey(message);
    return started;
}

bool voice_encoder_impl::stop()
{
    d_speech_encoder->forget();
    return streaming::stop();
}

int voice_encoder_impl::general_work(int noutput_items,
                                     gr_vector_int& ninput_items,
                                     gr_vector_const_void_star& input_items,
                                     gr_vector_void_star& output_items)
{
    if (ninput_items[0] > 0) {
        d_arrival = std::chrono::steady_clock::now();
        d_line.observe(seconds(d_arrival),
                       nitems_read(0) + static_cast<std::uint64_t>(ninput_items[0]),
                       ninput_items[0] <=
                           detail()->input(0)->max_possible_items_available() / 2);
    } else if (nobody_speaks()) {
        d_speech_encoder->release_waiting(d_sink);
    }
    return streaming::general_work(
        noutput_items, ninput_items, input_items, output_items);
}

void voice_encoder_impl::forecast(int noutput_items, gr_vector_int& required)
{
    streaming::forecast(noutput_items, required);
    if (nobody_speaks())
        required[0] = 0;
}

/*! A release waits for speech that does not come. */
bool voice_encoder_impl::nobody_speaks() const
{
    return d_speech_encoder->releasing() &&
           std::chrono::steady_clock::now() - d_arrival > patience;
}

voice_encoder_impl::captured voice_encoder_impl::captured_by(double time)
{
    const auto now = d_speech_encoder->next_sample();
    const auto items =
        detail()
            ? static_cast<std::uint64_t>(std::ceil(waiting_items(detail()->input(0))))
            : 0;
    return { now + items, std::max(now + items, d_line.captured_by(time)), items == 0 };
}

void voice_encoder_impl::obey(const pmt::pmt_t& message)
{
    using ::securevoice::kind;
    try {
        const auto command = parse_conf(message);
        const auto time = std::chrono::steady_clock::now();
        const auto speech = captured_by(seconds(time));
        if (command.kind) {
            const auto all = std::min(speech.at_most, speech.waiting + unread_samples);
            d_speech_encoder->command(
                *command.kind, command_time(time), all + server_samples);
            d_begin_in_fm = d_begin_in_fm && *command.kind != kind::secure;
        }
        if (command.ptt)
            move_key(*command.ptt, speech);
        if (command.zeroize) {
            d_pressed = d_begin_in_fm = false;
            drop_ready();
            d_speech_encoder->abort(d_sink);
        }
    } catch (const std::exception& e) {
        d_logger->warn("message on 'conf' ignored: {}", e.what());
    }
}

void voice_encoder_impl::move_key(bool pressed, const captured& speech)
{
    d_pressed = pressed;
    const auto from = std::min(speech.at_most,
                               speech.waiting + (speech.dry ? late_words : unread_words));
    if (pressed)
        d_speech_encoder->press(from);
    else
        d_speech_encoder->release(from, d_sink);
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
    d_speech_encoder->push(pcm.data(), count, d_sink);
}

void voice_encoder_impl::finish() { d_speech_encoder->release(d_sink); }

} // namespace securevoice
} // namespace gr

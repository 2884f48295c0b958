/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "conf_message.h"
#include "streaming.h"

#include "core/chain/capture_line.h"
#include "core/chain/speech_encoder.h"

#include <gnuradio/securevoice/voice_encoder.h>

#include <chrono>
#include <memory>
#include <optional>

namespace gr {
namespace securevoice {

class voice_encoder_impl
    : public streaming<voice_encoder, float, ::securevoice::spoken_block>
{
public:
    voice_encoder_impl(const std::string& codec,
                       bool ptt,
                       bool begin_in_fm,
                       const std::string& ptt_timeout);

    void set_kind(const std::string& kind) override;
    void set_ptt(bool pressed) override;
    void zeroize() override;
    bool start() override;
    bool stop() override;

    void forecast(int noutput_items, gr_vector_int& required) override;
    int general_work(int noutput_items,
                     gr_vector_int& ninput_items,
                     gr_vector_const_void_star& input_items,
                     gr_vector_void_star& output_items) override;

private:
    /*! Numbers of samples, as the speech encoder counts them. */
    struct captured {
        std::uint64_t
            waiting; // all that this flowgraph has before this block comes before it
        std::uint64_t at_most; // all that may have been captured, wherever it is
        bool dry;              // nothing waits in this flowgraph
    };
    captured captured_by(double time);
    bool nobody_speaks() const;
    void take(const float* samples, std::size_t count) override;
    void finish() override;
    void renew() override;
    std::size_t at_once() const override { return ::securevoice::samples_per_block; }
    void obey(const pmt::pmt_t& message);
    void move_key(bool pressed, const captured& speech);
    void make_speech_encoder();

    const ::securevoice::codec d_codec;
    const std::optional<::securevoice::talk_limit> d_limit;
    bool d_pressed;     // as was asked for last; a key that timed out is up
    bool d_begin_in_fm; // until `secure` is asked for
    std::unique_ptr<::securevoice::speech_encoder> d_speech_encoder;
    ::securevoice::speech_encoder::sink d_sink;
    ::securevoice::capture_line d_line;
    std::chrono::steady_clock::time_point d_arrival; // of the newest samples
};

} // namespace securevoice
} // namespace gr

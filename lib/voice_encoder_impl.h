/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "conf_message.h"
#include "streaming.h"

#include "core/chain/talker.h"

#include <gnuradio/securevoice/voice_encoder.h>

namespace gr {
namespace securevoice {

class voice_encoder_impl
    : public streaming<voice_encoder, float, ::securevoice::spoken_block>
{
public:
    voice_encoder_impl(const std::string& codec, bool ptt, bool begin_in_fm);

    void set_kind(const std::string& kind) override;
    void set_ptt(bool pressed) override;
    void zeroize() override;
    bool stop() override;

private:
    void take(const float* samples, std::size_t count) override;
    void finish() override;
    std::size_t at_once() const override { return ::securevoice::samples_per_block; }
    void obey(const pmt::pmt_t& message);

    ::securevoice::talker d_talker;
    ::securevoice::talker::sink d_sink;
};

} // namespace securevoice
} // namespace gr

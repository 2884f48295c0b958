/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "streaming.h"

#include "core/chain/speech_decoder.h"

#include <gnuradio/securevoice/voice_decoder.h>

namespace gr {
namespace securevoice {

class voice_decoder_impl
    : public streaming<voice_decoder, ::securevoice::heard_block, float>
{
public:
    explicit voice_decoder_impl(const ::securevoice::speech_decoder_options& options);

    bool stop() override;

private:
    void take(const ::securevoice::heard_block* block, std::size_t) override;

    ::securevoice::speech_decoder d_speech_decoder;
    std::vector<std::int16_t> d_pcm; // of one block
};

} // namespace securevoice
} // namespace gr

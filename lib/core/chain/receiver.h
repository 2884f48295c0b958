/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/call_receiver.h"
#include "core/chain/dual_demodulator.h"
#include "core/chain/speech_decoder.h"

namespace securevoice {

struct receiver_options {
    demodulator_options demodulate;
    analog_options analog;
    call_receiver_options receive;
    speech_decoder_options decode;
};

/*! The whole receiving path, IQ to speech, without a scheduler. */
class receiver
{
public:
    explicit receiver(receiver_options options);

    void push(const cfloat* iq, std::size_t count, std::vector<std::int16_t>& speech);
    void finish(std::vector<std::int16_t>& speech);

    receiver_status status() const { return d_call_receiver.status(); }
    const std::vector<cfloat>& constellation() const
    {
        return d_dual_demodulator.constellation();
    }

    /*! Called for each frame that leaves the dual demodulator, and each slot that leaves
     * the call receiver. */
    std::function<void(const soft_frame&)> on_frame;
    std::function<void(const heard_block&)> on_block;

private:
    void take(const soft_frame& frame, std::vector<std::int16_t>& speech);

    dual_demodulator d_dual_demodulator;
    call_receiver d_call_receiver;
    speech_decoder d_speech_decoder;
};

} // namespace securevoice

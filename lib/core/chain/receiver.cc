/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/receiver.h"

#include <utility>

namespace securevoice {

receiver::receiver(receiver_options options)
    : d_dual_demodulator(options.demodulate, options.analog),
      d_call_receiver(std::move(options.receive)),
      d_speech_decoder(options.decode)
{
}

void receiver::push(const cfloat* iq,
                    std::size_t count,
                    std::vector<std::int16_t>& speech)
{
    d_dual_demodulator.push(
        iq, count, [&](const soft_frame& frame) { take(frame, speech); });
}

void receiver::finish(std::vector<std::int16_t>& speech)
{
    d_dual_demodulator.finish([&](const soft_frame& frame) { take(frame, speech); });
}

void receiver::take(const soft_frame& frame, std::vector<std::int16_t>& speech)
{
    if (on_frame)
        on_frame(frame);
    d_call_receiver.receive(frame, [&](const heard_block& block) {
        if (on_block)
            on_block(block);
        d_speech_decoder.decode(block, speech);
    });
}

} // namespace securevoice

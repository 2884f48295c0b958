/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/clear_tone.h"
#include "core/protocol/frames.h"

#include <vector>

namespace securevoice {

/*!
 * What a sender hears of his own transmission: a tone at the start of clear and every 5 s
 * of it, silence while it is secure; and a deep, longer one when push-to-talk is about to
 * time out. Made from frames that were sent, never from commands, so that it cannot say
 * what is not so.
 */
class sidetone
{
public:
    sidetone() : d_tone(clear_tone::sender_seconds) {}

    /*! The tone of the time-out: 500 Hz, -12 dBFS peak, 0.4 s. */
    static constexpr double end_hertz = 500;
    static constexpr std::size_t end_length = 3200; // samples

    /*! Appends 640 samples (16 bit, 8 kHz) for a block; none for other frames. */
    void take(const coded_frame& frame, std::vector<std::int16_t>& out);

private:
    void warn_of_the_end(std::int16_t* out, std::size_t count);

    clear_tone d_tone;
    bool d_ends_soon = false;
    std::size_t d_warned = 0; // samples of that tone
};

} // namespace securevoice

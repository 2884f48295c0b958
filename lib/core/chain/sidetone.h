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
 * What a sender hears of his own transmission: a tone at the start of clear and every 5 s of
 * it, silence while it is secure. Made from frames that were sent, never from commands, so that
 * it cannot say what is not so.
 */
class sidetone
{
public:
    sidetone() : d_tone(clear_tone::sender_seconds) {}

    /*! Appends 640 samples (16 bit, 8 kHz) for a block; none for other frames. */
    void take(const coded_frame& frame, std::vector<std::int16_t>& out);

private:
    clear_tone d_tone;
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/vocoder/vocoder.h"

#include <array>
#include <optional>
#include <vector>

namespace securevoice {

/*!
 * Loudspeaker side: heard blocks to speech. A lost block repeats the last good one for
 * 160 ms at most, then silence; never across kinds.
 */
class listener
{
public:
    /*! Appends 640 samples (16 bit, 8 kHz) for each slot of a call; none for `finish`. */
    void hear(const heard_block& block, std::vector<std::int16_t>& out);

private:
    std::array<std::optional<vocoder_decoder>, codec_count> d_vocoders;
    std::optional<heard_block> d_last; // newest good block of the call
    unsigned d_concealed = 0;
};

} // namespace securevoice

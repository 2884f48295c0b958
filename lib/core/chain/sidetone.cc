/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/sidetone.h"

namespace securevoice {

void sidetone::take(const coded_frame& frame, std::vector<std::int16_t>& out)
{
    if (frame.what != coded_frame::type::block &&
        frame.what != coded_frame::type::analog) {
        d_tone.restart(); // each transmission warns anew
        return;
    }
    const auto at = out.size();
    out.resize(at + samples_per_block, 0);
    if (frame.kind == kind::secure)
        d_tone.restart();
    else // also a block of which nobody said what it is
        d_tone.mix(out.data() + at, samples_per_block);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/waveform.h"

#include <array>
#include <cstddef>

namespace securevoice {

/*!
 * Takes what is far above the level of the last block time down to it, for the search:
 * pulses of interference that take less than half of the time neither hide a start frame
 * nor raise the level by which its Golay words are judged. The level is the median of the
 * powers of short cells. A signal that begins suddenly is limited, too, for half a block
 * time; its phase, which the search needs, stays. Behind that it is scaled to the level
 * that it was limited to: a start frame is of one power, though it began far above the
 * noise.
 */
class search_limiter
{
public:
    static constexpr std::size_t cell = 12; // samples: 3 symbols

    /*! The next samples as they were received: the level is theirs. A carrier that is
     * taken away from them would leave a level by which all that comes behind it is a
     * pulse. \param count a multiple of cell */
    void see(const cfloat* samples, std::size_t count);
    /*! Limits and scales them, in place. */
    void apply(cfloat* samples, std::size_t count);

private:
    static constexpr std::size_t cells = 128; // 80 ms
    float median();
    void limit(cfloat* samples, std::size_t count);
    void follow_level(); // with the scale

    std::array<float, cells> d_powers{}, d_sorted{};
    std::size_t d_next = 0;
    float d_level = 0; // that the scale was chosen for
    float d_gain = 1;
};

} // namespace securevoice

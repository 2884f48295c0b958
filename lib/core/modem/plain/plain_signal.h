/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/waveform/known_symbols.h"
#include "core/protocol/mode.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace securevoice {

constexpr float plain_roll_off = 0.25f; // of `bpsk` and `qpsk`

/*!
 * What the plain modems of liquid-dsp (docs/protocol.md, 3.7) send of a frame: its 384
 * QPSK symbols as units, which are symbols (`qpsk`, `4fsk`) or single bits (`bpsk`,
 * `gmsk`).
 */
class plain_signal
{
public:
    explicit plain_signal(profile p) : d_profile(p) {}

    profile which() const { return d_profile; }
    bool bitwise() const
    {
        return d_profile == profile::bpsk || d_profile == profile::gmsk;
    }
    /*! Discriminated, and so real, with an unknown zero; else complex with an unknown
     * phase. */
    bool by_frequency() const
    {
        return d_profile == profile::gmsk || d_profile == profile::fsk4;
    }
    std::size_t units_per_symbol() const { return bitwise() ? 2 : 1; }
    std::size_t units_per_frame() const { return units_per_symbol() * block_symbols; }

    /*! What liquid's modulators take, from the bits of a symbol; a bit is 1 where the
     * axis is negative. */
    static unsigned fsk4_symbol(unsigned b0, unsigned b1) { return b0 ? 1 - b1 : 2 + b1; }

    /*! The unit that a receiver sees of a symbol's part, scale and zero apart.
     * \param half of a symbol, where units are bits */
    cfloat unit(cfloat symbol, std::size_t half) const;

    /*! ln P(0)/P(1) of the two bits of a symbol from its units, scale and zero taken off.
     * \param noise variance of a unit, of both axes where it is complex */
    std::pair<float, float> soft_bits(const cfloat* units, float noise) const;

private:
    profile d_profile;
};

} // namespace securevoice

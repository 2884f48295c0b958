/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_format.h"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace securevoice::apps {

using iq_samples = std::vector<std::complex<float>>;

/*!
 * What the largest integers stand for, in I and in Q each. A call that tx makes has the mean power 1 and stays below 1.9: it keeps
 * head-room, and what was written as integers is read with the power it had.
 */
constexpr float full_scale = 2.0F;

/*! Octets of one sample. */
std::size_t sample_octets(iq_encoding encoding);

/*! \p octets holds \p count samples, \p out takes as many */
void decode_iq(iq_encoding encoding,
               const std::uint8_t* octets,
               std::size_t count,
               std::complex<float>* out);

/*! Samples to octets. Integers are rounded to the nearest; what lies beyond full scale becomes the largest one and is counted, as is
 * NaN, which becomes zero. */
class iq_encoder
{
public:
    explicit iq_encoder(iq_encoding encoding) : d_encoding(encoding) {}

    /*! Replaces \p octets. */
    void encode(const iq_samples& samples, std::vector<std::uint8_t>& octets);

    iq_encoding encoding() const { return d_encoding; }
    std::uint64_t samples() const { return d_samples; }
    /*! Samples of which I or Q was clipped. */
    std::uint64_t clipped() const { return d_clipped; }

private:
    template <typename Integer>
    void quantise(const iq_samples& samples, std::uint8_t* octets);

    iq_encoding d_encoding;
    std::uint64_t d_samples = 0;
    std::uint64_t d_clipped = 0;
};

} // namespace securevoice::apps

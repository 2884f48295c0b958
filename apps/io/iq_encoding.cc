/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_encoding.h"

#include <type_traits>
#include <cmath>
#include <cstring>
#include <limits>

namespace securevoice::apps {

namespace {

/*! Integer to amplitude: amplitude = (integer - zero) * step. */
template <typename Integer>
struct scale {
    static constexpr float half =
        static_cast<float>(std::make_unsigned_t<Integer>(~0U) / 2 + 1);
    // Of unsigned ones no integer is zero.
    static constexpr float zero = std::is_signed_v<Integer> ? 0.0F : half - 0.5F;
    static constexpr float step =
        full_scale / (std::is_signed_v<Integer> ? half : half - 0.5F);
};

template <typename Integer>
void decode_integers(const std::uint8_t* octets,
                     std::size_t count,
                     std::complex<float>* out)
{
    using s = scale<Integer>;
    for (std::size_t n = 0; n < count; ++n) {
        Integer iq[2];
        std::memcpy(iq, octets + n * sizeof iq, sizeof iq);
        out[n] = { (static_cast<float>(iq[0]) - s::zero) * s::step,
                   (static_cast<float>(iq[1]) - s::zero) * s::step };
    }
}

/*! \return whether it fits */
template <typename Integer>
bool quantise_one(float x, Integer& out)
{
    using s = scale<Integer>;
    constexpr auto least = static_cast<float>(std::numeric_limits<Integer>::min());
    constexpr auto most = static_cast<float>(std::numeric_limits<Integer>::max());
    const float scaled = std::nearbyint(x / s::step + s::zero);
    if (scaled >= least && scaled <= most) { // no NaN
        out = static_cast<Integer>(scaled);
        return true;
    }
    if (std::isnan(x))
        out = static_cast<Integer>(std::ceil(s::zero));
    else
        out = x > 0 ? std::numeric_limits<Integer>::max()
                    : std::numeric_limits<Integer>::min();
    return false;
}

} // namespace

std::size_t sample_octets(iq_encoding encoding)
{
    switch (encoding) {
    case iq_encoding::cf32:
        return 8;
    case iq_encoding::cs16:
        return 4;
    default:
        return 2;
    }
}

void decode_iq(iq_encoding encoding,
               const std::uint8_t* octets,
               std::size_t count,
               std::complex<float>* out)
{
    if (count == 0)
        return;
    switch (encoding) {
    case iq_encoding::cf32:
        std::memcpy(static_cast<void*>(out), octets, count * sizeof *out);
        return;
    case iq_encoding::cs16:
        return decode_integers<std::int16_t>(octets, count, out);
    case iq_encoding::cs8:
        return decode_integers<std::int8_t>(octets, count, out);
    case iq_encoding::cu8:
        return decode_integers<std::uint8_t>(octets, count, out);
    }
}

template <typename Integer>
void iq_encoder::quantise(const iq_samples& samples, std::uint8_t* octets)
{
    for (const auto& sample : samples) {
        Integer iq[2];
        const bool i = quantise_one(sample.real(), iq[0]);
        const bool q = quantise_one(sample.imag(), iq[1]);
        d_clipped += i && q ? 0 : 1;
        std::memcpy(octets, iq, sizeof iq);
        octets += sizeof iq;
    }
}

void iq_encoder::encode(const iq_samples& samples, std::vector<std::uint8_t>& octets)
{
    octets.resize(samples.size() * sample_octets(d_encoding));
    if (samples.empty())
        return;
    d_samples += samples.size();
    switch (d_encoding) {
    case iq_encoding::cf32:
        std::memcpy(octets.data(), samples.data(), octets.size());
        return;
    case iq_encoding::cs16:
        return quantise<std::int16_t>(samples, octets.data());
    case iq_encoding::cs8:
        return quantise<std::int8_t>(samples, octets.data());
    case iq_encoding::cu8:
        return quantise<std::uint8_t>(samples, octets.data());
    }
}

} // namespace securevoice::apps

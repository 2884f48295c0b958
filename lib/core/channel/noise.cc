/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/channel/noise.h"

#include "core/channel/phasor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace securevoice {

namespace {

constexpr std::size_t batch = 512;

// -ln(u), u = (n + 1/2) / 2^31, for n of 31 bits. Cephes' logf (Moshier), without
// branches.
inline float minus_log(std::int32_t n)
{
    const float u = (static_cast<float>(n) + 0.5F) * 4.656612873e-10F;
    std::int32_t bits;
    std::memcpy(&bits, &u, sizeof bits);
    // u = m 2^e with m in sqrt(1/2) ... sqrt(2)
    const std::int32_t e = (bits - 0x3f3504f3) >> 23;
    bits -= e * (1 << 23);
    float m;
    std::memcpy(&m, &bits, sizeof m);
    const float x = m - 1.0F;
    const float z = x * x;
    float p = 7.0376836292e-2F;
    p = p * x - 1.1514610310e-1F;
    p = p * x + 1.1676998740e-1F;
    p = p * x - 1.2420140846e-1F;
    p = p * x + 1.4249322787e-1F;
    p = p * x - 1.6668057665e-1F;
    p = p * x + 2.0000714765e-1F;
    p = p * x - 2.4999993993e-1F;
    p = p * x + 3.3333331174e-1F;
    const auto k = static_cast<float>(e);
    const float log = p * x * z - 0.5F * z + x + k * 0.693147181F;
    return log < 0 ? -log : 0.0F;
}

} // namespace

void noise_source::add(std::complex<float>* samples, std::size_t count, float amplitude)
{
    std::array<std::uint64_t, batch> words;
    std::array<std::int32_t, batch> magnitudes;
    std::array<std::uint32_t, batch> phases;
    std::array<float, batch> re;
    std::array<float, batch> im;
    while (count != 0) {
        const auto n = std::min(count, batch);
        for (std::size_t i = 0; i < n; ++i)
            words[i] = d_random();
        for (std::size_t i = 0; i < n; ++i) {
            magnitudes[i] = static_cast<std::int32_t>(words[i] >> 33);
            phases[i] = static_cast<std::uint32_t>(words[i]);
        }
        for (std::size_t i = 0; i < n; ++i) {
            // |sample|^2 of mean 1 is exponential
            const float r = std::sqrt(minus_log(magnitudes[i])) * amplitude;
            float c;
            float s;
            phasor(phases[i], c, s);
            re[i] = r * c;
            im[i] = r * s;
        }
        for (std::size_t i = 0; i < n; ++i)
            samples[i] += std::complex<float>(re[i], im[i]);
        samples += n;
        count -= n;
    }
}

} // namespace securevoice

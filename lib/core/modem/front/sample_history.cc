/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/sample_history.h"

#include "core/modem/front/vectors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t lanes = 8; // floats in a vector of 256 bits

/* Times a carrier: each lane takes every eighth sample and turns on by \p step. */
SECUREVOICE_FOR_EACH_PROCESSOR
void turn_back(const float* x,
               std::size_t count,
               cfloat carrier,
               const std::array<cfloat, lanes>& ahead,
               cfloat step,
               float* out)
{
    const float sr = step.real(), si = step.imag();
    float cr[lanes], ci[lanes];
    for (std::size_t k = 0; k < lanes; ++k) {
        cr[k] = carrier.real() * ahead[k].real() - carrier.imag() * ahead[k].imag();
        ci[k] = carrier.real() * ahead[k].imag() + carrier.imag() * ahead[k].real();
    }
    std::size_t n = 0;
    for (; n + lanes <= count; n += lanes) {
        const float* const in = x + 2 * n;
        float* __restrict to = out + 2 * n;
        for (std::size_t k = 0; k < lanes; ++k) {
            const float xr = in[2 * k], xi = in[2 * k + 1];
            to[2 * k] = xr * cr[k] - xi * ci[k];
            to[2 * k + 1] = xr * ci[k] + xi * cr[k];
        }
        for (std::size_t k = 0; k < lanes; ++k) {
            const float r = cr[k] * sr - ci[k] * si;
            ci[k] = cr[k] * si + ci[k] * sr;
            cr[k] = r;
        }
    }
    for (std::size_t k = 0; n < count; ++n, ++k) {
        const float xr = x[2 * n], xi = x[2 * n + 1];
        out[2 * n] = xr * cr[k] - xi * ci[k];
        out[2 * n + 1] = xr * ci[k] + xi * cr[k];
    }
}

} // namespace

sample_history::sample_history(std::size_t keep)
    : d_samples(2 * keep), d_limited(2 * keep), d_keep(keep)
{
}

void sample_history::append(const cfloat* samples,
                            std::size_t count,
                            const float* limited)
{
    while (count) {
        if (d_used == d_samples.size()) {
            const std::size_t drop = d_used - d_keep;
            std::copy(d_samples.begin() + static_cast<std::ptrdiff_t>(drop),
                      d_samples.end(),
                      d_samples.begin());
            std::copy(d_limited.begin() + static_cast<std::ptrdiff_t>(drop),
                      d_limited.end(),
                      d_limited.begin());
            d_used = d_keep;
            d_first += static_cast<std::int64_t>(drop);
        }
        const std::size_t now = std::min(count, d_samples.size() - d_used);
        std::copy(samples,
                  samples + now,
                  d_samples.begin() + static_cast<std::ptrdiff_t>(d_used));
        for (std::size_t n = 0; n < now; ++n) {
            d_limited[d_used + n] = limited ? limited[n] : 0.0f;
            if (d_limited[d_used + n] > 0)
                d_last_limited = end() + static_cast<std::int64_t>(n);
        }
        d_used += now;
        samples += now;
        limited = limited ? limited + now : nullptr;
        count -= now;
    }
}

void sample_history::derotated(std::int64_t from,
                               std::size_t count,
                               double cycles_per_sample,
                               double phase,
                               std::vector<cfloat>& out) const
{
    out.resize(count);
    const auto skip = static_cast<std::size_t>(
        std::clamp<std::int64_t>(begin() - from, 0, static_cast<std::int64_t>(count)));
    const auto stop = static_cast<std::size_t>(
        std::clamp<std::int64_t>(end() - from, 0, static_cast<std::int64_t>(count)));
    if (skip >= stop) {
        std::fill(out.begin(), out.end(), cfloat{});
        return;
    }
    std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(skip), cfloat{});
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(stop), out.end(), cfloat{});
    const cfloat* const source =
        d_samples.data() + (from + static_cast<std::int64_t>(skip) - d_first);
    if (cycles_per_sample == 0 && phase == 0) {
        std::copy(source,
                  source + (stop - skip),
                  out.begin() + static_cast<std::ptrdiff_t>(skip));
        return;
    }
    // The carrier is restarted from its exact phase every 64 samples: the recursion's
    // rounding stays below -120 dB.
    constexpr std::size_t run = 64;
    const double turn = -2 * M_PI * cycles_per_sample;
    std::array<cfloat, lanes> ahead; // turns of the lanes
    for (std::size_t k = 0; k < lanes; ++k)
        ahead[k] = std::polar(1.0f, static_cast<float>(turn * static_cast<double>(k)));
    const cfloat step = std::polar(1.0f, static_cast<float>(turn * lanes));
    for (std::size_t at = skip; at < stop; at += run) {
        const double start = phase + cycles_per_sample * static_cast<double>(at);
        const cfloat carrier =
            std::polar(1.0f, static_cast<float>(-2 * M_PI * (start - std::floor(start))));
        turn_back(reinterpret_cast<const float*>(source + (at - skip)),
                  std::min(stop - at, run),
                  carrier,
                  ahead,
                  step,
                  reinterpret_cast<float*>(out.data() + at));
    }
}

} // namespace securevoice

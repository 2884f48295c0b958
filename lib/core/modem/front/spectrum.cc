/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/spectrum.h"

#include "core/modem/front/vectors.h"

#include <cmath>

namespace securevoice {
namespace {

constexpr std::size_t bins = power_spectrum::bins;

struct twiddles {
    std::array<float, bins / 2> real{}, imag{};

    twiddles()
    {
        for (std::size_t n = 0; n < bins / 2; ++n) {
            const double angle = -2 * M_PI * static_cast<double>(n) / bins;
            real[n] = static_cast<float>(std::cos(angle));
            imag[n] = static_cast<float>(std::sin(angle));
        }
    }
};

/* One of the stages of Stockham's sorted transform (Van Loan 1992, 1.7): sums and
 * differences of what is half of all values apart, side by side. */
template <std::size_t stride>
[[gnu::always_inline]] inline void
stage(const power_spectrum::values& x, const twiddles& w, power_spectrum::values& y)
{
    constexpr std::size_t half = bins / 2;
    for (std::size_t first = 0; first < half; first += stride) {
        const float wr = w.real[first], wi = w.imag[first];
        for (std::size_t k = first; k < first + stride; ++k) {
            const float dr = x.real[k] - x.real[k + half];
            const float di = x.imag[k] - x.imag[k + half];
            y.real[first + k] = x.real[k] + x.real[k + half];
            y.imag[first + k] = x.imag[k] + x.imag[k + half];
            y.real[first + k + stride] = dr * wr - di * wi;
            y.imag[first + k + stride] = dr * wi + di * wr;
        }
    }
}

/* Strides that the compiler knows: a third of the time. \p x has the result. */
SECUREVOICE_FOR_EACH_PROCESSOR
void transform(power_spectrum::values& __restrict x,
               const twiddles& w,
               power_spectrum::values& __restrict y)
{
    stage<1>(x, w, y);
    stage<2>(y, w, x);
    stage<4>(x, w, y);
    stage<8>(y, w, x);
    stage<16>(x, w, y);
    stage<32>(y, w, x);
    stage<64>(x, w, y);
    stage<128>(y, w, x);
    stage<256>(x, w, y);
    stage<512>(y, w, x);
}

} // namespace

const std::array<float, bins>& power_spectrum::of(const cfloat* samples,
                                                  std::size_t count)
{
    static const twiddles w;
    for (std::size_t n = 0; n < bins; ++n) {
        d_values.real[n] = n < count ? samples[n].real() : 0;
        d_values.imag[n] = n < count ? samples[n].imag() : 0;
    }
    transform(d_values, w, d_between);
    for (std::size_t n = 0; n < bins; ++n)
        d_powers[n] =
            d_values.real[n] * d_values.real[n] + d_values.imag[n] * d_values.imag[n];
    return d_powers;
}

} // namespace securevoice

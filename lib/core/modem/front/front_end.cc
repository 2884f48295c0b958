/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/front_end.h"

#include "core/modem/front/dot.h"
#include "core/modem/front/liquid_handle.h"
#include "core/modem/front/liquid_leak.h"
#include "core/modem/front/sample_history.h"
#include "core/modem/front/sample_rate.h"
#include "core/modem/front/vectors.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <liquid/liquid.h>

namespace securevoice {
namespace {

constexpr double passband_hz =
    // signal of +-3 kHz, offset of +-6 kHz; 1 dB less at the edge, where the pulse has
    // 0.1 % of its power
    8400;
constexpr double cheap_rate =
    600e3; // the triangular filter goes down to this: folds 80 dB down
constexpr float stopband_db = 70; // dB, of the filters behind the triangle
// full scale is 1: what is larger is no signal, and becomes zero
constexpr float largest_sample = 1e6f;

cfloat sane(cfloat x)
{
    // comparisons with NaN are false
    const bool good =
        std::abs(x.real()) < largest_sample && std::abs(x.imag()) < largest_sample;
    return good ? x : cfloat{};
}

/* Decimates by D with a triangle of 2 D - 1 taps: two boxes, whose zeros lie where the
 * signal's images would fold. */
class triangle_decimator
{
public:
    explicit triangle_decimator(std::size_t by)
        : d_by(by), d_scale(1.0f / static_cast<float>(by * by))
    {
    }

    template <typename Out>
    void push(const cfloat* x, std::size_t count, const Out& out)
    {
        while (count) {
            const std::size_t now = std::min(count, d_by - d_at);
            for (std::size_t n = 0; n < now; ++n, ++d_at) {
                const cfloat s = sane(x[n]);
                d_all += s;
                d_rising += s * static_cast<float>(d_at + 1);
            }
            x += now;
            count -= now;
            if (d_at == d_by) {
                // the falling half of this box has the weights D - (k + 1)
                const cfloat falling = d_all * static_cast<float>(d_by) - d_rising;
                out((d_last_rising + falling) * d_scale);
                d_last_rising = d_rising;
                d_rising = d_all = 0;
                d_at = 0;
            }
        }
    }

private:
    std::size_t d_by;
    float d_scale;
    std::size_t d_at = 0;
    cfloat d_all, d_rising, d_last_rising;
};

SECUREVOICE_FOR_EACH_PROCESSOR
cfloat filtered(const float* samples, const float* taps, std::size_t count)
{
    return dot_product(samples, taps, count);
}

/* Any ratio of rates: windowed sinc, the nearest of 256 phases
 * (docs/decisions/0022-receiver-speed.md). */
class resampler
{
public:
    /*! \param step input samples per output sample \param cutoff -6 dB, of the input rate
     * \param reach of the filter, input samples */
    resampler(double step, double cutoff, std::size_t reach)
        : d_step(static_cast<std::uint64_t>(std::llround(step * one))),
          d_length((2 * reach + whole - 1) / whole * whole),
          d_taps(phases * 2 * d_length),
          d_samples(d_length + room),
          d_end(d_length)
    {
        // Kaiser window, e.g. Oppenheim and Schafer, 7.5
        const double beta = 0.1102 * (static_cast<double>(stopband_db) - 8.7);
        for (std::size_t n = 0; n < 2 * reach * phases; ++n) {
            const double t =
                (static_cast<double>(n) / phases - static_cast<double>(reach));
            const double edge = t / static_cast<double>(reach);
            const double window =
                std::cyl_bessel_i(0, beta * std::sqrt(std::max(0.0, 1 - edge * edge))) /
                std::cyl_bessel_i(0, beta);
            const double x = 2 * M_PI * cutoff * t;
            const auto tap =
                static_cast<float>(2 * cutoff * (x == 0 ? 1 : std::sin(x) / x) * window);
            // the first taps meet the newest samples
            float* const pair =
                &d_taps[2 * (n % phases * d_length + d_length - 1 - n / phases)];
            pair[0] = pair[1] = tap;
        }
    }

    template <typename Out>
    void push(cfloat x, const Out& out)
    {
        if (d_end == d_samples.size()) {
            std::copy(d_samples.end() - static_cast<std::ptrdiff_t>(d_length),
                      d_samples.end(),
                      d_samples.begin());
            d_end = d_length;
        }
        d_samples[d_end++] = x;
        const auto* const oldest =
            reinterpret_cast<const float*>(d_samples.data() + (d_end - d_length));
        for (; d_at < one; d_at += d_step)
            out(filtered(
                oldest,
                &d_taps[2 * d_length * static_cast<std::size_t>(d_at / (one / phases))],
                2 * d_length));
        d_at -= one;
    }

private:
    // of the filter bank: the nearest one is 1/512 sample away at most
    static constexpr std::size_t phases = 256;
    static constexpr std::size_t whole = 8;   // samples in a vector
    static constexpr std::size_t room = 1024; // samples until the newest ones are moved
    // an input sample, in fixed point: steps add up without error
    static constexpr std::uint64_t one = std::uint64_t{ 1 } << 48;
    std::uint64_t d_step;
    std::uint64_t d_at =
        0;                // of the next output behind the newest input, in parts of `one`
    std::size_t d_length; // of the filter, input samples
    std::vector<float> d_taps; // of a phase side by side, each for both parts of a sample
    std::vector<cfloat> d_samples;
    std::size_t d_end;
};

} // namespace

struct front_end::impl {
    explicit impl(double sample_rate)
        : rate(checked_sample_rate(sample_rate)),
          triangle_by(
              std::max<std::size_t>(1, static_cast<std::size_t>(rate / cheap_rate))),
          triangle(triangle_by)
    {
        double now = rate / static_cast<double>(triangle_by);
        while (now >= 4 * receive_rate) {
            now /= 2;
            ++stages;
        }
        if (stages) {
            const liquid_leak of_its_design;
            halfband = owned_by<decltype(halfband)>(
                msresamp2_crcf_create(LIQUID_RESAMP_DECIM,
                                      stages,
                                      static_cast<float>(passband_hz / now),
                                      0.0f,
                                      stopband_db),
                "a half-band filter");
            group.resize(std::size_t{ 1 } << stages);
        }
        const double cutoff = std::min(receive_rate / 2, now / 2);
        const double transition = std::max(2 * (cutoff - passband_hz), 1000.0);
        // Kaiser's formula for the length, e.g. Oppenheim and Schafer, 7.6
        semi_length = static_cast<std::size_t>(std::ceil(
            (static_cast<double>(stopband_db) - 7.95) / 14.36 * now / transition / 2));
        resample.emplace(now / receive_rate, std::min(cutoff / now, 0.499), semi_length);
        last_rate = now;

        // delays, in seconds
        delay = static_cast<double>(semi_length) / last_rate;
        if (stages)
            delay += static_cast<double>(msresamp2_crcf_get_delay(halfband.get())) /
                     (last_rate * static_cast<double>(group.size()));
        // the triangle's peak is the last sample of the box before
        delay += triangle_by > 1 ? 1.0 / rate : 0.0;
    }

    void put(cfloat x, std::vector<cfloat>& out)
    {
        if (stages) {
            group[in_group++] = x;
            if (in_group < group.size())
                return;
            in_group = 0;
            msresamp2_crcf_execute(halfband.get(), group.data(), &x);
        }
        resample->push(x, [&](cfloat y) { out.push_back(y); });
    }

    double rate;
    std::size_t triangle_by;
    triangle_decimator triangle;
    unsigned stages = 0;
    liquid_handle<msresamp2_crcf, msresamp2_crcf_destroy> halfband;
    std::vector<cfloat> group;
    std::size_t in_group = 0;
    std::size_t semi_length = 0;
    std::optional<resampler> resample;
    double last_rate = 0; // of the arbitrary resampler's input
    double delay = 0;
    std::uint64_t taken = 0;
};

front_end::front_end(double sample_rate) : d_impl(std::make_unique<impl>(sample_rate)) {}

front_end::~front_end() = default;

void front_end::push(const cfloat* iq, std::size_t count, std::vector<cfloat>& out)
{
    d_impl->taken += count;
    if (d_impl->triangle_by > 1) {
        d_impl->triangle.push(iq, count, [&](cfloat x) { d_impl->put(x, out); });
        return;
    }
    for (std::size_t n = 0; n < count; ++n)
        d_impl->put(sane(iq[n]), out);
}

double front_end::seconds(double index) const
{
    return index / receive_rate - d_impl->delay;
}

double front_end::valid_end() const
{
    return (static_cast<double>(d_impl->taken) / d_impl->rate + d_impl->delay) *
           receive_rate;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "air.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace air {

using namespace securevoice;

call make_call(std::uint8_t mode,
               std::uint16_t first_number,
               std::size_t blocks,
               double rate,
               double silence,
               unsigned seed)
{
    std::mt19937 bits(seed);
    call c;
    c.iq.resize(static_cast<std::size_t>(silence * rate));
    modulator m(rate);
    coded_frame frame;
    frame.mode = mode;
    auto fill = [&] {
        for (auto& bit : frame.bits)
            bit = bits() & 1u;
    };
    frame.what = coded_frame::type::start;
    fill();
    m.modulate(frame, c.iq);
    c.frames.push_back(frame);
    frame.what = coded_frame::type::block;
    for (std::size_t b = 0; b < blocks; ++b) {
        frame.number = static_cast<std::uint16_t>(first_number + b);
        fill();
        m.modulate(frame, c.iq);
        c.frames.push_back(frame);
    }
    frame.what = coded_frame::type::closing;
    frame.number = static_cast<std::uint16_t>(first_number + blocks);
    m.modulate(frame, c.iq);
    c.iq.resize(c.iq.size() + static_cast<std::size_t>(silence * rate));
    // the pulse reaches over 16 symbols; GMSK begins with an edge of 8 bits, and half of
    // its pulse is 3 bits
    c.first_symbol =
        silence + (waveform_of(mode) == waveform::constant ? 5.5 : 16) / symbol_rate;
    return c;
}

std::vector<cfloat> send(const std::vector<cfloat>& iq, double rate, const path& p)
{
    std::mt19937 random(p.seed);
    std::normal_distribution<float> gauss;
    std::uniform_real_distribution<double> circle(0, 2 * M_PI);
    constexpr int paths = 24;
    std::array<double, paths> shift{}, turn{};
    for (int k = 0; k < paths; ++k) {
        shift[static_cast<std::size_t>(k)] =
            p.doppler_hz * std::cos((2 * M_PI * k + circle(random)) / paths);
        turn[static_cast<std::size_t>(k)] = circle(random);
    }
    const auto sigma =
        static_cast<float>(std::sqrt(rate / std::pow(10, p.cn0_dbhz / 10) / 2));
    std::vector<cfloat> out(iq.size());
    std::complex<double> gain = 1;
    for (std::size_t n = 0; n < out.size(); ++n) {
        // Hann windowed sinc of 24 samples
        const double at = static_cast<double>(n) * (1 + p.clock_ppm * 1e-6);
        const double whole = std::floor(at), part = at - whole;
        std::complex<double> x;
        if (part < 1e-12 && whole < static_cast<double>(iq.size())) {
            x = iq[static_cast<std::size_t>(whole)];
        } else {
            for (int k = -11; k <= 12; ++k) {
                const double i = whole + k, d = k - part;
                if (i >= 0 && i < static_cast<double>(iq.size())) {
                    const double w = std::cos(M_PI * d / 25);
                    x += std::complex<double>(iq[static_cast<std::size_t>(i)]) *
                         (w * w * std::sin(M_PI * d) / (M_PI * d));
                }
            }
        }
        const double t = static_cast<double>(n) / rate;
        if (p.doppler_hz > 0 && n % 16 == 0) {
            gain = 0;
            for (std::size_t k = 0; k < paths; ++k)
                gain += std::polar(1 / std::sqrt(double(paths)),
                                   2 * M_PI * shift[k] * t + turn[k]);
        }
        const double cycles = p.offset_hz * t + p.drift_hz_per_s * t * t / 2;
        x *= gain * std::polar(1.0, 2 * M_PI * (cycles - std::floor(cycles)) + p.phase);
        out[n] = cfloat(x) + cfloat(sigma * gauss(random), sigma * gauss(random));
    }
    return out;
}

std::vector<cfloat> noise(std::size_t samples, double power, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> gauss(0, static_cast<float>(std::sqrt(power / 2)));
    std::vector<cfloat> x(samples);
    for (auto& s : x)
        s = { gauss(random), gauss(random) };
    return x;
}

std::vector<soft_frame> receive(const std::vector<cfloat>& iq,
                                double rate,
                                std::size_t chunk,
                                std::optional<profile> told)
{
    demodulator_options options;
    options.sample_rate = rate;
    options.profile = told;
    demodulator d(options);
    std::vector<soft_frame> heard;
    auto keep = [&](const soft_frame& f) { heard.push_back(f); };
    for (std::size_t n = 0; n < iq.size(); n += chunk)
        d.push(iq.data() + n, std::min(chunk, iq.size() - n), keep);
    d.finish(keep);
    return heard;
}

score compare(const call& sent, const std::vector<soft_frame>& heard)
{
    score s;
    std::vector<bool> found(sent.frames.size());
    for (const auto& h : heard) {
        if (h.what == soft_frame::type::lost_track)
            continue;
        const bool start = h.what == soft_frame::type::start;
        std::size_t k = 0;
        if (!start)
            k = static_cast<std::size_t>(h.number - sent.frames[1].number + 1);
        if (k >= sent.frames.size() || found[k] || (k == 0) != start ||
            h.mode != sent.frames[k].mode) {
            ++s.strangers;
            continue;
        }
        const std::size_t bits = start ? start_code_bits : block_code_bits;
        std::size_t wrong = 0;
        for (std::size_t n = 0; n < bits; ++n)
            wrong += (h.llr[n] < 0) != (sent.frames[k].bits[n] != 0);
        if (wrong > bits / 3) {
            ++s.strangers; // the number is right by chance
            continue;
        }
        found[k] = true;
        if (start) {
            ++s.starts;
            continue;
        }
        if (s.first_heard < 0)
            s.first_heard = static_cast<double>(k - 1);
        ++s.blocks;
        s.wrong_bits += wrong;
        s.bits += bits;
    }
    return s;
}

} // namespace air

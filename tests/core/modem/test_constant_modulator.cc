/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE constant_modulator

#include "core/modem/modulator.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <liquid/liquid.h>

using namespace securevoice;

namespace {

using cdouble = std::complex<double>;

constexpr std::uint8_t mode_3200 = 16;
constexpr double bit_rate = 9600;
constexpr double edge_bits = 8;

struct burst {
    std::vector<int> bits; // +1, -1: real and imaginary parts in turn
    std::vector<cfloat> iq;
    std::vector<std::size_t> frame_samples;
};

burst make_burst(modulator& m, std::size_t blocks, unsigned seed)
{
    std::mt19937 random(seed);
    burst b;
    coded_frame frame;
    frame.mode = mode_3200;
    auto send = [&](coded_frame::type what, std::size_t number) {
        frame.what = what;
        frame.number = static_cast<std::uint16_t>(number);
        for (auto& bit : frame.bits)
            bit = random() & 1u;
        const std::size_t before = b.iq.size();
        m.modulate(frame, b.iq);
        b.frame_samples.push_back(b.iq.size() - before);
    };
    auto keep = [&](const auto& symbols) {
        for (const cfloat s : symbols) {
            b.bits.push_back(s.real() > 0 ? 1 : -1);
            b.bits.push_back(s.imag() > 0 ? 1 : -1);
        }
    };
    send(coded_frame::type::start, 0);
    keep(map_frame(frame));
    for (std::size_t n = 0; n < blocks; ++n) {
        send(coded_frame::type::block, n);
        keep(map_frame(frame));
    }
    send(coded_frame::type::closing, blocks);
    keep(closing_word(static_cast<std::uint32_t>(blocks), waveform::constant));
    BOOST_TEST(!m.in_burst());
    return b;
}

/*
 * Phase of GMSK with BT = 0.2 written from the textbook and shared with nobody: a
 * Gaussian filter run over the bits' rectangles by numeric integration, 5 bits long.
 * Turns of a quarter for one bit, at multiples of 1 / steps bits from the pulse's
 * beginning.
 */
constexpr int steps = 320;
std::vector<double> phase_of_a_bit()
{
    const double sigma = std::sqrt(std::log(2.0)) / (2 * M_PI * 0.2); // bits
    constexpr int inner = 40;
    std::vector<double> sum{ 0 };
    for (int n = 0; n < 5 * steps; ++n) {
        const double t = (n + 0.5) / steps - 2.5;
        double filtered = 0;
        for (int k = 0; k < inner; ++k) {
            const double x = t - 0.5 + (k + 0.5) / inner;
            filtered += std::exp(-x * x / (2 * sigma * sigma));
        }
        sum.push_back(sum.back() + filtered);
    }
    const double all = sum.back();
    for (double& x : sum)
        x *= M_PI / 2 / all;
    return sum;
}

/* Power spectrum: mean over Blackman-Harris segments of 2048 samples, sums to one. Index
 * k is k / 2048 of the rate. */
std::vector<double> spectrum(const std::vector<cfloat>& iq)
{
    constexpr unsigned size = 2048;
    std::vector<double> mean(size);
    std::vector<cfloat> in(size), out(size);
    double all = 0;
    for (std::size_t at = 0; at + size <= iq.size(); at += size / 2) {
        for (unsigned n = 0; n < size; ++n) {
            const double x = 2 * M_PI * n / size;
            const double w = 0.35875 - 0.48829 * std::cos(x) + 0.14128 * std::cos(2 * x) -
                             0.01168 * std::cos(3 * x);
            in[n] = iq[at + n] * static_cast<float>(w);
        }
        fft_run(size, in.data(), out.data(), LIQUID_FFT_FORWARD, 0);
        for (unsigned n = 0; n < size; ++n) {
            mean[n] += static_cast<double>(std::norm(out[n]));
            all += static_cast<double>(std::norm(out[n]));
        }
    }
    for (double& x : mean)
        x /= all;
    return mean;
}

double share(const std::vector<double>& power, double rate, double from_hz, double to_hz)
{
    double sum = 0;
    const auto size = static_cast<double>(power.size());
    for (std::size_t k = 0; k < power.size(); ++k) {
        double f = static_cast<double>(k) / size;
        f = rate * (f < 0.5 ? f : f - 1);
        if (f > from_hz && f <= to_hz)
            sum += power[k];
    }
    return sum;
}

double db(double x) { return 10 * std::log10(x); }

} // namespace

BOOST_AUTO_TEST_CASE(the_envelope_is_constant_between_the_edges_at_every_rate)
{
    for (const double rate : { 12000.0, 48000.0, 44100.0, 250000.0, 2e6 }) {
        modulator m(rate);
        const auto b = make_burst(m, rate > 1e6 ? 2 : 20, 1);
        const auto edge =
            static_cast<std::size_t>(std::ceil(edge_bits / bit_rate * rate));
        float least = 2, most = 0;
        for (std::size_t n = edge; n + edge < b.iq.size(); ++n) {
            least = std::min(least, std::abs(b.iq[n]));
            most = std::max(most, std::abs(b.iq[n]));
        }
        // 0.1 dB were promised
        BOOST_TEST(20 * std::log10(most / least) < 0.001f, "rate " << rate);
        BOOST_TEST(std::abs(most - 1) < 1e-4f);
        // the edges only rise and only fall: nothing above the envelope
        for (std::size_t n = 0; n < edge; ++n) {
            BOOST_TEST(std::abs(b.iq[n]) <= std::abs(b.iq[n + 1]) + 1e-6f);
            BOOST_TEST(std::abs(b.iq[b.iq.size() - 1 - n]) <=
                       std::abs(b.iq[b.iq.size() - 2 - n]) + 1e-6f);
        }
        BOOST_TEST(std::abs(b.iq.front()) < 0.01f);
        BOOST_TEST(std::abs(b.iq.back()) < (rate < 20000 ? 0.1f : 0.05f));
    }
}

BOOST_AUTO_TEST_CASE(the_phase_is_that_of_precoded_gmsk)
{
    const auto pulse = phase_of_a_bit();
    for (const double rate : { 48000.0, 44100.0 }) {
        modulator m(rate);
        const auto b = make_burst(m, 3, 2);
        // quarter turns from bit to bit: from i to j q and from j q to i; as if the last
        // one before had been -j
        std::vector<double> turns;
        int last = -1;
        for (std::size_t n = 0; n < b.bits.size(); ++n) {
            turns.push_back(n % 2 ? b.bits[n] * last : -b.bits[n] * last);
            last = b.bits[n];
        }
        double worst = 0;
        for (std::size_t n = 0; n < b.iq.size(); n += 7) {
            const double t = static_cast<double>(n) / rate * bit_rate - edge_bits;
            if (t < 0 || t > static_cast<double>(b.bits.size()) + 6)
                continue;
            double phase = -M_PI / 2;
            for (std::size_t k = 0; k < turns.size() && static_cast<double>(k) < t; ++k) {
                const double place =
                    std::min((t - static_cast<double>(k)) * steps, 5.0 * steps);
                const auto whole = static_cast<std::size_t>(place);
                const double next =
                    whole + 1 < pulse.size() ? pulse[whole + 1] : M_PI / 2;
                phase += turns[k] * (pulse[whole] + (place - static_cast<double>(whole)) *
                                                        (next - pulse[whole]));
            }
            worst = std::max(worst, std::abs(cdouble(b.iq[n]) - std::polar(1.0, phase)));
        }
        BOOST_TEST(worst < 1e-3, "rate " << rate << ": " << worst);
    }
}

BOOST_AUTO_TEST_CASE(the_spectrum_keeps_to_its_channel_edges_included)
{
    for (const double rate : { 48000.0, 44100.0 }) {
        modulator m(rate);
        std::vector<cfloat> iq;
        for (unsigned k = 0; k < 8; ++k) { // bursts: their edges count as well
            const auto b = make_burst(m, 12, 10 + k);
            iq.insert(iq.end(), b.iq.begin(), b.iq.end());
        }
        const auto power = spectrum(iq);
        double width = 0;
        while (share(power, rate, -width / 2, width / 2) < 0.99)
            width += 20;
        const double upper = share(power, rate, 6250, 18750),
                     lower = share(power, rate, -18750, -6250),
                     receiver = share(power, rate, 12500 - 4250, 12500 + 4250);
        BOOST_TEST_MESSAGE("99 % in " << width << " Hz; next 12.5 kHz: " << db(upper)
                                      << " and " << db(lower)
                                      << " dB; 8.5 kHz of it: " << db(receiver) << " dB");
        BOOST_TEST(width <= 10000);
        BOOST_TEST(db(upper) < -45);
        BOOST_TEST(db(lower) < -45);
        // as a receiver of the next channel sees it (ETSI EN 300 113: 8.5 kHz for 12.5
        // kHz channels)
        BOOST_TEST(db(receiver) < -60);
    }
}

BOOST_AUTO_TEST_CASE(frames_take_80_ms_and_bursts_do_not_hang_on_what_was_before)
{
    modulator m(44100);
    const auto first = make_burst(m, 5, 3);
    for (std::size_t n = 1; n + 1 < first.frame_samples.size(); ++n)
        BOOST_TEST(std::abs(static_cast<double>(first.frame_samples[n]) - 3528) <= 1);
    BOOST_TEST((make_burst(m, 5, 3).iq == first.iq));

    // a burst of the other waveform between, and after one that was cut off
    auto linear = [](modulator& by) {
        std::vector<cfloat> iq;
        coded_frame frame;
        frame.what = coded_frame::type::start;
        by.modulate(frame, iq);
        frame.what = coded_frame::type::closing;
        by.modulate(frame, iq);
        return iq;
    };
    modulator fresh(44100);
    BOOST_TEST((linear(m) == linear(fresh)));
    std::vector<cfloat> cut;
    coded_frame start;
    start.what = coded_frame::type::start;
    start.mode = mode_3200;
    m.modulate(start, cut);
    m.abort(cut);
    BOOST_TEST(!m.in_burst());
    BOOST_TEST(std::abs(cut.back()) < 0.05f);
    BOOST_TEST((make_burst(m, 5, 3).iq == first.iq));
}

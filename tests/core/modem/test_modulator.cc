/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE modulator

#include "core/modem/modulator.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <random>

using namespace securevoice;

namespace {

using cdouble = std::complex<double>;

/* Root raised cosine, roll-off 0.25, time in symbols, unit energy; written from the
 * textbook, shared with nobody. */
double root_raised_cosine(double t)
{
    const double b = 0.25;
    if (std::abs(t) < 1e-9)
        return 1 + b * (4 / M_PI - 1);
    if (std::abs(std::abs(4 * b * t) - 1) < 1e-9)
        return b / std::sqrt(2.0) *
               ((1 + 2 / M_PI) * std::sin(M_PI / 4 / b) +
                (1 - 2 / M_PI) * std::cos(M_PI / 4 / b));
    return (std::sin(M_PI * t * (1 - b)) + 4 * b * t * std::cos(M_PI * t * (1 + b))) /
           (M_PI * t * (1 - 16 * b * b * t * t));
}

struct burst {
    std::vector<cfloat> symbols;
    std::vector<cfloat> iq;
    std::vector<std::size_t> frame_samples;
};

burst make_burst(double rate, std::size_t blocks, unsigned seed)
{
    std::mt19937 bits(seed);
    modulator m(rate);
    burst b;
    coded_frame frame;
    auto send = [&] {
        for (auto& bit : frame.bits)
            bit = bits() & 1u;
        const std::size_t before = b.iq.size();
        m.modulate(frame, b.iq);
        b.frame_samples.push_back(b.iq.size() - before);
    };
    auto keep = [&](const auto& s) {
        b.symbols.insert(b.symbols.end(), s.begin(), s.end());
    };
    frame.what = coded_frame::type::start;
    send();
    keep(map_frame(frame));
    frame.what = coded_frame::type::block;
    for (std::size_t n = 0; n < blocks; ++n) {
        frame.number = static_cast<std::uint16_t>(n);
        send();
        keep(map_frame(frame));
    }
    frame.what = coded_frame::type::closing;
    frame.number = static_cast<std::uint16_t>(blocks);
    send();
    keep(closing_word(blocks));
    BOOST_TEST(!m.in_burst());
    return b;
}

/* Matched filter of the test at the time (in samples) of one symbol. */
cdouble matched(const std::vector<cfloat>& iq, double centre, double samples_per_symbol)
{
    const double span = 24 * samples_per_symbol;
    cdouble sum;
    const auto from = static_cast<long>(std::ceil(std::max(0.0, centre - span)));
    const auto to = static_cast<long>(
        std::floor(std::min(static_cast<double>(iq.size()) - 1, centre + span)));
    for (long n = from; n <= to; ++n)
        sum += cdouble(iq[static_cast<std::size_t>(n)]) *
               root_raised_cosine((static_cast<double>(n) - centre) / samples_per_symbol);
    return sum / samples_per_symbol;
}

struct fit {
    double evm_db = 0; // of all symbols of the burst, one gain and one delay for all
    double delay = 0;  // samples from the burst's first one to the first symbol's centre
    double gain = 0;
};

fit fit_burst(const burst& b, double rate)
{
    const double sps = rate / symbol_rate;
    auto at_delay = [&](double delay, std::size_t step, cdouble& gain) {
        double error = 0, power = 0;
        cdouble cross;
        std::vector<cdouble> y;
        for (std::size_t n = 0; n < b.symbols.size(); n += step) {
            y.push_back(matched(b.iq, delay + static_cast<double>(n) * sps, sps));
            cross += y.back() * std::conj(cdouble(b.symbols[n]));
            power += std::norm(b.symbols[n]);
        }
        gain = cross / power;
        for (std::size_t n = 0, k = 0; n < b.symbols.size(); n += step, ++k)
            error += std::norm(y[k] - gain * cdouble(b.symbols[n]));
        return error / power / std::norm(gain);
    };
    cdouble gain;
    double best = 16 * sps, error = 1e9;
    for (double delay = 15 * sps; delay < 40 * sps; delay += sps / 8) {
        const double e = at_delay(delay, 13, gain);
        if (e < error) {
            error = e;
            best = delay;
        }
    }
    for (double step = sps / 16; step > sps / 4000; step /= 2) {
        const double before = at_delay(best - step, 13, gain),
                     after = at_delay(best + step, 13, gain);
        const double here = at_delay(best, 13, gain);
        if (before < here && before < after)
            best -= step;
        else if (after < here)
            best += step;
    }
    fit f;
    error = at_delay(best, 1, gain);
    f.evm_db = 10 * std::log10(error);
    f.delay = best;
    f.gain = std::abs(gain);
    return f;
}

double mean_power(const std::vector<cfloat>& iq, std::size_t from, std::size_t to)
{
    double p = 0;
    for (std::size_t n = from; n < to; ++n)
        p += std::norm(iq[n]);
    return p / static_cast<double>(to - from);
}

/* Mean power spectrum around a frequency, Blackman-Harris segments of 2048 samples. */
double
band_power(const std::vector<cfloat>& iq, double rate, double from_hz, double to_hz)
{
    const std::size_t size = 2048;
    double sum = 0;
    std::size_t count = 0;
    const double step = rate / static_cast<double>(size);
    for (double f = from_hz; f <= to_hz; f += step)
        for (std::size_t start = 0; start + size <= iq.size(); start += 4 * size) {
            cdouble c;
            for (std::size_t n = 0; n < size; ++n) {
                const double x = 2 * M_PI * static_cast<double>(n) / size;
                const double w = 0.35875 - 0.48829 * std::cos(x) +
                                 0.14128 * std::cos(2 * x) - 0.01168 * std::cos(3 * x);
                c += cdouble(iq[start + n]) *
                     std::polar(w, -2 * M_PI * f / rate * static_cast<double>(n));
            }
            sum += std::norm(c);
            ++count;
        }
    return sum / static_cast<double>(count);
}

} // namespace

BOOST_AUTO_TEST_CASE(
    symbols_come_back_at_every_rate_through_an_independent_matched_filter)
{
    for (const double rate :
         { 48000.0, 12000.0, 19200.0, 44100.0, 32000.0, 96000.0, 250000.0 }) {
        const auto b = make_burst(rate, 4, 7);
        const auto f = fit_burst(b, rate);
        BOOST_TEST_MESSAGE(
            "rate " << rate << ": EVM " << f.evm_db << " dB, first symbol after "
                    << f.delay / rate * symbol_rate << " symbols, gain " << f.gain);
        BOOST_TEST(f.evm_db < -45.0, "rate " << rate);
        BOOST_TEST(std::abs(f.gain - 1) < 0.02, "rate " << rate);
    }
}

BOOST_AUTO_TEST_CASE(burst_power_is_one_and_frames_take_80_ms)
{
    for (const double rate : { 48000.0, 44100.0, 2e6 }) {
        const auto b = make_burst(rate, rate > 1e6 ? 4 : 40, 9);
        const auto ramp = static_cast<std::size_t>(rate * 0.01);
        const double power = mean_power(b.iq, ramp, b.iq.size() - ramp);
        BOOST_TEST(std::abs(power - 1) < (rate > 1e6 ? 0.05 : 0.02),
                   rate << ": " << power);
        for (std::size_t n = 1; n + 1 < b.frame_samples.size(); ++n)
            BOOST_TEST(std::abs(static_cast<double>(b.frame_samples[n]) - 0.08 * rate) <=
                       (rate == 48000.0 ? 0.0 : 0.005 * rate));
        // the ramps are down at both ends: nothing was cut off
        BOOST_TEST(mean_power(b.iq, 0, ramp / 20) < 1e-5);
        BOOST_TEST(mean_power(b.iq, b.iq.size() - ramp / 20, b.iq.size()) < 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(spectrum_is_60_db_down_beside_the_channel)
{
    for (const double rate : { 48000.0, 44100.0 }) {
        const auto b = make_burst(rate, 30, 11);
        const double inside = band_power(b.iq, rate, -500, 500);
        for (const double from : { 3300.0, 4000.0, 6000.0, 9000.0, 15000.0 })
            for (const double side : { 1.0, -1.0 }) {
                const double outside = band_power(b.iq,
                                                  rate,
                                                  side * from + 100 * (side - 1),
                                                  side * from + 100 * (side + 1));
                BOOST_TEST(10 * std::log10(outside / inside) < -58.0,
                           "rate " << rate << ", " << side * from << " Hz");
            }
    }
}

BOOST_AUTO_TEST_CASE(highest_rate_works)
{
    modulator m(20e6);
    coded_frame start;
    start.what = coded_frame::type::start;
    std::vector<cfloat> iq;
    m.modulate(start, iq);
    BOOST_TEST(std::abs(static_cast<double>(iq.size()) - 1.6e6) < 0.02e6);
    m.abort(iq);
    BOOST_TEST(!m.in_burst());
}

BOOST_AUTO_TEST_CASE(misuse_is_refused_with_a_sentence)
{
    for (const double rate : { 11999.0, 20.1e6, -1.0, std::nan("") })
        BOOST_CHECK_THROW(modulator{ rate }, std::invalid_argument);
    modulator m(48000);
    std::vector<cfloat> iq;
    coded_frame frame;
    BOOST_CHECK_THROW(m.modulate(frame, iq), std::invalid_argument);
    frame.what = coded_frame::type::closing;
    BOOST_CHECK_THROW(m.modulate(frame, iq), std::invalid_argument);
    frame.what = coded_frame::type::start;
    m.modulate(frame, iq);
    BOOST_CHECK_THROW(m.modulate(frame, iq), std::invalid_argument);
    BOOST_TEST(m.in_burst());
    const auto before = iq.size();
    m.abort(iq);
    BOOST_TEST(iq.size() > before);
    m.abort(iq);
    m.modulate(frame, iq);
    BOOST_TEST(m.in_burst());
    frame.what = coded_frame::type::abort;
    m.modulate(frame, iq);
    BOOST_TEST(!m.in_burst());
}

BOOST_AUTO_TEST_CASE(a_second_burst_equals_the_first)
{
    modulator m(44100);
    coded_frame start, block, closing;
    start.what = coded_frame::type::start;
    closing.what = coded_frame::type::closing;
    auto send = [&] {
        std::vector<cfloat> iq;
        m.modulate(start, iq);
        m.modulate(block, iq);
        m.modulate(closing, iq);
        return iq;
    };
    const auto first = send();
    BOOST_TEST((first == send()));
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE receive_parts

#include "core/modem/acquire/number_resolver.h"
#include "core/modem/front/front_end.h"
#include "core/modem/front/gain_smoother.h"
#include "core/modem/front/impulse_limiter.h"
#include "core/modem/front/median_rank.h"
#include "core/modem/front/sample_history.h"
#include "core/modem/front/symbol_reader.h"
#include "core/modem/track/soft_symbols.h"
#include "core/modem/track/timing_loop.h"
#include "core/modem/waveform/known_symbols.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace securevoice;
using cdouble = std::complex<double>;

namespace {

const double rates[] = { 12000, 19200,  44100, 48000, 76800,
                         96000, 250000, 1e6,   2.4e6, 20e6 };

/* A Gaussian pulse on a carrier: centre of gravity and energy at the output. */
struct pulse_fate {
    double late, gain_db;
};

pulse_fate send_pulse(double rate, double carrier_hz)
{
    const double centre = 0.0537, width = 0.002;
    std::vector<cfloat> x(static_cast<std::size_t>(0.12 * rate)), y;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double t = static_cast<double>(n) / rate - centre;
        x[n] = cfloat(std::polar(std::exp(-t * t / (2 * width * width)),
                                 2 * M_PI * carrier_hz * t));
    }
    front_end front(rate);
    front.push(x.data(), x.size(), y);
    double moment = 0, energy = 0;
    for (std::size_t n = 0; n < y.size(); ++n) {
        moment += static_cast<double>(n) * static_cast<double>(std::norm(y[n]));
        energy += static_cast<double>(std::norm(y[n]));
    }
    return { front.seconds(moment / energy) - centre,
             10 * std::log10(energy / (width * std::sqrt(M_PI) * receive_rate)) };
}

/* Solves a x = b for a few unknowns (Gauss with pivots). */
std::vector<cdouble> solve(std::vector<std::vector<double>> a, std::vector<cdouble> b)
{
    const std::size_t n = b.size();
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t p = c;
        for (std::size_t r = c; r < n; ++r)
            if (std::abs(a[r][c]) > std::abs(a[p][c]))
                p = r;
        std::swap(a[c], a[p]);
        std::swap(b[c], b[p]);
        for (std::size_t r = 0; r < n; ++r) {
            if (r == c)
                continue;
            const double f = a[r][c] / a[c][c];
            for (std::size_t k = c; k < n; ++k)
                a[r][k] -= f * a[c][k];
            b[r] -= f * b[c];
        }
    }
    for (std::size_t c = 0; c < n; ++c)
        b[c] /= a[c][c];
    return b;
}

} // namespace

BOOST_AUTO_TEST_CASE(front_end_keeps_time_and_gain_at_every_rate)
{
    for (const double rate : rates)
        for (const double carrier : { 0.0, -2500.0, 4800.0, -7800.0 }) {
            if (std::abs(carrier) > 0.45 * rate)
                continue;
            const auto fate = send_pulse(rate, carrier);
            BOOST_TEST(std::abs(fate.late) < 0.5e-6,
                       rate << ", " << carrier << ": late by " << fate.late);
            BOOST_TEST(std::abs(fate.gain_db) < 0.05,
                       rate << ", " << carrier << ": " << fate.gain_db << " dB");
        }
}

BOOST_AUTO_TEST_CASE(front_end_rejects_what_would_fold_onto_the_signal)
{
    for (const double rate : rates)
        for (const double apart : { 1.0, 2.0, 7.0, 31.0 }) {
            const double carrier = apart * receive_rate + 1000; // folds to 1000 Hz
            if (carrier > 0.45 * rate)
                continue;
            BOOST_TEST(send_pulse(rate, carrier).gain_db < -58, rate << ", " << carrier);
        }
}

BOOST_AUTO_TEST_CASE(front_end_takes_garbage_as_silence)
{
    const float bad[] = { std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity(),
                          1e7f,
                          -3e38f };
    for (const double rate : { 48000.0, 2.4e6 })
        for (const float b : bad) {
            front_end front(rate);
            std::vector<cfloat> x(static_cast<std::size_t>(rate / 10)), y;
            for (std::size_t n = 0; n < x.size(); ++n)
                x[n] = n % 2 ? cfloat{ b, 0 } : cfloat{ 0, b };
            front.push(x.data(), x.size(), y);
            BOOST_TEST(y.size() > 1900u);
            for (const auto& s : y)
                BOOST_REQUIRE(s == cfloat{});
        }
}

BOOST_AUTO_TEST_CASE(history_keeps_the_newest_samples_and_turns_them_back)
{
    sample_history h(1000);
    const double cycles = 0.0123;
    std::vector<cfloat> x(7000);
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] = cfloat(std::polar(1.0,
                                 2 * M_PI *
                                     (cycles * static_cast<double>(n) -
                                      std::floor(cycles * static_cast<double>(n)))));
    for (std::size_t n = 0; n < x.size(); n += 70)
        h.append(&x[n], 70);
    BOOST_TEST(h.end() == 7000);
    BOOST_TEST(h.begin() <= 6000);
    std::vector<cfloat> y;
    h.derotated(6000, 1200, cycles, 6000 * cycles, y);
    for (std::size_t n = 0; n < 1000; ++n)
        BOOST_TEST(std::abs(y[n] - cfloat{ 1, 0 }) < 1e-4f);
    for (std::size_t n = 1000; n < 1200; ++n)
        BOOST_TEST(y[n] == cfloat{});
    h.derotated(h.begin() - 10, 20, 0, 0, y);
    BOOST_TEST(y[9] == cfloat{});
    BOOST_TEST(y[10] != cfloat{});
}

/* The filter and the smoother against the dense formulas of Gaussian process
 * regression. */
BOOST_AUTO_TEST_CASE(smoother_equals_gaussian_process_regression)
{
    std::mt19937 random(4);
    std::normal_distribution<float> gauss;
    for (const double bandwidth : { 0.5, 10.0, 200.0 }) {
        const fading_model model(bandwidth);
        const double power = 1.7, rate = 2 * M_PI * bandwidth / symbol_rate;
        const std::size_t count = 150;
        std::vector<gain_view> views(count);
        std::vector<std::size_t> seen;
        for (std::size_t n = 0; n < count; ++n)
            if (n % 23 < 2 || n == 140) {
                views[n] = { { gauss(random), gauss(random) },
                             0.3f + 0.1f * static_cast<float>(n % 3) };
                seen.push_back(n);
            }
        auto covariance = [&](std::size_t x, std::size_t y) {
            const double r =
                rate * std::abs(static_cast<double>(x) - static_cast<double>(y));
            return power * (1 + r) * std::exp(-r);
        };
        std::vector<std::vector<double>> k(seen.size(), std::vector<double>(seen.size()));
        std::vector<cdouble> z;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            z.push_back(cdouble(views[seen[i]].gain));
            for (std::size_t j = 0; j < seen.size(); ++j)
                k[i][j] = covariance(seen[i], seen[j]) +
                          (i == j ? static_cast<double>(views[seen[i]].variance) : 0);
        }
        std::vector<gain_estimate> smooth;
        gain_smoother smoother;
        smoother.smooth(
            model, power, views.data(), count, gain_state::unknown(power), smooth);
        const auto weights = solve(k, z);
        for (std::size_t n = 0; n < count; ++n) {
            cdouble mean;
            std::vector<cdouble> c;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                c.emplace_back(covariance(n, seen[i]));
                mean += c.back() * weights[i];
            }
            double variance = power;
            const auto s = solve(k, c);
            for (std::size_t i = 0; i < seen.size(); ++i)
                variance -= (c[i] * s[i]).real();
            BOOST_TEST(std::abs(cdouble(smooth[n].gain) - mean) < 1e-4,
                       "gain " << n << " at " << bandwidth);
            BOOST_TEST(std::abs(static_cast<double>(smooth[n].variance) - variance) <
                           1e-4,
                       "variance " << n << " at " << bandwidth);
        }
        // likelihood: -ln det K - z' K^-1 z, the determinant by elimination
        double quadratic = 0, determinant = 0;
        for (std::size_t i = 0; i < z.size(); ++i)
            quadratic += (std::conj(z[i]) * weights[i]).real();
        auto a = k;
        for (std::size_t i = 0; i < a.size(); ++i) {
            determinant += std::log(a[i][i]);
            for (std::size_t r = i + 1; r < a.size(); ++r)
                for (std::size_t m = a.size(); m-- > i;)
                    a[r][m] -= a[r][i] / a[i][i] * a[i][m];
        }
        auto state = gain_state::unknown(power);
        const auto fit = filter_gain(model, power, views.data(), count, state);
        BOOST_TEST(std::abs(fit.likelihood + determinant + quadratic) < 1e-3);
        BOOST_TEST(fit.views == seen.size());
        // filtering in two parts is filtering in one
        auto parts = gain_state::unknown(power);
        filter_gain(model, power, views.data(), 77, parts);
        filter_gain(model, power, views.data() + 77, count - 77, parts);
        BOOST_TEST(std::abs(parts.gain - state.gain) < 1e-9);
        BOOST_TEST(std::abs(parts.p11 - state.p11) < 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(soft_bits_are_log_likelihood_ratios)
{
    std::mt19937 random(9);
    std::normal_distribution<float> gauss;
    for (int k = 0; k < 100; ++k) {
        const gain_estimate g{ { gauss(random), gauss(random) }, 0.2f };
        const std::complex<float> y{ gauss(random), gauss(random) };
        const float noise = 0.7f;
        double p[2][2] = {};
        cdouble mean;
        double all = 0;
        for (int b0 = 0; b0 < 2; ++b0)
            for (int b1 = 0; b1 < 2; ++b1) {
                const cdouble s = cdouble(1 - 2 * b0, 1 - 2 * b1) / std::sqrt(2.0);
                const double likelihood =
                    std::exp(-std::norm(cdouble(y) - cdouble(g.gain) * s) / 0.9);
                p[0][b0] += likelihood;
                p[1][b1] += likelihood;
                mean += likelihood * s;
                all += likelihood;
            }
        const auto llr = demap({ y, y }, g, noise);
        BOOST_TEST(std::abs(static_cast<double>(llr[0]) - std::log(p[0][0] / p[0][1])) <
                   1e-3);
        BOOST_TEST(std::abs(static_cast<double>(llr[1]) - std::log(p[1][0] / p[1][1])) <
                   1e-3);
        BOOST_TEST(std::abs(cdouble(soft_symbol(llr)) - mean / all) < 1e-3);
    }
    // a view taken out again leaves what was there before it
    const gain_view view{ { 1, 2 }, 0.5f };
    const gain_estimate before{ { 0.3f, -0.2f }, 0.25f };
    const float v = 1 / (1 / 0.25f + 1 / 0.5f);
    const gain_estimate after{ v * (before.gain / 0.25f + view.gain / 0.5f), v };
    const auto back = without(after, view);
    BOOST_TEST(std::abs(back.gain - before.gain) < 1e-5f);
    BOOST_TEST(std::abs(back.variance - before.variance) < 1e-5f);
}

BOOST_AUTO_TEST_CASE(numbers_are_resolved_and_doubt_is_told)
{
    std::mt19937 random(2);
    std::normal_distribution<float> gauss;
    std::size_t certain = 0, wrong = 0;
    for (int k = 0; k < 60; ++k) {
        const std::uint32_t first = k ? random() % max_blocks : max_blocks - 3;
        auto signs = [&](std::size_t blocks, float snr) {
            std::vector<float> llr;
            for (std::uint32_t b = 0; b < blocks; ++b)
                for (const float s : number_signs(first + b))
                    llr.push_back(4 * snr * (s + gauss(random) / std::sqrt(2 * snr)));
            return llr;
        };
        const auto clear = resolve_number(signs(8, 8));
        BOOST_TEST(clear.number == first);
        const auto weak = resolve_number(signs(10, 3));
        certain += weak.certainty > 7;
        wrong += weak.certainty > 7 && weak.number != first;
        const auto noise = resolve_number(std::vector<float>(16, 0.0f));
        BOOST_TEST(noise.certainty < 0);
    }
    // fourteen signs leave four numbers, two more name one of them
    for (int k = 0; k < 20; ++k) {
        const std::uint32_t first = random() % max_blocks;
        std::vector<float> signs;
        for (std::uint32_t b = 0; b < 7; ++b)
            for (const float s : number_signs(first + b))
                signs.push_back(12 * s);
        const auto guess = resolve_number(signs);
        BOOST_TEST(guess.number <= first);
        BOOST_TEST(guess.certainty_of_signs > 7);
        BOOST_TEST(std::abs(guess.certainty + std::log(3)) < 0.01);
        for (std::uint32_t b = 0; b < 7; ++b)
            BOOST_TEST((number_signs(guess.number + b) == number_signs(first + b)));
        for (const float s : number_signs(first + 7))
            signs.push_back(12 * s);
        BOOST_TEST(resolve_number(signs).number == first);
        BOOST_TEST(resolve_number(signs).certainty > 7);
    }
    BOOST_TEST(wrong == 0u); // 60 times 1 in 1000 at most
    BOOST_TEST(certain > 5u);
}

BOOST_AUTO_TEST_CASE(symbol_filter_finds_pulses_between_samples)
{
    // a raised cosine behind the filter: value 1 and slope 0 at its centre, slope as its
    // curvature says beside it
    sample_history h(4000);
    std::vector<cfloat> x(4000);
    const double centre = 2000.37;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double t = (static_cast<double>(n) - centre) / 4, b = 0.25,
                     d = M_PI * t * (1 - 16 * b * b * t * t);
        if (std::abs(t) < 30)
            x[n] = static_cast<float>((std::sin(M_PI * t * (1 - b)) +
                                       4 * b * t * std::cos(M_PI * t * (1 + b))) /
                                      d);
    }
    h.append(x.data(), x.size());
    symbol_reader reader(waveform::linear);
    reader.load(h, centre - 40, 80, 0, 0);
    BOOST_TEST(std::abs(reader.value(40).real_part - cfloat{ 1, 0 }) < 0.01f);
    for (const double n : { -5.0, -1.0, 1.0, 2.0 })
        BOOST_TEST(std::abs(reader.value(40 + 4 * n).imaginary_part) < 0.01f);
    BOOST_TEST(std::abs(reader.slope(40).real_part) < 0.05f);
    const double step = 0.05;
    BOOST_TEST(
        std::abs(static_cast<double>(reader.slope(40 - 4 * step).real_part.real()) -
                 reader.filter().curvature() * step) < 0.03);
}

BOOST_AUTO_TEST_CASE(impulses_are_limited_and_signals_are_not)
{
    impulse_limiter limiter(192);
    std::array<float, 48> limited;
    std::mt19937 random(1);
    std::normal_distribution<float> gauss;
    std::vector<cfloat> x(48);
    for (int k = 0; k < 200; ++k) {
        for (auto& s : x)
            s = { gauss(random), gauss(random) };
        if (k % 10 == 9)
            x[7] = 1000;
        const auto before = x;
        limiter.apply(x.data(), x.size(), limited.data());
        for (std::size_t n = 0; n < x.size(); ++n)
            if (k % 10 == 9 && n == 7) {
                BOOST_TEST(std::abs(x[n]) < 10.0f);
                BOOST_TEST(std::abs(std::norm(x[n]) - limited[n]) < 0.01f * limited[n]);
            } else if (std::abs(before[n]) < 4.0f) {
                BOOST_TEST(x[n] == before[n]);
                BOOST_TEST(limited[n] == 0.0f);
            }
    }
    // the step in which a signal begins, after silence
    impulse_limiter fresh(192);
    std::fill(x.begin(), x.end(), cfloat{ 3, 4 });
    fresh.apply(x.data(), x.size(), limited.data());
    BOOST_TEST(x[20] == (cfloat{ 3, 4 }));
}

BOOST_AUTO_TEST_CASE(counting_says_what_the_median_says)
{
    std::mt19937 random(3);
    std::uniform_int_distribution<int> small(0, 9);
    for (const std::size_t count : { 1u, 2u, 7u, 128u, 192u })
        for (int k = 0; k < 50; ++k) {
            std::vector<float> x(count);
            for (auto& value : x)
                value = static_cast<float>(small(random));
            auto sorted = x;
            std::sort(sorted.begin(), sorted.end());
            for (float level = -1; level < 11; level += 0.5f)
                BOOST_TEST(median_is_at_least(x.data(), count, level) ==
                           (sorted[count / 2] >= level));
        }
}

BOOST_AUTO_TEST_CASE(timing_loop_learns_the_clock_error)
{
    timing_loop loop;
    std::mt19937 random(1);
    std::normal_distribution<double> gauss;
    const double drift = 0.019, deviation = 0.05; // 50 ppm
    double error = 0.05;
    for (int block = 0; block < 100; ++block) {
        error -= loop.update(error + deviation * gauss(random), deviation * deviation);
        loop.advance();
        error += drift - loop.drift();
    }
    BOOST_TEST(std::abs(loop.drift() - drift) < 0.002);
    BOOST_TEST(std::abs(error) < 0.05);
}

BOOST_AUTO_TEST_CASE(known_symbols_are_those_of_the_frames)
{
    coded_frame frame;
    frame.mode = 12;
    frame.number = 4321;
    const auto sent = map_frame(frame);
    const auto known = known_in_block(12, 4321);
    std::size_t count = 0;
    for (std::size_t n = 0; n < block_symbols; ++n)
        if (known[n] != cfloat{}) {
            BOOST_TEST(std::abs(known[n] - sent[n]) < 1e-6f);
            ++count;
        }
    BOOST_TEST(count == sync_symbols + pilots_per_block);
    const auto next = closing_word(4322);
    for (std::size_t n = 0; n < sync_symbols; ++n)
        BOOST_TEST(known[block_symbols + n] == next[n]);
    BOOST_TEST(!is_mode(7));
    BOOST_TEST(!is_mode(15));
    BOOST_TEST(is_mode(16));
    BOOST_TEST(!is_mode(23));
    BOOST_TEST(is_mode(24));
    BOOST_TEST(!is_mode(55));
    BOOST_TEST(!is_mode(56));
    BOOST_TEST(is_mode(14));
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define BOOST_TEST_MODULE waveform

#include "core/modem/waveform/waveform.h"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace securevoice;

namespace {

constexpr cfloat u{ 0.70710678f, 0.70710678f };
const char* const word_a = "+++-++-+";
const char* const word_b = "+++---+-";

/* The start frame written down a second time from docs/protocol.md 3.3: +1, -1 or 0
 * (data). */
std::vector<int> start_pattern(unsigned signs)
{
    std::vector<int> s;
    auto word = [&](unsigned w) {
        for (const char* c = w % 2 ? word_b : word_a; *c; ++c)
            s.push_back((*c == '+' ? 1 : -1) * ((signs >> (15 - w)) & 1 ? -1 : 1));
    };
    for (unsigned w = 0; w < 8; ++w)
        word(w);
    for (unsigned w = 8; w < 16; ++w) {
        s.insert(s.end(), 32, 0);
        word(w);
    }
    return s;
}

int correlate(
    const std::vector<int>& x, int x_from, int x_to, const std::vector<int>& y, int lag)
{
    int c = 0;
    const int size = static_cast<int>(y.size());
    for (int n = std::max(x_from, -lag); n < std::min(x_to, size - lag); ++n)
        c += x[static_cast<std::size_t>(n)] * y[static_cast<std::size_t>(n + lag)];
    return std::abs(c);
}

int frame_sidelobe(unsigned signs, int good_enough)
{
    const auto s = start_pattern(signs);
    int worst = 0;
    for (int lag = 8; lag < 384 && worst <= good_enough; ++lag)
        worst = std::max(worst, correlate(s, 0, 384, s, lag));
    for (int lag = 1; lag < 8 && worst <= good_enough; ++lag)
        worst = std::max(worst, correlate(s, 0, 384, s, lag));
    return worst;
}

int head_sidelobe(unsigned signs)
{
    const auto s = start_pattern(signs);
    int worst = 0;
    for (int lag = -127; lag < 128; ++lag)
        if (lag)
            worst = std::max(worst, correlate(s, 0, 64, s, lag));
    return worst;
}

double ambiguity(unsigned signs)
{
    const auto s = start_pattern(signs);
    double worst = 0;
    for (std::size_t lag = 1; lag < s.size(); ++lag)
        for (int step = 0; step <= 10; ++step) {
            std::complex<double> c;
            for (std::size_t n = 0; n + lag < s.size(); ++n)
                if (s[n] * s[n + lag])
                    c += std::polar<double>(
                             1, 2 * M_PI * 6.25 * step / 4800 * static_cast<double>(n)) *
                         static_cast<double>(s[n] * s[n + lag]);
            worst = std::max(worst, std::abs(c));
        }
    return worst;
}

} // namespace

BOOST_AUTO_TEST_CASE(golay_words_are_a_complementary_pair_as_in_the_protocol)
{
    for (std::size_t n = 0; n < 8; ++n) {
        BOOST_TEST(golay_word_a[n] == (word_a[n] == '+' ? 1.0f : -1.0f));
        BOOST_TEST(golay_word_b[n] == (word_b[n] == '+' ? 1.0f : -1.0f));
    }
    for (std::size_t lag = 1; lag < 8; ++lag) {
        float sum = 0;
        for (std::size_t n = 0; n + lag < 8; ++n)
            sum += golay_word_a[n] * golay_word_a[n + lag] +
                   golay_word_b[n] * golay_word_b[n + lag];
        BOOST_TEST(sum == 0.0f);
    }
}

BOOST_AUTO_TEST_CASE(pilot_patterns_are_orthogonal)
{
    for (std::uint8_t m = 0; m < 16; ++m)
        for (std::uint8_t o = 0; o < 16; ++o) {
            float sum = 0;
            for (std::size_t k = 0; k < 16; ++k)
                sum += pilot_sign(m, k) * pilot_sign(o, k);
            BOOST_TEST(sum == (m == o ? 16.0f : 0.0f));
        }
    // k = 3: k0 k1 = 1; k = 12: k2 k3 = 1; k = 15: both
    BOOST_TEST(pilot_sign(0, 3) == -1.0f);
    BOOST_TEST(pilot_sign(0, 12) == -1.0f);
    BOOST_TEST(pilot_sign(0, 15) == 1.0f);
    BOOST_TEST(pilot_sign(5, 4) == -1.0f);
}

BOOST_AUTO_TEST_CASE(
    number_sequence_has_full_period_and_every_window_of_8_blocks_is_unique)
{
    for (std::uint32_t n = 0; n < 16; ++n)
        BOOST_TEST(number_bit(n) == ((0xACE1u >> (15 - n)) & 1u));
    for (std::uint32_t n = 0; n < 70000; ++n) {
        unsigned sum = 0;
        for (const auto k : { 0u, 1u, 2u, 4u, 6u, 8u, 9u, 11u, 12u, 13u, 14u, 15u })
            sum ^= number_bit(n + k);
        if (number_bit(n + 16) != sum)
            BOOST_FAIL("recurrence broken at " << n);
    }
    BOOST_TEST(number_bit(65535 + 7) == number_bit(7));

    std::set<unsigned> windows;
    for (std::uint32_t i = 0; i < max_blocks; ++i) {
        unsigned window = 0;
        for (std::uint32_t k = 0; k < 8; ++k) {
            const auto s = number_signs(i + k);
            window = window << 2 | (s[0] < 0 ? 2u : 0u) | (s[1] < 0 ? 1u : 0u);
        }
        windows.insert(window);
    }
    BOOST_TEST(windows.size() == max_blocks);
    BOOST_TEST((number_signs(3)[1] < 0) == (number_bit(7) == 1));
}

BOOST_AUTO_TEST_CASE(block_layout_is_sixteen_groups_with_the_pilot_in_the_centre)
{
    coded_frame frame;
    frame.mode = 6;
    frame.number = 1234;
    for (std::size_t n = 0; n < frame.bits.size(); ++n)
        frame.bits[n] = (n * n / 7) % 2;
    const auto s = map_frame(frame);

    std::vector<cfloat> expected;
    for (int n = 0; n < 8; ++n)
        expected.push_back(u * number_signs(1234)[0] * (word_a[n] == '+' ? 1.0f : -1.0f));
    for (int n = 0; n < 8; ++n)
        expected.push_back(u * number_signs(1234)[1] * (word_b[n] == '+' ? 1.0f : -1.0f));
    std::size_t bit = 0;
    auto data = [&] {
        for (int n = 0; n < 11; ++n, bit += 2)
            expected.emplace_back(0.70710678f * (1.0f - 2.0f * frame.bits[bit]),
                                  0.70710678f * (1.0f - 2.0f * frame.bits[bit + 1]));
    };
    for (std::size_t k = 0; k < 16; ++k) {
        data();
        expected.push_back(u * pilot_sign(6, k));
        data();
    }
    BOOST_REQUIRE(expected.size() == s.size());
    for (std::size_t n = 0; n < s.size(); ++n)
        BOOST_TEST(std::abs(s[n] - expected[n]) < 1e-6f, "symbol " << n);
    BOOST_TEST(pilot_index(0) == 27u);
    BOOST_TEST(data_index(351) == 383u);
}

BOOST_AUTO_TEST_CASE(start_frame_layout)
{
    coded_frame frame;
    frame.what = coded_frame::type::start;
    for (std::size_t n = 0; n < start_code_bits; ++n)
        frame.bits[n] = (n * n / 5) % 2;
    const auto s = map_frame(frame);
    const auto pattern = start_pattern(start_signs);
    std::size_t bit = 0;
    for (std::size_t n = 0; n < s.size(); ++n) {
        cfloat expected = u * static_cast<float>(pattern[n]);
        BOOST_TEST(std::abs(start_known()[n] - expected) < 1e-6f, "known symbol " << n);
        if (!pattern[n]) {
            expected = { 0.70710678f * (1.0f - 2.0f * frame.bits[bit]),
                         0.70710678f * (1.0f - 2.0f * frame.bits[bit + 1]) };
            bit += 2;
        }
        BOOST_TEST(std::abs(s[n] - expected) < 1e-6f, "symbol " << n);
    }
    BOOST_TEST(bit == start_code_bits);
}

BOOST_AUTO_TEST_CASE(closing_word_is_the_sync_word_of_the_next_number)
{
    coded_frame frame;
    frame.number = 77;
    const auto block = map_frame(frame);
    const auto closing = closing_word(77);
    for (std::size_t n = 0; n < closing.size(); ++n)
        BOOST_TEST(block[n] == closing[n]);
    frame.what = coded_frame::type::closing;
    BOOST_CHECK_THROW(map_frame(frame), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_constant_envelope_has_words_signs_and_pilots_of_its_own)
{
    const char *const word_c = "+++++--+", *const word_d = "++--+-+-";
    for (std::size_t n = 0; n < 8; ++n) {
        BOOST_TEST(golay_word_c[n] == (word_c[n] == '+' ? 1.0f : -1.0f));
        BOOST_TEST(golay_word_d[n] == (word_d[n] == '+' ? 1.0f : -1.0f));
    }
    for (std::size_t lag = 1; lag < 8; ++lag) {
        float sum = 0;
        for (std::size_t n = 0; n + lag < 8; ++n)
            sum += golay_word_c[n] * golay_word_c[n + lag] +
                   golay_word_d[n] * golay_word_d[n + lag];
        BOOST_TEST(sum == 0.0f);
    }

    // start frame: 0x1D20 = 0001 1101 0010 0000
    const std::string signs = "+++---+-++-+++++";
    const auto& s = start_known(waveform::constant);
    std::vector<int> ours, theirs = start_pattern(start_signs);
    for (const cfloat x : s)
        ours.push_back(x == cfloat{} ? 0 : x.real() > 0 ? 1 : -1);
    for (std::size_t w = 0; w < 16; ++w) {
        const std::size_t at = w < 8 ? 8 * w : 64 + 40 * (w - 8) + 32;
        const char* const word = w % 2 ? word_d : word_c;
        for (std::size_t n = 0; n < 8; ++n)
            BOOST_TEST(ours[at + n] ==
                       (signs[w] == '+' ? 1 : -1) * (word[n] == '+' ? 1 : -1));
    }
    int sidelobe = 0;
    for (int lag = 1; lag < 384; ++lag)
        sidelobe = std::max(sidelobe, correlate(ours, 0, 384, ours, lag));
    BOOST_TEST(sidelobe == 16);

    // unlike the other waveform's at any time and carrier offset
    double alike = 0;
    for (int lag = -383; lag < 384; ++lag)
        for (double hz = -2400; hz < 2400; hz += 12.5) {
            std::complex<double> c;
            const std::complex<double> step = std::polar(1.0, 2 * M_PI * hz / 4800);
            std::complex<double> turn = 1;
            for (int n = std::max(0, -lag); n < std::min(384, 384 - lag);
                 ++n, turn *= step) {
                const int product = ours[static_cast<std::size_t>(n)] *
                                    theirs[static_cast<std::size_t>(n + lag)];
                c += turn * static_cast<double>(product);
            }
            alike = std::max(alike, std::abs(c));
        }
    BOOST_TEST(alike < 31.3);

    // pilots: orthogonal, and unlike those of `linear` at any carrier offset
    double pilots = 0;
    for (std::uint8_t m = 16; m < 24; ++m)
        for (std::uint8_t o = 0; o < 24; ++o)
            for (double turn = 0; turn < 2 * M_PI; turn += o < 16 ? 0.02 : 10) {
                std::complex<double> c;
                for (std::size_t k = 0; k < 16; ++k)
                    c += std::polar(1.0, turn * static_cast<double>(k)) *
                         static_cast<double>(pilot_sign(m, k) * pilot_sign(o, k));
                if (o < 16)
                    pilots = std::max(pilots, std::abs(c));
                else
                    BOOST_TEST(std::abs(c) == (m == o ? 16.0 : 0.0));
            }
    BOOST_TEST(pilots < 5.7);
    // k = 6: k1 k2 = 1; k = 9: k0 k3 = 1; k = 12: k2 k3 = 1
    BOOST_TEST(pilot_sign(16, 3) == 1.0f);
    BOOST_TEST(pilot_sign(16, 6) == -1.0f);
    BOOST_TEST(pilot_sign(16, 9) == -1.0f);
    BOOST_TEST(pilot_sign(16, 12) == -1.0f);
}

/* The exhaustive search that chose the start signs (docs/protocol.md 3.3). A common sign
 * changes nothing: w0 = + is enough. */
BOOST_AUTO_TEST_CASE(no_other_start_signs_have_lower_sidelobes)
{
    const int frame = frame_sidelobe(start_signs, 128);
    const int head = head_sidelobe(start_signs);
    const double blurred = ambiguity(start_signs);
    BOOST_TEST(frame == 16);
    BOOST_TEST(head == 11);
    BOOST_TEST(blurred < 29.0);
    for (unsigned signs = 0; signs < 32768; ++signs) {
        const int f = frame_sidelobe(signs, frame);
        BOOST_REQUIRE(f >= frame);
        if (f > frame)
            continue;
        const int h = head_sidelobe(signs);
        BOOST_REQUIRE(h >= head);
        if (h == head)
            BOOST_REQUIRE(ambiguity(signs) >= blurred - 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(more_blocks_than_eight_correct_errors_in_the_signs)
{
    // Windows of the sequence are the words of a linear code: its least weight is its
    // least distance.
    const std::pair<std::uint32_t, unsigned> distances[] = {
        { 8, 1 }, { 10, 2 }, { 12, 3 }, { 14, 4 }, { 16, 6 }
    };
    for (const auto& [blocks, distance] : distances) {
        unsigned weight = 0, least = 1000;
        for (std::uint32_t n = 0; n < 2 * blocks; ++n)
            weight += number_bit(n);
        for (std::uint32_t n = 0; n < max_blocks; ++n) {
            least = std::min(least, weight);
            weight += number_bit(n + 2 * blocks);
            weight -= number_bit(n);
        }
        BOOST_TEST(least == distance);
    }
}

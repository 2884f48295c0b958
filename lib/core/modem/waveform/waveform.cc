/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/waveform/waveform.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <stdexcept>

namespace securevoice {
namespace {

const float root_half = std::sqrt(0.5f);
const cfloat u{ root_half, root_half };

using period = std::bitset<max_blocks>;

period number_sequence()
{
    // of the feedback (protocol.md, 3.2)
    constexpr std::array<std::size_t, 12> taps{ 0, 1, 2, 4, 6, 8, 9, 11, 12, 13, 14, 15 };
    period m{};
    for (std::size_t n = 0; n < 16; ++n)
        m[n] = (0xACE1u >> (15 - n)) & 1u;
    for (std::size_t n = 0; n + 16 < m.size(); ++n)
        for (const auto k : taps)
            m[n + 16] = m[n + 16] != m[n + k];
    return m;
}

unsigned parity(unsigned bits)
{
    unsigned p = 0;
    for (; bits; bits &= bits - 1)
        p ^= 1u;
    return p;
}

cfloat qpsk(std::uint8_t b0, std::uint8_t b1)
{
    return { b0 ? -root_half : root_half, b1 ? -root_half : root_half };
}

template <typename Symbols>
void put_golay_word(Symbols& to,
                    std::size_t at,
                    const std::array<float, golay_word_symbols>& word,
                    float sign)
{
    for (std::size_t n = 0; n < golay_word_symbols; ++n)
        to[at + n] = u * (sign * word[n]);
}

float start_sign(waveform w, std::size_t word)
{
    return (start_signs_of(w) >> (15 - word)) & 1 ? -1.0f : 1.0f;
}

std::array<cfloat, block_symbols> make_start_known(waveform of)
{
    std::array<cfloat, block_symbols> s{};
    constexpr std::size_t head = start_sync_symbols / golay_word_symbols;
    for (std::size_t w = 0; w < head + start_groups; ++w) {
        const std::size_t at =
            w < head ? w * golay_word_symbols
                     : start_data_index((w - head + 1) * start_data_per_group - 1) + 1;
        put_golay_word(s, at, golay_word(of, w), start_sign(of, w));
    }
    return s;
}

std::array<cfloat, block_symbols> map_start(const coded_frame& frame)
{
    auto s = start_known(waveform_of(frame.mode));
    for (std::size_t m = 0; m < start_data_symbols; ++m)
        s[start_data_index(m)] = qpsk(frame.bits[2 * m], frame.bits[2 * m + 1]);
    return s;
}

std::array<cfloat, block_symbols> map_block(const coded_frame& frame)
{
    std::array<cfloat, block_symbols> s{};
    const auto word = closing_word(frame.number, waveform_of(frame.mode));
    std::copy(word.begin(), word.end(), s.begin());
    for (std::size_t k = 0; k < pilots_per_block; ++k)
        s[pilot_index(k)] = u * pilot_sign(frame.mode, k);
    for (std::size_t m = 0; m < data_symbols; ++m)
        s[data_index(m)] = qpsk(frame.bits[2 * m], frame.bits[2 * m + 1]);
    return s;
}

} // namespace

const std::array<float, golay_word_symbols> golay_word_a{ 1, 1, 1, -1, 1, 1, -1, 1 };
const std::array<float, golay_word_symbols> golay_word_b{ 1, 1, 1, -1, -1, -1, 1, -1 };
const std::array<float, golay_word_symbols> golay_word_c{ 1, 1, 1, 1, 1, -1, -1, 1 };
const std::array<float, golay_word_symbols> golay_word_d{ 1, 1, -1, -1, 1, -1, 1, -1 };

const std::array<float, golay_word_symbols>& golay_word(waveform w, std::size_t n)
{
    if (w == waveform::constant)
        return n % 2 ? golay_word_d : golay_word_c;
    return n % 2 ? golay_word_b : golay_word_a;
}

unsigned number_bit(std::uint32_t n)
{
    static const period m = number_sequence();
    return m[n % max_blocks];
}

std::array<float, 2> number_signs(std::uint32_t number)
{
    const std::uint32_t n = number % max_blocks;
    return { number_bit(2 * n) ? -1.0f : 1.0f, number_bit(2 * n + 1) ? -1.0f : 1.0f };
}

float pilot_sign(std::uint8_t mode, std::size_t k)
{
    const auto p = static_cast<unsigned>(k);
    const unsigned k0 = p & 1u, k1 = p >> 1 & 1u, k2 = p >> 2 & 1u, k3 = p >> 3 & 1u;
    const unsigned q = waveform_of(mode) == waveform::constant
                           ? (k0 & k3) ^ (k1 & k2) ^ (k2 & k3)
                           : (k0 & k1) ^ (k2 & k3);
    const unsigned named = is_plain(profile_of(mode)) ? mode % 8u : mode; // 3.7
    return parity(named & p) ^ q ? -1.0f : 1.0f;
}

std::size_t pilot_index(std::size_t k)
{
    return sync_symbols + k * (data_per_group + 1) + data_per_group / 2;
}

std::size_t data_index(std::size_t m)
{
    const std::size_t within = m % data_per_group;
    const std::size_t behind_pilot = within < data_per_group / 2 ? 0 : 1;
    return sync_symbols + m / data_per_group * (data_per_group + 1) + within +
           behind_pilot;
}

std::size_t start_data_index(std::size_t m)
{
    return start_sync_symbols +
           m / start_data_per_group * (start_data_per_group + golay_word_symbols) +
           m % start_data_per_group;
}

std::array<cfloat, block_symbols> map_frame(const coded_frame& frame)
{
    switch (frame.what) {
    case coded_frame::type::start:
        return map_start(frame);
    case coded_frame::type::block:
        return map_block(frame);
    case coded_frame::type::closing:
    case coded_frame::type::abort:
    case coded_frame::type::analog:
        break;
    }
    throw std::invalid_argument("only start frames and blocks have 384 symbols: use "
                                "closing_word() for the closing sync word");
}

std::array<cfloat, sync_symbols> closing_word(std::uint32_t number, waveform w)
{
    std::array<cfloat, sync_symbols> s{};
    const auto signs = number_signs(number);
    put_golay_word(s, 0, golay_word(w, 0), signs[0]);
    put_golay_word(s, golay_word_symbols, golay_word(w, 1), signs[1]);
    return s;
}

const std::array<cfloat, block_symbols>& start_known(waveform w)
{
    static const auto linear = make_start_known(waveform::linear);
    static const auto constant = make_start_known(waveform::constant);
    return w == waveform::constant ? constant : linear;
}

} // namespace securevoice

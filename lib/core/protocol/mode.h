/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/constants.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace securevoice {

/*! Codec2 rates, by their code on the air (docs/protocol.md, section 2). */
enum class codec : std::uint8_t {
    c3200 = 0,
    c2400 = 1,
    c1600 = 2,
    c1400 = 3,
    c1300 = 4,
    c1200 = 5,
    c700c = 6
};

/*! How a call is sent (docs/protocol.md, section 2). */
enum class profile : std::uint8_t {
    narrow = 0,
    robust = 1,
    constant = 2,
    // plain modems of liquid-dsp, for comparison: only receivers that are told hear them
    // (3.7)
    gmsk = 3,
    fsk4 = 4,
    bpsk = 5,
    qpsk = 6
};

constexpr bool is_plain(profile p) { return p >= profile::gmsk; }

/*! What a receiver must know before it can decode a block. */
struct mode {
    securevoice::codec codec = codec::c3200;
    securevoice::profile profile = profile::narrow;

    /*! In the records of frames.h: 8 * profile + codec. */
    std::uint8_t code() const
    {
        return static_cast<std::uint8_t>(8 * static_cast<unsigned>(profile) +
                                         static_cast<unsigned>(codec));
    }
    /*! On the air, 4 bits: waveforms of their own tell `constant` and the plain modems
     * from `narrow`. */
    std::uint8_t air_code() const
    {
        return static_cast<std::uint8_t>(
            profile == securevoice::profile::robust ? code() : code() % 8);
    }
    bool operator==(const mode& o) const { return code() == o.code(); }
    bool operator!=(const mode& o) const { return !(*this == o); }
};

/*! \throws std::invalid_argument if \p code names no mode (codec 7) */
mode mode_from_code(std::uint8_t code);

/*! True if \p code (0 ... 55) names a mode. */
bool is_mode(std::uint8_t code);

/*! Of a mode's code, 0 ... 55. */
constexpr profile profile_of(std::uint8_t code) { return static_cast<profile>(code / 8); }

/*! Blocks over which a block's symbols are spread (docs/protocol.md, 3.5): 1 or 8. */
constexpr std::size_t interleaver_depth(profile p)
{
    return p == profile::robust ? robust_depth : 1;
}

/*! Voice bits V of one block. */
std::size_t voice_bits(codec c);

/*! Info bits K = V + 72 of one block. */
std::size_t info_bits(codec c);

/*! Octets of signalling and voice: 1 + ceil(V / 8). */
std::size_t text_octets(codec c);

/*! "3200", "2400", "1600", "1400", "1300", "1200", "700C". */
const char* codec_name(codec c);

/*! All names, in the order of their codes. */
const std::vector<std::string>& codec_names();

/*! \throws std::invalid_argument naming what may be chosen */
codec codec_from_name(const std::string& name);

/*! "narrow", "robust", "constant", "gmsk", "4fsk", "bpsk", "qpsk"
 * \throws std::invalid_argument naming what may be chosen */
profile profile_from_name(const std::string& name);
const char* profile_name(profile p);

/*! All names, in the order of their codes. */
const std::vector<std::string>& profile_names();

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/demodulator.h"
#include "core/modem/modulator.h"

#include <cstdint>
#include <optional>
#include <vector>

/*! A sender and a channel for the modem's tests, independent of lib/core/channel. */
namespace air {

using securevoice::cfloat;

struct call {
    std::vector<securevoice::coded_frame> frames; // start frame, blocks
    std::vector<cfloat> iq;                       // with silence around
    double first_symbol =
        0; // s from the beginning of iq to the start frame's first symbol
};

/*! Random bits. \param silence s before and behind the burst */
call make_call(std::uint8_t mode,
               std::uint16_t first_number,
               std::size_t blocks,
               double rate,
               double silence,
               unsigned seed);

struct path {
    double cn0_dbhz = 200; // for a burst of mean power 1
    double offset_hz = 0;
    double drift_hz_per_s = 0;
    double phase = 0;
    double clock_ppm = 0;  // sender's clock is that much faster
    double doppler_hz = 0; // Rayleigh, 24 paths
    unsigned seed = 1;
};

std::vector<cfloat> send(const std::vector<cfloat>& iq, double rate, const path& p);

std::vector<cfloat> noise(std::size_t samples, double power, unsigned seed);

/*! Everything a demodulator says about a signal. */
std::vector<securevoice::soft_frame>
receive(const std::vector<cfloat>& iq,
        double rate,
        std::size_t chunk = 4800,
        std::optional<securevoice::profile> told = {});

/*! Blocks of the call whose soft bits have the right number and mode, and at most this
 * share of wrong signs. */
struct score {
    std::size_t blocks = 0; // of the call that were found
    std::size_t starts = 0; // start frames
    std::size_t wrong_bits = 0, bits = 0;
    std::size_t strangers = 0; // frames that are none of the call's
    double first_heard = -1; // number of the first block found, from the call's first one
    double bit_error_rate() const
    {
        return bits ? static_cast<double>(wrong_bits) / static_cast<double>(bits) : 1;
    }
};
score compare(const call& sent, const std::vector<securevoice::soft_frame>& heard);

} // namespace air

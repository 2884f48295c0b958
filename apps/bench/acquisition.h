/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/mode.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace securevoice::apps {

/*! How a receiver comes to a call. */
enum class entry : std::uint8_t {
    start, // it listens already when push-to-talk is pressed
    late   // it is switched on, or comes into reach, in the middle of the call
};
const char* entry_name(entry e);

struct acquisition_setup {
    securevoice::mode mode;
    std::vector<double> cn0_dbhz;
    std::size_t calls = 100;   // of each entry at each C/N0
    double listen_seconds = 4; // a call is missed if nothing of it was played so long
    double call_seconds = 30;  // late entry: at a random time of a call of this length
    double noise_hours = 0;    // of noise alone
    std::uint64_t seed = 1; // of voice bits, noise, times and errors of the oscillators
    double sample_rate = 48000;      // of the IQ, samples/s
    std::optional<double> offset_hz; // empty: drawn from +-6000 for each call
    std::optional<double> clock_ppm; // empty: drawn from +-50 for each call
    std::size_t jobs = 1;
};

struct acquisition_point {
    double cn0_dbhz = 0;
    securevoice::apps::entry entry = entry::start;
    std::size_t calls = 0;
    std::size_t missed = 0;
    /*! Of the calls that were heard, s, rising: from the first sample of the call that the receiver was given to the moment in which its
     * first block of voice was ready, to 5 ms. */
    std::vector<double> first_voice;
    /*! Time within which this share of all calls, missed ones too, was heard; nothing if fewer were. */
    std::optional<double> within(double share) const;
};

/*! What a receiver with a key makes of noise. */
struct noise_alarms {
    double hours = 0;
    std::size_t shown = 0;      // times that its status claimed a call
    std::size_t voice = 0;      // slots that were played: voice or silence in its place
    std::size_t pending = 0;    // times that its status said: a signal, nothing read yet
    std::size_t detections = 0; // trackers that the demodulator began
};

struct acquisition_result {
    std::vector<acquisition_point> points;
    noise_alarms noise;
};

/*! \throws std::invalid_argument */
acquisition_result measure_acquisition(const acquisition_setup& setup,
                                       const std::function<void(double)>& progress);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/plain/plain_signal.h"
#include "core/modem/waveform/known_symbols.h"

#include <vector>

namespace securevoice {

/*! A known unit of a frame: which one, and what it is. */
struct known_unit {
    std::size_t index;
    cfloat value;
};

std::vector<known_unit> known_units(const plain_signal& signal,
                                    const known_symbols& known);

/*! How the units x of a frame lie in what was received: y[n] = gain e^(j turn n) x[n]
 * + zero + noise. */
struct plain_fit {
    cfloat gain, zero;
    double turn = 0; // of the carrier, rad per unit
    float noise = 1; // variance, relative to units of energy 1
    float share = 0; // of the known units' energy that is explained, 0 ... 1
    /*! Unit \p n as it was sent, and noise. */
    cfloat undone(cfloat y, std::size_t n) const;
};

/*! By least squares, for `gmsk` and `4fsk`. \param samples of the frame's first unit,
 * samples_per_unit apart */
plain_fit fit_levels(const cfloat* samples, const std::vector<known_unit>& known);

/*! By maximum likelihood, for `bpsk` and `qpsk`. \param turn the carrier's is searched
 * within +- \p reach of it \param steps on each side */
plain_fit fit_carrier(const cfloat* samples,
                      const std::vector<known_unit>& known,
                      double turn,
                      double reach,
                      int steps);

/*! What noise and a carrier offset leave of likeness: from each known unit to the next
 * one. */
struct plain_likeness {
    float share = 0; // 0 ... 1
    double turn = 0; // rad per unit
};

/*! For `bpsk` and `qpsk`. */
plain_likeness differential_likeness(const cfloat* samples,
                                     const std::vector<known_unit>& known);

} // namespace securevoice

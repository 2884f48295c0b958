/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_modulator.h"
#include "core/modem/modulator.h"

#include <vector>

namespace securevoice {

/*!
 * Coded frames to IQ, digital bursts and FM in turn. Each slot takes 80 ms of IQ: what
 * the end of a digital burst, and later that of FM, needs beside its slots (17 ms of
 * `narrow`) is taken from the beginning of the FM speech.
 */
class exciter
{
public:
    /*! \throws std::invalid_argument, as the modulators */
    explicit exciter(double sample_rate, const fm_options& fm = {});

    /*! \throws std::invalid_argument for frames in an order that no sealer makes */
    void modulate(const coded_frame& frame, std::vector<cfloat>& out);
    /*! Ends what is on the air, if anything is. */
    void abort(std::vector<cfloat>& out);
    /*! Also between a digital burst and the FM that follows it: a transmitter stays
     * on. */
    bool in_burst() const;

private:
    void speak(const coded_frame& frame, std::vector<cfloat>& out);

    double d_sample_rate;
    modulator d_digital;
    fm_modulator d_analog;
    bool d_fm_follows = false;    // the digital burst is closed, the transmission is not
    double d_closing_seconds = 0; // that the digital burst before FM took for its end
};

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/modem/front/carrier_finder.h"
#include "core/modem/waveform/waveform.h"

#include <array>
#include <cstddef>
#include <vector>

namespace securevoice {

/*!
 * Takes away carriers that stand still within the channel, whatever their frequency: the
 * DC of a receiver of zero IF, or a heterodyne. What is taken away of a signal beside
 * them is some 10 Hz wide. Without such a carrier samples stay as they are.
 *
 * A carrier is followed in phase and amplitude from step to step. A step that would be
 * stronger without it does not hold it (it ended: FM went over into a call), and stays as
 * it is. A carrier of FM that is modulated, so that the envelope stands still while the
 * rest does not, is left alone: the trackers would hear the rest of it.
 */
class carrier_canceller
{
public:
    static constexpr std::size_t step = 48; // samples at receive_rate: 2.5 ms

    /*! The next \p step samples, in place. */
    void apply(cfloat* samples);

private:
    struct followed {
        double cycles_per_sample;
        double phase; // cycles, of `carrier` at the next step
        std::complex<double> amplitude;
        std::array<cfloat, step> carrier; // in this step
    };

    /* Of the samples' powers in a window of the finder. */
    struct moments {
        double power = 0, square = 0; // means
        void add(const cfloat* samples);
    };

    void take_away(cfloat* samples);
    bool is_sum(double rest) const;
    void begin(const steady_carrier& found);

    carrier_finder d_finder;
    std::vector<followed> d_carriers;
    moments d_received, d_left; // before and behind
    std::size_t d_steps = 0;    // of this window
    double d_rest = 0;          // power of a sample without them, where there are some
};

} // namespace securevoice

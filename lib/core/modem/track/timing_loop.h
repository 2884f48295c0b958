/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice {

/*!
 * Kalman filter of the symbol timing: time error and clock error. The search leaves a
 * time error of about 0.06 symbols; clocks are off by some tens of ppm (20 ppm: 0.008
 * symbols per block).
 */
class timing_loop
{
public:
    /*! Takes the error measured in a block. \param error symbols \param variance of it
     * \return correction of the time, symbols */
    double update(double error, double variance);

    /*! On to the next block. */
    void advance();

    /*! The signal was found anew, as sharply as by the search; the clock error stays. */
    void found_anew();

    /*! Clock error, symbols per block. */
    double drift() const { return d_drift; }

private:
    double d_drift = 0;
    static constexpr double found = 0.06 * 0.06; // variance of the search's time
    double d_p11 = found, d_p12 = 0, d_p22 = 0.012 * 0.012;
};

} // namespace securevoice

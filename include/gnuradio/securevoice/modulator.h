/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_MODULATOR_H
#define INCLUDED_SECUREVOICE_MODULATOR_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>

namespace gr {
namespace securevoice {

/*!
 * \brief Coded frames to IQ: burst modulator.
 * \ingroup securevoice
 *
 * \details
 * Input: coded frames of a Seal block (coded_frame_size() octets). Output: complex baseband,
 * mean power 1 during a burst, nothing between bursts: 4800 Bd QPSK, root raised cosine 0.25, 6
 * kHz wide.
 *
 * Tags: `tx_sob` (true) on the first sample of a transmission, `tx_eob` (true) on the last.
 *
 * If the frames end without the end of a transmission, the burst ends after the last of them.
 */
class SECUREVOICE_API modulator : virtual public gr::block
{
public:
    typedef std::shared_ptr<modulator> sptr;

    /*!
     * \param sample_rate of the output, samples/s, 12000 ... 20e6. Usual: 48000; whole
     *        multiples of 4800 up to 153600 need no resampler.
     * \throws std::invalid_argument if it is out of range
     */
    static sptr make(double sample_rate = 48000);
};

} // namespace securevoice
} // namespace gr

#endif

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
 * Input: coded frames of a Seal block (coded_frame_size() octets). Output: complex
 * baseband, mean power 1 during a burst, nothing between bursts: 4800 Bd QPSK, root
 * raised cosine 0.25, 6 kHz wide, or as the profile says. Records of analog voice become
 * narrowband FM: one carrier of power 1 from the first to the last.
 *
 * Tags: `tx_sob` (true) on the first sample of a transmission, `tx_eob` (true) on the
 * last.
 *
 * If the frames end without the end of a transmission, the burst ends after the last of
 * them.
 */
class SECUREVOICE_API modulator : virtual public gr::block
{
public:
    typedef std::shared_ptr<modulator> sptr;

    /*!
     * \param sample_rate of the output, samples/s, 12000 ... 20e6. Usual: 48000; whole
     *        multiples of 4800 up to 153600 need no resampler.
     * \param deviation_hz peak deviation of FM, Hz: 2500 for channels of 12.5 kHz, 5000
     * for 25 kHz
     * \param emphasis of FM, 750 us
     * \param ctcss_hz tone of FM, 67 ... 254.1 Hz; 0: none
     * \throws std::invalid_argument if one is out of range
     */
    static sptr make(double sample_rate = 48000,
                     double deviation_hz = 2500,
                     bool emphasis = true,
                     double ctcss_hz = 0);
};

} // namespace securevoice
} // namespace gr

#endif

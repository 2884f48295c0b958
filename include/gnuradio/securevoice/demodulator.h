/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_DEMODULATOR_H
#define INCLUDED_SECUREVOICE_DEMODULATOR_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>
#include <string>

namespace gr {
namespace securevoice {

/*!
 * \brief IQ to soft frames: search, timing, channel estimate, soft bits.
 * \ingroup securevoice
 *
 * \details
 * Input: complex baseband, any level; NaN and infinities count as silence. Output: one
 * soft frame (soft_frame_size() octets) per 80 ms and signal heard, also of signals
 * nobody here has the key for. A transmission is found by its start frame, or later by
 * its sync words within 8 or more blocks. Where no digital signal is, narrowband FM is
 * followed: records with 80 ms of its speech (docs/protocol.md, 6.9).
 *
 * Message port `symbols` (out): PDUs of complex values, the equalised data symbols of the
 * newest block (unit energy QPSK), for a QT GUI Constellation Sink.
 */
class SECUREVOICE_API demodulator : virtual public gr::block
{
public:
    typedef std::shared_ptr<demodulator> sptr;

    /*!
     * \param sample_rate of the input, samples/s, 12000 ... 20e6. Usual: 48000; higher
     * rates
     *        cost computing time.
     * \param max_offset_hz carrier offsets searched are within +- this, Hz. Usual and
     * largest: 6000, for
     *        an uncalibrated RTL-SDR. The signal must lie within the sampled band:
     *        sample_rate / 2 >= max_offset_hz + 3000.
     * \param profile what is searched for: empty for "narrow", "robust" and "constant",
     * whichever a signal
     *        has; or one of them; or "gmsk", "4fsk", "bpsk" or "qpsk", which are heard
     *        only where they are named
     * \param follow_fm false: digital voice only. With a plain modem FM is not followed.
     * \param deviation_hz peak deviation of FM, Hz: 2500 for channels of 12.5 kHz, 5000
     * for 25 kHz
     * \param emphasis of FM, 750 us
     * \param ctcss_hz FM is heard only with this tone, 67 ... 254.1 Hz; 0: with any or
     * none
     * \throws std::invalid_argument if one is wrong
     */
    static sptr make(double sample_rate = 48000,
                     double max_offset_hz = 6000,
                     const std::string& profile = "",
                     bool follow_fm = true,
                     double deviation_hz = 2500,
                     bool emphasis = true,
                     double ctcss_hz = 0);
};

} // namespace securevoice
} // namespace gr

#endif

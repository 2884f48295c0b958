/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_VOICE_ENCODER_H
#define INCLUDED_SECUREVOICE_VOICE_ENCODER_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>
#include <string>

namespace gr {
namespace securevoice {

/*!
 * \brief Speech to spoken blocks: vocoder and push-to-talk.
 * \ingroup securevoice
 *
 * \details
 * Input: speech, float, 8000 samples/s, -1 ... 1; beyond that it is clipped. Output: one
 * spoken block (spoken_block_size() octets) per 80 ms while push-to-talk is pressed.
 * Spoken blocks hold speech in clear: nothing but a Seal block belongs behind them.
 *
 * A transmission begins with the first sample captured after push-to-talk is pressed and
 * ends with the last one captured before it is released, or when the input is over; a
 * block that has begun is filled with silence. After its time-out push-to-talk ends the
 * transmission by itself, and does not begin another before it was released and pressed
 * again; the Sidetone warns 10 s before.
 *
 * A command counts from the moment at which it comes, whatever waits in the buffers
 * before this block. What had been captured by then is estimated, rather too much than
 * too little: what this flowgraph's blocks before it hold, and what a constant rate of
 * 8000 samples/s gives beside the samples that came with the least delay. Of a source
 * that was paused or dropped samples, `clear` is late.
 *
 * Message port `conf` (in): as for the Seal block, which must get the same messages. Here
 * `kind` = clear makes the vocoder forget its past and marks blocks whose samples were
 * all captured after the command, and 0.2 s for sound servers: only they may be sent in
 * clear. `kind` = fm does the same; such blocks carry their samples, too. `ptt` presses
 * and releases push-to-talk. `zeroize` = true wipes the speech that was not sent, ends
 * the transmission at once and releases push-to-talk.
 */
class SECUREVOICE_API voice_encoder : virtual public gr::block
{
public:
    typedef std::shared_ptr<voice_encoder> sptr;

    /*!
     * \param codec Codec2 rate, one of codec_names(). Usual: "3200". Lower rates reach
     * further
     *        (700C about 5 dB more than 3200) and sound worse.
     * \param ptt push-to-talk at the start; true: the whole input is one transmission
     * \param begin_in_fm as the Seal block's `kind`: transmissions begin as "fm"
     * \param ptt_timeout longest transmission, s of speech, "1" to "3600", after which it
     * ends; "off": none
     * \throws std::invalid_argument if there is no such codec, or the time-out is neither
     * \throws std::runtime_error if GNU Radio keeps its buffers in files
     */
    static sptr make(const std::string& codec = "3200",
                     bool ptt = true,
                     bool begin_in_fm = false,
                     const std::string& ptt_timeout = "300");

    /*!
     * The same as a `conf` message.
     * \param kind "secure", "clear" or "fm"
     * \throws std::invalid_argument if it is none of them
     */
    virtual void set_kind(const std::string& kind) = 0;

    /*! Presses or releases push-to-talk, as a `conf` message does. */
    virtual void set_ptt(bool pressed) = 0;

    /*! Wipes the speech that was not sent and ends the transmission, as a `conf` message
     * does. */
    virtual void zeroize() = 0;
};

} // namespace securevoice
} // namespace gr

#endif

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_VOICE_DECODER_H
#define INCLUDED_SECUREVOICE_VOICE_DECODER_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>

namespace gr {
namespace securevoice {

/*!
 * \brief Heard blocks to speech: vocoder and concealment of lost blocks.
 * \ingroup securevoice
 *
 * \details
 * Input: heard blocks of an Open block (heard_block_size() octets). Output: speech,
 * float, 8000 samples/s, -1 ... 1, 80 ms for each slot of a call that is heard and
 * nothing between calls. A lost block repeats the last good one for 160 ms at most, then
 * there is silence. The codec is taken from the call.
 *
 * Clear voice, and FM, is warned of by two pips, at its first sample and then every 3 s,
 * louder than the voice, which is 12 dB down under them. There is no tone over secure
 * voice: an attacker could play one.
 */
class SECUREVOICE_API voice_decoder : virtual public gr::block
{
public:
    typedef std::shared_ptr<voice_decoder> sptr;

    /*!
     * \param clear_tones warn of clear voice. Without it nothing that can be heard tells
     * clear
     *        from secure: for measurements.
     * \throws std::runtime_error if GNU Radio keeps its buffers in files
     */
    static sptr make(bool clear_tones = true);
};

} // namespace securevoice
} // namespace gr

#endif

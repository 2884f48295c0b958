/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_SIDETONE_H
#define INCLUDED_SECUREVOICE_SIDETONE_H

#include <gnuradio/block.h>
#include <gnuradio/securevoice/api.h>

#include <memory>

namespace gr {
namespace securevoice {

/*!
 * \brief Coded frames to the sender's earphone: a tone while his voice goes out in clear.
 * \ingroup securevoice
 *
 * \details
 * Input: coded frames of a Seal block (coded_frame_size() octets), the same that the
 * Modulator gets. Output: float, 8000 samples/s, 80 ms for each block sent and nothing
 * between transmissions: two pips at the first sample of clear, or FM, and then every 5
 * s, silence while blocks are secure; one deeper tone, 500 Hz for 0.4 s, when
 * push-to-talk is about to time out. It is for an earphone, alone or added to other
 * sounds; it does not go on the air.
 *
 * It is made from the blocks that were sent, not from what was asked for.
 */
class SECUREVOICE_API sidetone : virtual public gr::block
{
public:
    typedef std::shared_ptr<sidetone> sptr;

    /*! A Sidetone block; it has no parameters. */
    static sptr make();
};

} // namespace securevoice
} // namespace gr

#endif

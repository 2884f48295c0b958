/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_RECORDS_H
#define INCLUDED_SECUREVOICE_RECORDS_H

#include <gnuradio/securevoice/api.h>

#include <cstddef>
#include <string>
#include <vector>

namespace gr {
namespace securevoice {

/*!
 * Records between the blocks: one stream item holds the record of 80 ms. Each kind of
 * record fills another whole number of memory pages, so that blocks which do not belong
 * together cannot be connected, and GNU Radio's buffers can be as short as a few items:
 * what waits in a buffer is latency, also of the switch between secure and clear.
 */

/*! Octets of a stream item from Voice Encoder to Seal. */
SECUREVOICE_API size_t spoken_block_size();

/*! Octets of a stream item from Seal to Modulator and Sidetone. */
SECUREVOICE_API size_t coded_frame_size();

/*! Octets of a stream item from Demodulator to Open. */
SECUREVOICE_API size_t soft_frame_size();

/*! Octets of a stream item from Open to Voice Decoder. */
SECUREVOICE_API size_t heard_block_size();

/*! Codec2 rates: "3200" ... "700C". */
SECUREVOICE_API std::vector<std::string> codec_names();

/*! Speech samples per second. */
SECUREVOICE_API unsigned speech_rate();

} // namespace securevoice
} // namespace gr

#endif

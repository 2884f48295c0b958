/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_PASSPHRASES_H
#define INCLUDED_SECUREVOICE_PASSPHRASES_H

#include <gnuradio/securevoice/api.h>

namespace gr {
namespace securevoice {

/*!
 * Where the passphrases of sealed keys come from, for all blocks of this process that are
 * made from now on: the next line of this open file descriptor, 0 ... 1023, for each key that
 * is loaded; or -1, as at the start: the terminal asks.
 *
 * \throws std::invalid_argument for another number
 */
SECUREVOICE_API void set_passphrase_descriptor(int descriptor);

} // namespace securevoice
} // namespace gr

#endif

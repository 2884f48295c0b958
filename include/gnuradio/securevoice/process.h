/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_PROCESS_H
#define INCLUDED_SECUREVOICE_PROCESS_H

#include <gnuradio/securevoice/api.h>

namespace gr {
namespace securevoice {

/*!
 * For a program that holds keys and speech, at its start: no core dumps from here on, and
 * no other process of the user may look into the memory. The blocks do not call it: a
 * flowgraph is its author's program.
 *
 * \throws std::runtime_error if the system refuses
 */
SECUREVOICE_API void harden_process();

} // namespace securevoice
} // namespace gr

#endif

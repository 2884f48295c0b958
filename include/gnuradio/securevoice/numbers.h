/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_NUMBERS_H
#define INCLUDED_SECUREVOICE_NUMBERS_H

#include <gnuradio/securevoice/api.h>

#include <string>

namespace gr {
namespace securevoice {

/*!
 * A decimal number as people write it, with an exponent or with k (or K), M or G behind
 * it: 48000, 48k, 433.5M, -1.5e3.
 *
 * \param text the number; blanks at its ends do not count
 * \param what whose number it is, begins the sentence: "--rate"
 * \throws std::invalid_argument if it is something else, or not finite
 */
SECUREVOICE_API double number_from_text(const std::string& text, const std::string& what);

} // namespace securevoice
} // namespace gr

#endif

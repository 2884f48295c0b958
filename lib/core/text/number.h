/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>
#include <vector>

/*! Numbers as people write them, for every command and the Python commands alike. */
namespace securevoice {

/*!
 * A decimal number, with an exponent or with k (or K), M or G behind it: 48000, 48k,
 * 433.5M,
 * -1.5e3. Blanks at its ends do not count; what the system's language is does not matter.
 * \param what whose number it is, begins the sentence: "--rate"
 * \throws std::invalid_argument if it is something else, or not finite
 */
double number_from_text(const std::string& text, const std::string& what);

/*! A whole number in the same form: 1k is 1000. \throws std::invalid_argument */
long long whole_number_from_text(const std::string& text, const std::string& what);

/*!
 * One or more numbers with commas, each of which may be a range upwards FIRST:LAST:STEP,
 * both ends included: 30,36:38:0.5. At most 10000.
 * \throws std::invalid_argument
 */
std::vector<double> numbers_from_text(const std::string& text, const std::string& what);

} // namespace securevoice

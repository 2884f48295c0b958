/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_memory.h"

namespace securevoice::apps {

/*! \throws std::invalid_argument if standard output is no terminal */
void check_drawable();

/*!
 * Draws a QR code (ISO/IEC 18004, error correction M) on standard output, two modules a
 * character, dark on light whatever the terminal's colours are.
 * \throws std::runtime_error if the terminal is too narrow for it
 */
void draw_qr_code(const secret_memory& text);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/constants.h"

#include <array>

namespace securevoice {

/*!
 * Tables of docs/protocol.md, Appendix A: hexadecimal bitmaps over the positions u[0],
 * u[1], ..., most significant bit of a digit first. tools/make_frozen_sets.py makes them.
 */
struct block_bitmaps {
    const char* info;  // all info positions
    const char* piece; // those of the piece among them
};

extern const std::array<block_bitmaps, codec_count> block_info_sets; // by codec
extern const char* const start_info_set;

} // namespace securevoice

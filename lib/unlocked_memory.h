/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace gr {
namespace securevoice {

/*! Before a block loads keys: GNU Radio's log gets a warning if they cannot be locked in
 * memory. */
void warn_of_unlocked_memory();

} // namespace securevoice
} // namespace gr

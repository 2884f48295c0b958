/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice {

/*!
 * For programs that hold keys, at their start: no core dumps, and no other process of the
 * user may look into the memory.
 * \throws std::runtime_error if the system refuses
 */
void harden_process();

} // namespace securevoice

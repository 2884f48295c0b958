/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice {

// Names of the temporary files that exist, for signal handlers, which may neither lock
// nor allocate.

/*! \param name stays valid until forget_unfinished_file() \throws std::runtime_error if
 * 64 are open */
void note_unfinished_file(const char* name);
void forget_unfinished_file(const char* name);

/*! Removes them from the disk. May be called by a signal handler. */
void remove_unfinished_files();

} // namespace securevoice

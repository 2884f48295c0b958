/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace gr {
namespace securevoice {

/*!
 * GNU Radio can be set to keep the buffers between blocks in files; speech in clear would
 * then be written to a disk. Makes a buffer and looks where it is mapped.
 * \throws std::runtime_error if it is a file
 */
void refuse_buffers_in_files();

} // namespace securevoice
} // namespace gr

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_KEY_FILE_H
#define INCLUDED_SECUREVOICE_KEY_FILE_H

#include <gnuradio/securevoice/api.h>

#include <string>

namespace gr {
namespace securevoice {

/*!
 * Makes a new random key to send with, in a new file of mode 0600 that is not sealed.
 *
 * \param path NAME.key, whose NAME is the key's
 * \throws std::runtime_error if the file is there, cannot be written, or has no such name
 */
SECUREVOICE_API void new_key_file(const std::string& path);

} // namespace securevoice
} // namespace gr

#endif

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>

namespace securevoice {

/*!
 * What no output may ever be written over. Read from the file's beginning alone, whatever
 * its name and folder: also a key file that went through a mailer (marks of quotation,
 * byte order mark, UTF-16).
 * \return "a key file", "the replay memory", or null: neither, or not there, or not to be
 * read
 */
const char* irreplaceable_file(const std::string& path);

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <system_error>
#include <cerrno>
#include <string>

namespace securevoice {

/*! What the operating system says of an error, "No such file or directory": ends a
 * sentence. */
inline std::string reason(int error = errno)
{
    return std::generic_category().message(error);
}

} // namespace securevoice

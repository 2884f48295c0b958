/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dispatch.h"

#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <filesystem>
#include <stdexcept>

namespace securevoice::apps {

void become(const std::string& name, char** arguments)
{
    // A command is a word: no path can be smuggled in.
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
        std::string::npos)
        return;
    const auto program = "securevoice-" + name;
    std::error_code unknown;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
        execv((own.parent_path() / program).c_str(), arguments);
    if (unknown || errno == ENOENT)
        execvp(program.c_str(), arguments);
    if (errno != ENOENT)
        throw std::runtime_error("cannot run " + program + ": " +
                                 std::generic_category().message(errno));
}

} // namespace securevoice::apps

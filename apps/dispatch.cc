/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dispatch.h"

#include "core/system/reason.h"

#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <stdexcept>

namespace securevoice::apps {

namespace {

const std::string program_start = "securevoice-";

void add_programs(const std::filesystem::path& folder, std::set<std::string>& names)
{
    std::error_code unreadable;
    const std::filesystem::directory_iterator files(folder, unreadable), end;
    for (auto file = files; !unreadable && file != end; file.increment(unreadable)) {
        const auto name = file->path().filename().string();
        if (name.compare(0, program_start.size(), program_start) == 0 &&
            access(file->path().c_str(), X_OK) == 0)
            names.insert(name.substr(program_start.size()));
    }
}

std::string from_environment(const char* variable)
{
    const auto* const value = std::getenv(variable);
    return value ? value : "";
}

} // namespace

std::vector<std::string> other_commands()
{
    std::set<std::string> names;
    std::error_code unknown;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
        add_programs(own.parent_path(), names);
    std::istringstream path(from_environment("PATH"));
    for (std::string folder; std::getline(path, folder, ':');)
        add_programs(folder, names);
    std::istringstream launcher(from_environment("SECUREVOICE_LAUNCHER_COMMANDS"));
    for (std::string word; launcher >> word;)
        names.insert(word);
    return { names.begin(), names.end() };
}

void become(const std::string& name, char** arguments)
{
    // A command is a word: no path can be smuggled in.
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
        std::string::npos)
        return;
    const auto program = program_start + name;
    std::error_code unknown;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
        execv((own.parent_path() / program).c_str(), arguments);
    if (unknown || errno == ENOENT)
        execvp(program.c_str(), arguments);
    if (errno != ENOENT)
        throw std::runtime_error("cannot run " + program + ": " + reason());
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/files/output_target.h"

#include "core/files/secret_file.h"
#include "core/system/reason.h"

#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>

namespace securevoice {

namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40; // as Linux follows

[[noreturn]] void fail(const std::string& path, const std::string& why)
{
    throw std::runtime_error("cannot write " + path + ": " + why);
}

[[noreturn]] void fail(const std::string& path) { fail(path, reason()); }

/*! Of "-" and of the names that the system has for what this process has open. */
std::optional<int> descriptor_of(const std::string& path)
{
    if (path == "-" || path == "/dev/stdout")
        return STDOUT_FILENO;
    if (path == "/dev/stderr")
        return STDERR_FILENO;
    const auto own = "/proc/" + std::to_string(getpid()) + "/fd/";
    for (const auto& folder :
         { std::string("/dev/fd/"), std::string("/proc/self/fd/"), own }) {
        const auto number = path.substr(std::min(folder.size(), path.size()));
        if (path.compare(0, folder.size(), folder) == 0 && !number.empty() &&
            number.size() < 8 &&
            number.find_first_not_of("0123456789") == std::string::npos)
            return std::stoi(number);
    }
    return {};
}

/*! The folder that a file is in; "." for a bare name. */
std::string folder_of(const std::string& path)
{
    const auto parent = fs::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

/*! Where a symbolic link leads, one step; nothing if it is none. */
std::optional<std::string> link_at(const std::string& path)
{
    std::error_code none;
    const auto leads = fs::read_symlink(path, none);
    if (none)
        return {};
    return (fs::path(folder_of(path)) / leads).string();
}

void refuse_what_is_no_file(const std::string& path, const struct stat& there)
{
    if (S_ISDIR(there.st_mode))
        fail(path, "it is a folder; name a file");
    if (S_ISBLK(there.st_mode))
        fail(path, "it is a disk; name a file on it");
    if (S_ISSOCK(there.st_mode))
        fail(path, "it is a socket; name a file or a pipe");
}

void refuse_what_is_kept(const std::string& path, const std::string& target)
{
    if (const char* what = irreplaceable_file(target))
        throw std::invalid_argument("cannot write " + path + ": it is " + what +
                                    "; choose another name");
    if (access(target.c_str(), W_OK) != 0)
        fail(path);
}

void refuse_folder(const std::string& path, const std::string& target)
{
    const auto name = fs::path(target).filename().string();
    if (name.empty() || name == "." || name == "..")
        fail(path, "it is a folder; name a file");
    if (access(folder_of(target).c_str(), W_OK | X_OK) != 0)
        fail(path);
}

} // namespace

output_target find_output_target(const std::string& path,
                                 const std::vector<std::string>& not_over)
{
    if (path.empty())
        throw std::invalid_argument("an output has no name: name a file");
    for (const auto& input : not_over)
        refuse_same_file(input, path);
    output_target found;
    found.path = path;
    for (int links = 0;; ++links) {
        if (const auto number = descriptor_of(found.path)) {
            found.what = output_target::type::descriptor;
            found.descriptor = *number;
            return found;
        }
        const auto next = link_at(found.path);
        if (!next)
            break;
        if (links == most_links) {
            errno = ELOOP;
            fail(path);
        }
        found.path = *next;
    }
    struct stat there {
    };
    const bool exists = stat(found.path.c_str(), &there) == 0;
    if (!exists && errno != ENOENT)
        fail(path);
    if (exists) {
        refuse_what_is_no_file(path, there);
        if (!S_ISREG(there.st_mode)) {
            found.what = output_target::type::device;
            return found;
        }
        refuse_what_is_kept(path, found.path);
    }
    refuse_folder(path, found.path);
    return found;
}

void refuse_same_file(const std::string& input, const std::string& output)
{
    struct stat in {
    };
    struct stat out {
    };
    if (stat(input.c_str(), &in) == 0 && stat(output.c_str(), &out) == 0 &&
        S_ISREG(in.st_mode) && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
        throw std::invalid_argument("input and output are the same file, " + input +
                                    ": choose another name for the output");
}

void refuse_same_outputs(const std::vector<std::string>& outputs)
{
    std::set<std::string> seen;
    for (const auto& path : outputs) {
        if (path.empty())
            continue;
        const auto target = find_output_target(path);
        if (target.what == output_target::type::device)
            continue;
        std::error_code unknown;
        auto place = target.what == output_target::type::descriptor
                         ? "descriptor " + std::to_string(target.descriptor)
                         : fs::weakly_canonical(fs::absolute(target.path), unknown)
                               .string(); // of a name that is not there yet, too
        // Two names of one file, which the first output would replace.
        struct stat there {
        };
        if (target.what == output_target::type::file &&
            stat(target.path.c_str(), &there) == 0)
            place = "file " + std::to_string(there.st_dev) + " " +
                    std::to_string(there.st_ino);
        if (!seen.insert(place).second)
            throw std::invalid_argument("two outputs have the name " + path +
                                        ": give each its own");
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/files/output_file.h"
#include "core/files/unfinished_files.h"
#include "core/system/reason.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <utility>

namespace securevoice {

namespace {

namespace fs = std::filesystem;

/*! A name beside \p path that nobody has yet. The system takes names of 255 octets. */
std::string temporary_name(const std::string& path)
{
    constexpr std::size_t kept = 200;
    constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const fs::path whole(path);
    auto name = whole.filename().string().substr(0, kept) + ".part-";
    std::random_device random;
    std::uniform_int_distribution<std::size_t> any(0, sizeof letters - 2);
    for (int n = 0; n < 8; ++n)
        name += letters[any(random)];
    return (whole.parent_path() / name).string();
}

/*! To the end, however the system divides it. \return success, else errno is set */
bool write_all(int file, const char* data, std::size_t octets)
{
    while (octets > 0) {
        const auto put = ::write(file, data, octets);
        if (put < 0 && errno == EAGAIN) {
            pollfd ready{ file, POLLOUT, 0 };
            ::poll(&ready, 1, -1);
        } else if (put < 0 && errno != EINTR) {
            return false;
        } else if (put > 0) {
            data += put;
            octets -= static_cast<std::size_t>(put);
        }
    }
    return true;
}

/*! \return success, else errno is set */
bool copy_all(int from, int to)
{
    char octets[65536];
    for (off_t at = 0;;) {
        const auto got = ::pread(from, octets, sizeof octets, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (!write_all(to, octets, static_cast<std::size_t>(got)))
            return false;
        at += got;
    }
}

/*! heard.wav: heard-2.wav, or the next number that is free. */
std::string name_beside(const std::string& path)
{
    const fs::path whole(path);
    std::error_code unknown;
    for (int n = 2;; ++n) {
        const auto other =
            whole.parent_path() / (whole.stem().string() + "-" + std::to_string(n) +
                                   whole.extension().string());
        if (!fs::exists(fs::symlink_status(other, unknown)))
            return other.string();
    }
}

} // namespace

output_file::output_file(std::string path, output_options options)
    : d_path(std::move(path)),
      d_options(std::move(options)),
      d_target(find_output_target(d_path, d_options.not_over))
{
    if (d_target.what == output_target::type::descriptor)
        d_descriptor = ::fcntl(d_target.descriptor, F_DUPFD_CLOEXEC, 0);
    else if (d_target.what == output_target::type::device)
        d_descriptor = ::open(d_target.path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    else
        return;
    if (d_descriptor < 0)
        fail();
}

output_file::~output_file()
{
    drop_temporary();
    if (d_descriptor >= 0)
        ::close(d_descriptor);
}

void output_file::fail() const
{
    throw std::runtime_error(
        "cannot write " + (d_path == "-" ? std::string("to standard output") : d_path) +
        ": " + reason());
}

bool output_file::is_terminal() const
{
    return d_descriptor >= 0 && ::isatty(d_descriptor) != 0;
}

void output_file::open_temporary()
{
    const mode_t access = d_options.is_private ? 0600 : 0666;
    do {
        d_temporary = temporary_name(d_target.path);
        note_unfinished_file(d_temporary.c_str()); // before it exists
        d_descriptor =
            ::open(d_temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, access);
        if (d_descriptor >= 0)
            return;
        const int why = errno;
        forget_unfinished_file(d_temporary.c_str());
        d_temporary.clear();
        errno = why;
    } while (errno == EEXIST);
    fail();
}

void output_file::drop_temporary()
{
    if (d_temporary.empty())
        return;
    ::unlink(d_temporary.c_str());
    forget_unfinished_file(d_temporary.c_str());
    d_temporary.clear();
}

int output_file::descriptor()
{
    if (d_descriptor < 0)
        open_temporary();
    return d_descriptor;
}

void output_file::write(const void* data, std::size_t octets)
{
    if (!write_all(descriptor(), static_cast<const char*>(data), octets))
        fail();
}

bool output_file::is_removed() const
{
    struct stat about {
    };
    return ::fstat(d_descriptor, &about) == 0 && about.st_nlink == 0;
}

void output_file::publish()
{
    if (!is_regular())
        return;
    descriptor();
    if (is_removed())
        make_again();
    if (d_published)
        return;
    // Much may have come to stand there since the beginning of the work.
    find_output_target(d_target.path, d_options.not_over);
    if (std::rename(d_temporary.c_str(), d_target.path.c_str()) != 0)
        fail();
    forget_unfinished_file(d_temporary.c_str());
    d_temporary.clear();
    d_published = true;
}

void output_file::publish_if_missing()
{
    struct stat there {
    };
    if (is_regular() && ::lstat(d_target.path.c_str(), &there) != 0)
        publish();
}

void output_file::make_again()
{
    const int removed = d_descriptor;
    const auto place = ::lseek(removed, 0, SEEK_CUR);
    if (!d_temporary.empty())
        forget_unfinished_file(d_temporary.c_str());
    d_temporary.clear();
    std::error_code why;
    const auto folder = fs::path(d_target.path).parent_path();
    const bool new_folder = !folder.empty() && !fs::exists(folder, why);
    if (new_folder) {
        fs::create_directories(folder, why);
        fs::permissions(folder, fs::perms::owner_all, why);
    }
    open_temporary(); // tells what could not be made
    const int made = std::exchange(d_descriptor, removed);
    if (!copy_all(removed, made) || ::lseek(made, place, SEEK_SET) < 0 ||
        ::dup3(made, removed, O_CLOEXEC) < 0) {
        const int error = errno;
        ::close(made);
        errno = error;
        fail();
    }
    ::close(made);
    d_published = false;
    struct stat there {
    };
    const bool taken = ::lstat(d_target.path.c_str(), &there) == 0;
    if (taken) // another file now: ours does not remove it in turn
        d_target.path = name_beside(d_target.path);
    d_problem = (new_folder ? "the folder of " : "") + d_path +
                " was removed while it was written: all that was written is in " +
                (taken ? d_target.path : "a new one");
}

} // namespace securevoice

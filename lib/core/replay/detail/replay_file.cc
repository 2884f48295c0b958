/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/replay/detail/replay_file.h"

#include "core/system/reason.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

namespace securevoice::detail {

namespace {

constexpr char file_name[] = "replay-memory";
constexpr auto longest_wait = std::chrono::milliseconds(100);
constexpr int attempts = 3; // to open a file that others make and remove

std::string octal(mode_t mode)
{
    char digits[8];
    std::snprintf(digits, sizeof(digits), "%04o", static_cast<unsigned>(mode & 07777));
    return digits;
}

// Mode 0700, whatever the umask is. False, and errno, if it cannot be made.
bool make_one_folder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) == 0)
        return ::chmod(path.c_str(), 0700) == 0;
    return errno == EEXIST;
}

// With all that is missing above it.
bool make_folder(const std::string& path)
{
    if (make_one_folder(path))
        return true;
    const auto slash = path.find_last_not_of('/', path.rfind('/'));
    return errno == ENOENT && slash != std::string::npos &&
           make_folder(path.substr(0, slash + 1)) && make_one_folder(path);
}

// Who can write in the folder can put yesterday's file in the place of today's.
void check_folder(int folder, const std::string& path)
{
    struct stat status;
    if (::fstat(folder, &status) != 0)
        throw replay_file_error("the state folder '" + path +
                                "' cannot be examined: " + reason());
    if (status.st_uid != geteuid() && status.st_uid != 0)
        throw replay_file_error("the state folder '" + path +
                                "' belongs to another user: set SECUREVOICE_STATE to a "
                                "folder of your own");
    if ((status.st_mode & 022) != 0)
        throw replay_file_error("others can write in the state folder '" + path +
                                "' (mode " + octal(status.st_mode) +
                                "): run chmod 700 '" + path + "'");
}

} // namespace

std::string replay_file::path_in(const std::string& folder)
{
    return folder + "/" + file_name;
}

replay_file::replay_file(const std::string& folder) : d_path(path_in(folder))
{
    const auto here = [&] {
        return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    };
    int number = here();
    if (number < 0 && errno == ENOENT && make_folder(folder))
        number = here();
    if (number < 0)
        throw replay_file_error("the state folder '" + folder +
                                "' cannot be made or opened (" + reason() +
                                "): set SECUREVOICE_STATE to a folder of your own");
    const file_descriptor opened(number);
    check_folder(opened.number(), folder);
    for (int n = 0; n < attempts; ++n) {
        open(opened.number());
        examine();
        lock();
        struct stat status;
        if (::fstat(d_file->number(), &status) == 0 && status.st_nlink > 0)
            return; // not removed while we waited
    }
    fail("is removed again and again: end the program that does so");
}

replay_file::~replay_file()
{
    // Closing alone would leave the lock to a process forked meanwhile.
    if (d_file)
        ::flock(d_file->number(), LOCK_UN);
}

void replay_file::fail(const std::string& what) const
{
    throw replay_file_error("the memory of replays '" + d_path + "' " + what);
}

void replay_file::cannot_write(int error) const
{
    fail("cannot be written (" + reason(error) +
         "): make room or mend it, or set SECUREVOICE_STATE to a folder of your own");
}

void replay_file::open(int folder)
{
    // O_NONBLOCK: a FIFO must not hold us up before fstat tells what it is.
    constexpr int flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    d_access = access::full;
    d_obstacle.clear();
    for (int n = 0; n < attempts; ++n) {
        d_file.emplace(::openat(folder, file_name, O_RDWR | flags));
        if (d_file->good())
            return;
        if (errno == ENOENT) {
            d_file.emplace(
                ::openat(folder, file_name, O_RDWR | O_CREAT | O_EXCL | flags, 0600));
            if (d_file->good()) {
                // Whatever the umask is. The name's own way to the disk is not waited
                // for: a file that is missing after a power cut is begun anew.
                if (::fchmod(d_file->number(), 0600) != 0)
                    cannot_write(errno);
                return;
            }
            if (errno == EEXIST)
                continue;
            fail("cannot be made (" + reason() +
                 "): make room or set SECUREVOICE_STATE to a folder of your own");
        }
        if (errno == ELOOP)
            fail("is a symbolic link: remove it");
        if (errno == EISDIR)
            fail("is no regular file: remove it");
        const int why = errno;
        d_file.emplace(::openat(folder, file_name, O_RDONLY | flags));
        if (!d_file->good())
            fail("cannot be opened (" + reason(why) +
                 "): let this user read and write it, or set SECUREVOICE_STATE to a "
                 "folder "
                 "of your own");
        d_access = access::read_only;
        d_obstacle =
            "the memory of replays '" + d_path + "' cannot be written (" + reason(why) +
            "): make it writable, or set SECUREVOICE_STATE to a folder of your own";
        return;
    }
    fail("is removed again and again: end the program that does so");
}

void replay_file::examine()
{
    struct stat status;
    if (::fstat(d_file->number(), &status) != 0)
        fail("cannot be examined (" + reason() + "): remove it");
    if (!S_ISREG(status.st_mode))
        fail("is no regular file: remove it");
    if (status.st_uid != geteuid())
        fail(
            "belongs to another user: remove it, or set SECUREVOICE_STATE to a folder of "
            "your own");
    if ((status.st_mode & 077) != 0)
        fail("is open to others (mode " + octal(status.st_mode) +
             "): remove it, a new one is begun");
    // Root could write in spite of the mode, but somebody wants the file to stay as it
    // is.
    if (d_access == access::full && (status.st_mode & S_IWUSR) == 0) {
        d_access = access::read_only;
        d_obstacle = "the memory of replays '" + d_path + "' is read-only (mode " +
                     octal(status.st_mode) + "): run chmod 600 '" + d_path + "'";
    }
}

void replay_file::lock()
{
    const auto end = std::chrono::steady_clock::now() + longest_wait;
    while (::flock(d_file->number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR && errno != EWOULDBLOCK)
            fail("cannot be locked (" + reason() +
                 "): set SECUREVOICE_STATE to a folder on a disk of this computer");
        if (std::chrono::steady_clock::now() >= end) {
            if (d_access == access::full) {
                d_access = access::busy;
                d_obstacle = "the memory of replays '" + d_path +
                             "' is kept locked by another program: end that one";
            }
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::vector<std::uint8_t> replay_file::read() const
{
    std::vector<std::uint8_t> octets;
    const auto read_to = [&](std::size_t end) {
        auto have = octets.size();
        octets.resize(end);
        while (have < end) {
            const auto got = ::pread(d_file->number(),
                                     octets.data() + have,
                                     end - have,
                                     static_cast<off_t>(have));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                fail("cannot be read (" + reason() + "): remove it");
            if (got == 0)
                break;
            have += static_cast<std::size_t>(got);
        }
        octets.resize(have);
        return have == end;
    };
    if (read_to(replay_item_octets)) {
        replay_item header;
        std::copy(octets.begin(), octets.end(), header.begin());
        read_to(replay_octets_in_use(header));
    }
    return octets;
}

void replay_file::put(std::size_t offset, const std::uint8_t* octets, std::size_t count)
{
    while (count > 0) {
        const auto done =
            ::pwrite(d_file->number(), octets, count, static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            cannot_write(errno);
        octets += done;
        offset += static_cast<std::size_t>(done);
        count -= static_cast<std::size_t>(done);
    }
}

void replay_file::write(std::size_t offset, const replay_item& item)
{
    put(offset, item.data(), item.size());
}

void replay_file::replace(std::vector<std::uint8_t> octets)
{
    octets.resize(replay_file_octets);
    if (const int error =
            ::posix_fallocate(d_file->number(), 0, static_cast<off_t>(octets.size())))
        cannot_write(error);
    put(0, octets.data(), octets.size());
}

void replay_file::finish()
{
    ::flock(d_file->number(), LOCK_UN);
    while (::fdatasync(d_file->number()) != 0)
        if (errno != EINTR)
            cannot_write(errno);
}

} // namespace securevoice::detail

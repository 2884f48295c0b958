/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/pending_file.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace securevoice::apps {

namespace {

[[noreturn]] void fail(const std::string& what)
{
    throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

/*! A slip of the keyboard must not cost a key: it could not be made again. */
bool is_key_file(const std::string& path)
{
    constexpr char beginning[] = "gr-securevoice key";
    char found[sizeof beginning - 1] = {};
    std::ifstream file(path, std::ios::binary);
    return file.read(found, sizeof found) &&
           std::equal(found, found + sizeof found, beginning);
}

// Names of the temporary files, for a signal handler: it may neither lock nor allocate.
std::array<std::atomic<const char*>, 16> temporary_files{};
static_assert(std::atomic<const char*>::is_always_lock_free);

void exchange_temporary(const char* from, const char* to)
{
    for (auto& place : temporary_files) {
        const char* expected = from;
        if (place.compare_exchange_strong(expected, to))
            return;
    }
    if (to)
        throw std::logic_error("too many output files are open at once");
}

extern "C" void remove_and_end(int number)
{
    for (const auto& place : temporary_files)
        if (const char* name = place.load())
            unlink(name);
    raise(number); // comes when this returns, and by SA_RESETHAND ends the program
}

} // namespace

void remove_pending_files_on_signals()
{
    for (const int number :
         { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGABRT, SIGXFSZ }) {
        struct sigaction action {
        };
        if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
            continue; // as nohup wants it
        action = {};
        action.sa_handler = remove_and_end;
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(number, &action, nullptr);
    }
}

pending_file::pending_file(std::string path) : d_path(std::move(path)), d_working(d_path)
{
    struct stat there {
    };
    if (stat(d_path.c_str(), &there) == 0) {
        if (S_ISDIR(there.st_mode))
            throw std::runtime_error("cannot write " + d_path +
                                     ": it is a folder; name a file");
        if (!S_ISREG(there.st_mode))
            return;
        if (is_key_file(d_path))
            throw std::invalid_argument("cannot write " + d_path +
                                        ": it is a key file; choose another name");
    }
    d_working = d_path + ".part-XXXXXX";
    exchange_temporary(nullptr, d_working.c_str()); // before it exists
    const int descriptor = mkstemp(d_working.data());
    if (descriptor < 0) {
        const int reason = errno;
        exchange_temporary(d_working.c_str(), nullptr);
        errno = reason;
        fail("cannot write " + d_path);
    }
    d_temporary = true;
    // mkstemp's 0600 is for secrets; these are ordinary files.
    const auto mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
    close(descriptor);
}

pending_file::~pending_file()
{
    if (!d_temporary)
        return;
    unlink(d_working.c_str());
    exchange_temporary(d_working.c_str(), nullptr);
}

void pending_file::commit()
{
    if (!d_temporary)
        return;
    if (std::rename(d_working.c_str(), d_path.c_str()) != 0)
        fail("cannot write " + d_path);
    exchange_temporary(d_working.c_str(), nullptr);
    d_temporary = false;
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

void refuse_same_outputs(std::vector<std::string> outputs)
{
    const auto any_number = [](const std::string& path) { // none, or a device
        struct stat there {
        };
        return path.empty() ||
               (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode));
    };
    outputs.erase(std::remove_if(outputs.begin(), outputs.end(), any_number),
                  outputs.end());
    std::sort(outputs.begin(), outputs.end());
    for (std::size_t n = 1; n < outputs.size(); ++n)
        if (outputs[n] == outputs[n - 1])
            throw std::invalid_argument("two outputs have the name " + outputs[n] +
                                        ": give each its own");
}

side_output::side_output(const std::string& path)
{
    if (!path.empty())
        d_file.emplace(path);
}

void side_output::deliver(const void* data, std::size_t octets)
{
    if (!d_file)
        return;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(
        std::fopen(d_file->working_path().c_str(), "wb"), std::fclose);
    if (!stream || (octets > 0 && std::fwrite(data, 1, octets, stream.get()) != octets) ||
        std::fflush(stream.get()) != 0)
        fail("cannot write " + d_file->path());
    d_file->commit();
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fuzz_input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>

/*! Files of the fuzz targets, all in memory. */
namespace fuzz {

/*! A file without a name. */
class memory_file
{
public:
    memory_file() : d_descriptor(memfd_create("fuzz", MFD_CLOEXEC))
    {
        check(d_descriptor >= 0, "there is memory for a file");
    }
    ~memory_file() { close(d_descriptor); }
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    /*! Replaces what it holds, and goes to its beginning. */
    void write(const std::string& octets) const
    {
        check(ftruncate(d_descriptor, 0) == 0 && lseek(d_descriptor, 0, SEEK_SET) == 0 &&
                  ::write(d_descriptor, octets.data(), octets.size()) ==
                      static_cast<ssize_t>(octets.size()) &&
                  lseek(d_descriptor, 0, SEEK_SET) == 0,
              "a file in memory can be written");
    }
    int descriptor() const { return d_descriptor; }
    /*! A link: what does not follow links needs a memory_folder. */
    std::string path() const { return "/proc/self/fd/" + std::to_string(d_descriptor); }

private:
    int d_descriptor;
};

/*! A folder of its own in memory, removed at the end. */
class memory_folder
{
public:
    memory_folder()
    {
        auto name =
            std::string(std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp") +
            "/securevoice-fuzz-XXXXXX";
        check(mkdtemp(name.data()) != nullptr, "there is memory for a folder");
        d_path = name;
    }
    ~memory_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(d_path, ignored);
    }
    memory_folder(const memory_folder&) = delete;
    memory_folder& operator=(const memory_folder&) = delete;

    const std::string& path() const { return d_path; }
    void remove(const std::string& name) const { unlink((d_path + "/" + name).c_str()); }
    /*! Mode 0600. */
    void write(const std::string& name, const std::string& octets) const
    {
        const auto path = d_path + "/" + name;
        remove(name);
        const int file =
            open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        check(file >= 0 && ::write(file, octets.data(), octets.size()) ==
                               static_cast<ssize_t>(octets.size()),
              "a file in memory can be written");
        close(file);
    }

private:
    std::string d_path;
};

} // namespace fuzz

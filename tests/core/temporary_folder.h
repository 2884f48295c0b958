/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace securevoice::test {

/*! A folder of its own for one test, removed at the end. */
class temporary_folder
{
public:
    temporary_folder()
    {
        auto name =
            (std::filesystem::temp_directory_path() / "securevoice-XXXXXX").string();
        if (!mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        d_path = name;
    }
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(d_path, ignored);
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    std::string operator/(const std::string& name) const { return d_path + "/" + name; }
    const std::string& path() const { return d_path; }

    /*! Writes a file and gives its path. */
    std::string
    file(const std::string& name, const std::string& text, mode_t access = 0600) const
    {
        const auto path = *this / name;
        std::ofstream(path, std::ios::binary) << text;
        if (chmod(path.c_str(), access) != 0)
            throw std::runtime_error("chmod failed");
        return path;
    }

private:
    std::string d_path;
};

inline std::string octets_of_file(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>() };
}

inline unsigned access_of(const std::string& path)
{
    struct stat status;
    if (stat(path.c_str(), &status) != 0)
        throw std::runtime_error("no such file: " + path);
    return status.st_mode & 07777;
}

} // namespace securevoice::test

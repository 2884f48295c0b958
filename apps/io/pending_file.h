/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*!
 * An output file that appears whole or not at all: written under a temporary name beside the wanted one, renamed by
 * commit(). Without commit() the temporary file is removed and what stood there before stays. Devices and pipes are
 * written directly.
 */
class pending_file
{
public:
    /*! \throws std::runtime_error if the file cannot be made */
    explicit pending_file(std::string path);
    ~pending_file();
    pending_file(const pending_file&) = delete;
    pending_file& operator=(const pending_file&) = delete;

    /*! Where to write. */
    const std::string& working_path() const { return d_working; }
    /*! Where it will be. */
    const std::string& path() const { return d_path; }
    /*! \throws std::runtime_error */
    void commit();

private:
    std::string d_path;
    std::string d_working;
    bool d_temporary = false;
};

/*! From here on a signal that ends the program (also abort()) first removes the temporary files that exist. The program
 * still ends by that signal. */
void remove_pending_files_on_signals();

/*! \throws std::invalid_argument if both name the same existing file: an input is never overwritten */
void refuse_same_file(const std::string& input, const std::string& output);

/*! \throws std::invalid_argument if a name stands there twice (empty ones and devices may) */
void refuse_same_outputs(std::vector<std::string> outputs);

/*!
 * An output that was perhaps asked for (an empty path: it was not). Made at once, so that a path that cannot be written is
 * told before the work begins; written as a whole at its end.
 */
class side_output
{
public:
    /*! \throws std::runtime_error */
    explicit side_output(const std::string& path);
    /*! \throws std::runtime_error */
    void deliver(const void* data, std::size_t octets);
    void deliver(const std::string& text) { deliver(text.data(), text.size()); }

private:
    std::optional<pending_file> d_file;
};

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/files/output_file.h"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*! An output that was perhaps asked for (an empty path: it was not). Checked at once, so that a path that cannot be written is told before
 * the work begins. For its owner's eyes: mode 0600. */
class side_output
{
public:
    /*! \throws as output_file() */
    explicit side_output(const std::string& path);

    bool wanted() const { return d_file.has_value(); }
    /*! Octets that are of use as they come: the file is there from the first of them. What cannot be written ends
     * nothing else: it is kept for finish(), and nothing more is taken. */
    void add(const std::vector<std::uint8_t>& octets);
    /*! At the end of what came by add(): an empty file if nothing came and none stood there. \throws std::runtime_error also for what add() kept */
    void finish();
    /*! The whole file, at the end. \throws std::runtime_error */
    void deliver(const void* data, std::size_t octets);
    void deliver(const std::string& text) { deliver(text.data(), text.size()); }

    /*! A sentence if the file had to be made again, else empty. */
    std::string problem() const { return d_file ? d_file->problem() : std::string(); }

private:
    std::optional<output_file> d_file;
    bool d_written = false;
    std::exception_ptr d_failure;
};

} // namespace securevoice::apps

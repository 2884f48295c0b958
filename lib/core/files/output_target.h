/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string>
#include <vector>

namespace securevoice {

/*! Where an output goes, found and checked before anything is written. */
struct output_target {
    enum class type {
        file,      // regular, or not there yet
        device,    // device or named pipe: opened and written directly
        descriptor // "-", /dev/stdout, /dev/fd/N: this process has it open
    };
    type what = type::file;
    std::string path;   // of a file or device, behind all symbolic links
    int descriptor = 0; // of a descriptor
};

/*!
 * Finds out where \p path leads.
 * \param not_over files that are inputs of the same work
 * \throws std::invalid_argument if \p path is empty, leads to a file of \p not_over (by
 * whatever name), to a key file or to
 *         the replay memory; std::runtime_error if it cannot be written: a folder, a
 *         disk, a file that is write-protected, a folder that is not there
 */
output_target find_output_target(const std::string& path,
                                 const std::vector<std::string>& not_over = {});

/*! \throws std::invalid_argument if both are the same existing regular file, by whatever
 * names: an input is never overwritten */
void refuse_same_file(const std::string& input, const std::string& output);

/*! \throws std::invalid_argument if two lead to the same file, or two to standard output
 * (empty ones and devices may) */
void refuse_same_outputs(const std::vector<std::string>& outputs);

} // namespace securevoice

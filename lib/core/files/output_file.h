/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/files/output_target.h"

#include <cstddef>
#include <string>
#include <vector>

namespace securevoice {

struct output_options {
    // Decoded speech, frames, logs and reports are for their owner's eyes (mode 0600).
    // What goes on the air is not: as umask says.
    bool is_private = true;
    // Inputs of the same work, key files: never written over, whatever name leads there.
    std::vector<std::string> not_over;
};

/*!
 * The one way in which this project writes files. What stood under the name stays as it
 * is until publish(): the new file is written under a temporary name beside it, and takes
 * its place in one step. What is written after publish() goes on in the published file.
 * So an output that is of use only as a whole is published at its end, a recording once
 * its first sample is there; whatever ends the program, there is the old file or the new
 * one.
 *
 * Through symbolic links to their target: the link stays. Devices, pipes and "-"
 * (standard output) are written directly.
 */
class output_file
{
public:
    /*!
     * Checks all, touches nothing (but opens a device or pipe: a named pipe waits for its
     * reader).
     * \throws as find_output_target(), and std::runtime_error if a device cannot be
     * opened
     */
    explicit output_file(std::string path, output_options options = {});
    /*! A file that was not published goes. */
    ~output_file();
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    const std::string& path() const { return d_path; }
    /*! False for devices, pipes and standard output: neither header nor length can be
     * mended there. */
    bool is_regular() const { return d_target.what == output_target::type::file; }
    /*! Standard output or a device is a terminal. */
    bool is_terminal() const;

    /*! Of the temporary file, made if it is not there yet; of the device. Whoever writes
     * to it himself calls publish() as usual.
     * \throws std::runtime_error */
    int descriptor();

    /*! \throws std::runtime_error: a full disk, a pipe whose reader went */
    void write(const void* data, std::size_t octets);
    void write(const std::string& text) { write(text.data(), text.size()); }

    /*!
     * Gives what was written its name; makes an empty file if nothing was. Call it again
     * after later writes: if somebody removed the file or its folder meanwhile, both are
     * made again, with all that was written (under a name beside, heard-2.wav, if another
     * file has the name now).
     * \throws std::runtime_error; std::invalid_argument if a key file stands there by now
     */
    void publish();
    /*! Where nothing stands yet and nothing was written: an empty file, so that who named
     * it finds it. What stands there stays. */
    void publish_if_missing();

    /*! A sentence if the file had to be made again, else empty. */
    const std::string& problem() const { return d_problem; }

private:
    void open_temporary();
    void drop_temporary();
    bool is_removed() const;
    void make_again();
    [[noreturn]] void fail() const;

    std::string d_path;
    output_options d_options;
    output_target d_target;
    std::string d_temporary; // empty: none
    int d_descriptor = -1;
    bool d_published = false;
    std::string d_problem;
};

} // namespace securevoice

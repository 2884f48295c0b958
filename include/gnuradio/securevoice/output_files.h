/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_OUTPUT_FILES_H
#define INCLUDED_SECUREVOICE_OUTPUT_FILES_H

#include <gnuradio/securevoice/api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gr {
namespace securevoice {

/*!
 * Checks where an output would go, and touches nothing. The classes below do so
 * themselves.
 *
 * \param path of the output
 * \param not_over files that must not be written over: inputs, key files in use
 * \throws std::invalid_argument if the path leads to one of them (by whatever name), to
 * any key file or to the replay memory
 * \throws std::runtime_error if it cannot be written
 */
SECUREVOICE_API void check_output(const std::string& path,
                                  const std::vector<std::string>& not_over = {});

/*!
 * A file of this program's output: text, logs, octets. What stood under its name stays as
 * it is until publish(), then the new file takes its place in one step; what is written
 * later goes on in it. Symbolic links stay and lead to it. Devices, pipes and "-"
 * (standard output) are written directly. Without publish() no file is left.
 */
class SECUREVOICE_API output_file
{
public:
    /*!
     * Checks all, touches nothing.
     *
     * \param path of the output
     * \param not_over files that must not be written over: inputs, key files in use
     * \param is_private only its owner may read it (mode 0600); else as umask says
     * \throws std::invalid_argument as check_output()
     * \throws std::runtime_error as check_output()
     */
    explicit output_file(const std::string& path,
                         const std::vector<std::string>& not_over = {},
                         bool is_private = true);
    ~output_file();

    /*!
     * Writes octets, or text as UTF-8.
     *
     * \throws std::runtime_error if that fails, for instance on a full disk
     */
    void write(const std::string& octets);

    /*!
     * Gives what was written its name; at the end for what is of use only as a whole,
     * after each line for a log. It may be called often: a file that was removed
     * meanwhile, or its folder, is made again.
     *
     * \throws std::runtime_error if that fails
     */
    void publish();

    /*! The descriptor of the file that is being written, for those who write to it
     * themselves. */
    int fileno();

    /*! A sentence if the file had to be made again, else empty. */
    std::string problem() const;

private:
    struct parts;
    std::unique_ptr<parts> d_parts;
};

/*!
 * A WAV file of heard speech: 8 kHz, mono, 16 bit, mode 0600. It is there from its first
 * samples on, and its header is right at any moment: whatever ends the program, what was
 * heard until then can be played. Without samples no file is made, and one that stood
 * there stays. To devices, pipes and "-" (standard output) go the samples alone.
 */
class SECUREVOICE_API speech_recording
{
public:
    /*!
     * Checks all, touches nothing.
     *
     * \param path of the WAV file
     * \param not_over files that must not be written over: inputs, key files in use
     * \throws std::invalid_argument as check_output(), and for a terminal
     * \throws std::runtime_error as check_output()
     */
    explicit speech_recording(const std::string& path,
                              const std::vector<std::string>& not_over = {});
    ~speech_recording();

    /*!
     * Writes samples: floats of -1 to 1 (what lies beyond is clipped), or 16-bit
     * integers.
     *
     * \throws std::runtime_error if that fails, for instance on a full disk; what was
     * written until then stays
     */
    void write(const float* samples, std::size_t count);
    void write(const std::int16_t* samples, std::size_t count);

    /*! How many samples were written. */
    std::uint64_t samples() const;

    /*! A sentence if the file had to be made again, else empty. */
    std::string problem() const;

    /*! Ends the recording: the file is closed, nothing more can be written. */
    void close();

private:
    struct parts;
    std::unique_ptr<parts> d_parts;
};

} // namespace securevoice
} // namespace gr

#endif

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/files/output_file.h"

#include <cstdint>
#include <memory>
#include <vector>

struct sf_private_tag;

namespace securevoice {

/*!
 * A WAV file of heard speech: 8 kHz, mono, 16 bit, mode 0600. It is there from its first
 * samples on, and its header says its length at any moment: whatever ends the program,
 * what was heard until then can be played. Without samples a file that stood there stays.
 *
 * To "-" (standard output), devices and pipes go the samples alone, little endian.
 */
class speech_recording
{
public:
    enum class use {
        live, // as said above
        whole // for work that can be done again: nothing is there before finish()
    };
    /*! \param not_over files that are never written over: inputs, key files
     * \throws as output_file(); std::invalid_argument for a terminal */
    explicit speech_recording(const std::string& path,
                              std::vector<std::string> not_over = {},
                              use used = use::live);
    ~speech_recording();

    /*! \throws std::runtime_error: what was written until then stays and can be played */
    void write(const std::int16_t* samples, std::size_t count);
    /*! \param samples -1 ... 1; what lies beyond is clipped, NaN is silence */
    void write(const float* samples, std::size_t count);

    /*! Closes the file; nothing more can be written. Without samples it makes an empty
     * one where none stood.
     * \throws std::runtime_error */
    void finish();

    std::uint64_t samples() const { return d_samples; }
    const std::string& path() const { return d_output.path(); }
    /*! A sentence if the file had to be made again, else empty. */
    const std::string& problem() const { return d_output.problem(); }

private:
    struct closer {
        void operator()(sf_private_tag* file) const;
    };
    void open();

    use d_use;
    output_file d_output;
    std::unique_ptr<sf_private_tag, closer> d_file; // goes before d_output
    std::uint64_t d_samples = 0;
};

} // namespace securevoice

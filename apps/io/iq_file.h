/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/pending_file.h"

#include <complex>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*! IQ files hold complex samples as pairs of 32-bit floats (I, Q), little endian, without header; "-" is standard input or output. */
using iq_samples = std::vector<std::complex<float>>;

using stream_ptr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

class iq_reader
{
public:
    /*! \throws std::runtime_error if it cannot be read, or is no IQ file */
    explicit iq_reader(const std::string& path);

    /*! Replaces \p samples by the next ones, about 64 Ki at most. \return false at the end
     * \throws std::runtime_error if the input breaks off within a sample, or holds no IQ */
    bool read(iq_samples& samples);

    /*! Samples in the file; 0 if that is not known (pipes). */
    std::uint64_t size() const { return d_size; }

private:
    void look_at_first(const iq_samples& samples) const;

    std::string d_name; // for sentences
    stream_ptr d_stream;
    std::uint64_t d_size = 0;
    bool d_first = true;
};

class iq_writer
{
public:
    /*! \throws std::runtime_error; std::invalid_argument for "-" when standard output is a terminal */
    explicit iq_writer(const std::string& path);

    void write(const iq_samples& samples);
    /*! Flushes, and gives the file its name. */
    void commit();

private:
    std::optional<pending_file> d_file;
    stream_ptr d_stream;
};

} // namespace securevoice::apps

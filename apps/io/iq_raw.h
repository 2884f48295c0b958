/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_stream.h"
#include "io/pending_file.h"

#include <cstdio>
#include <memory>

namespace securevoice::apps {

using stream_ptr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/*! Samples alone, without header; "-" is standard input. */
class raw_iq_source : public iq_source
{
public:
    /*! \throws std::runtime_error if it cannot be read, is empty, or has octets beyond its last sample */
    raw_iq_source(const std::string& path, iq_encoding encoding);

    bool read(iq_samples& samples) override;
    std::uint64_t size() const override { return d_size; }

private:
    void look_at_first(const iq_samples& samples) const;

    std::string d_name; // for sentences
    iq_encoding d_encoding;
    stream_ptr d_stream;
    std::vector<std::uint8_t> d_octets;
    std::uint64_t d_size = 0;
    bool d_first = true;
};

class raw_iq_sink : public iq_sink
{
public:
    /*! \throws std::runtime_error; std::invalid_argument for "-" when standard output is a terminal */
    raw_iq_sink(const std::string& path, iq_encoding encoding);

    void write(const iq_samples& samples) override;
    void commit() override;
    const iq_encoder& encoder() const override { return d_encoder; }

private:
    iq_encoder d_encoder;
    std::optional<pending_file> d_file; // none for standard output
    stream_ptr d_stream;
    std::vector<std::uint8_t> d_octets;
};

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_stream.h"

#include "core/files/output_file.h"

#include <vector>

namespace securevoice::apps {

/*! Which octets of a file are samples. */
struct file_part {
    std::uint64_t begin = 0;
    std::optional<std::uint64_t> octets; // none: to the end
};

/*! Samples alone, without header; "-" is standard input. */
class raw_iq_source : public iq_source
{
public:
    /*! \throws std::runtime_error if it cannot be read, or holds no sample */
    raw_iq_source(const std::string& path, iq_encoding encoding, file_part part = {});
    ~raw_iq_source() override;
    raw_iq_source(const raw_iq_source&) = delete;
    raw_iq_source& operator=(const raw_iq_source&) = delete;

    bool read(iq_samples& samples, std::size_t most) override;
    std::uint64_t size() const override { return d_size; }
    /*! Of octets behind the last whole sample; of samples that are missing. */
    std::string problem() const override;

private:
    void open_file(const std::string& path, const file_part& part);
    bool wait() const;
    std::size_t fill(std::size_t wanted);
    void look_at_first(const iq_samples& samples) const;

    std::string d_name; // for sentences
    iq_encoding d_encoding;
    int d_file = 0;
    bool d_is_regular = false;
    std::uint64_t d_left = UINT64_MAX; // octets, as far as is known
    std::vector<std::uint8_t> d_octets;
    std::size_t d_over =
        0; // the first octets of d_octets: of a sample that is not whole yet
    std::uint64_t d_size = 0;
    std::string d_problem;
    bool d_first = true;
    bool d_ended = false;
};

class raw_iq_sink : public iq_sink
{
public:
    /*! \throws as output_file(); std::invalid_argument for a terminal */
    raw_iq_sink(const std::string& path, iq_encoding encoding);

    void write(const iq_samples& samples) override;
    void commit() override { d_file.publish(); }
    const iq_encoder& encoder() const override { return d_encoder; }
    std::string problem() const override { return d_file.problem(); }

private:
    iq_encoder d_encoder;
    output_file d_file;
    std::vector<std::uint8_t> d_octets;
};

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_raw.h"

#include <string>

namespace securevoice::apps {

/*! Octets of text. */
constexpr std::size_t longest_sigmf_metadata = std::size_t{ 16 } << 20;

/*! What is used of a recording's metadata (SigMF 1.x, https://sigmf.org). */
struct sigmf_metadata {
    iq_encoding encoding = iq_encoding::cf32; // core:datatype
    std::optional<double> rate;               // core:sample_rate, samples/s
    std::optional<double>
        frequency; // core:frequency of all captures, Hz; none if they differ
};

/*! \param name of the file, for sentences
 * \throws std::runtime_error if it is no such metadata, or of a recording that cannot be read */
sigmf_metadata parse_sigmf(const std::string& text, const std::string& name);

/*! The text of the file .sigmf-meta. */
std::string write_sigmf(const sigmf_metadata& metadata);

class sigmf_iq_source : public iq_source
{
public:
    /*! \param files the metadata and the samples (iq_files()), or an archive alone \param encoding that the recording must have,
     * if any \throws std::runtime_error */
    sigmf_iq_source(const std::vector<std::string>& files,
                    std::optional<iq_encoding> encoding);

    bool read(iq_samples& samples, std::size_t most) override
    {
        return d_data->read(samples, most);
    }
    std::uint64_t size() const override { return d_data->size(); }
    std::optional<double> rate() const override { return d_metadata.rate; }
    std::optional<double> frequency() const override { return d_metadata.frequency; }
    std::string problem() const override
    {
        const auto of_samples = d_data->problem();
        return of_samples.empty() ? d_problem : of_samples;
    }

private:
    sigmf_metadata d_metadata;
    std::string d_problem; // of an archive
    std::optional<raw_iq_source> d_data;
};

class sigmf_iq_sink : public iq_sink
{
public:
    /*! \throws std::runtime_error */
    sigmf_iq_sink(const std::vector<std::string>& files, const sigmf_metadata& metadata);

    void write(const iq_samples& samples) override { d_data.write(samples); }
    /*! The metadata come last: whoever sees them finds the samples. */
    void commit() override;
    const iq_encoder& encoder() const override { return d_data.encoder(); }
    std::string problem() const override
    {
        const auto of_samples = d_data.problem();
        return of_samples.empty() ? d_meta.problem() : of_samples;
    }

private:
    sigmf_metadata d_metadata;
    output_file d_meta;
    raw_iq_sink d_data;
};

} // namespace securevoice::apps

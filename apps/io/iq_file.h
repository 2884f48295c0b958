/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_format.h"
#include "io/iq_stream.h"

#include <memory>
#include <optional>
#include <string>

namespace securevoice::apps {

/*!
 * Complex samples from a file of any format (iq_format.h); "-" is standard input.
 */
class iq_reader
{
public:
    /*! \param format its name, or empty: the extension tells it
     * \throws std::invalid_argument if the format is not known, std::runtime_error if the input cannot be read or is not of it */
    explicit iq_reader(const std::string& path, const std::string& format = {});

    /*! Replaces \p samples by the next ones, about 64 Ki at most. \return false at the end
     * \throws std::runtime_error if the input breaks off within a sample, or holds no IQ */
    bool read(iq_samples& samples) { return d_source->read(samples); }

    /*! Samples in the file; 0 if that is not known (pipes). */
    std::uint64_t size() const { return d_source->size(); }

    /*!
     * samples/s: what the file says, else \p given, else \p otherwise
     * \throws std::invalid_argument if \p given contradicts the file, or nobody says the rate
     */
    double rate(const std::optional<double>& given,
                const std::optional<double>& otherwise) const;

    /*! Hz, of the carrier that IQ of 0 Hz had, if the file says it */
    std::optional<double> frequency() const { return d_source->frequency(); }

private:
    std::string d_path; // for sentences: what says the rate
    iq_container d_container;
    std::unique_ptr<iq_source> d_source;
};

class iq_writer
{
public:
    struct description {
        double rate = 0;                 // samples/s
        std::optional<double> frequency; // Hz; only SigMF can say it
    };

    /*! \param format its name, or empty: the extension of \p path tells it
     * \throws std::runtime_error; std::invalid_argument if the format is not known or cannot hold what \p about says, and for "-"
     * when standard output is a terminal */
    iq_writer(const std::string& path,
              const std::string& format,
              const description& about);

    void write(const iq_samples& samples) { d_sink->write(samples); }
    /*! Flushes, and gives the file its name. */
    void commit() { d_sink->commit(); }

    /*! A sentence if samples were clipped, else empty. */
    std::string problem() const;

private:
    std::unique_ptr<iq_sink> d_sink;
};

} // namespace securevoice::apps

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

    /*! Replaces \p samples by the next ones: of a file about 64 Ki, of a pipe what it has ready, 80 ms at most once rate() was called.
     * \return false at the end, and once a signal ended the input
     * \throws input_error if it cannot be read on; std::runtime_error if it holds no IQ */
    bool read(iq_samples& samples);

    /*! Samples in the file; 0 if that is not known (pipes). */
    std::uint64_t size() const { return d_source->size(); }

    /*!
     * samples/s: what the file says, else \p given, else what its name says, else \p otherwise
     * \throws std::invalid_argument if \p given contradicts the file, or nobody says the rate
     */
    double rate(const std::optional<double>& given,
                const std::optional<double>& otherwise);
    /*! Nobody said the rate: rate() gave \p otherwise. */
    bool rate_is_assumed() const { return d_assumed; }

    /*! Hz, of the carrier that IQ of 0 Hz had, if the file or its name says it */
    std::optional<double> frequency() const;

    /*! From here on samples come at a usual level, whatever they have in the file: for receivers, which do not care. */
    void level() { d_level = true; }
    /*! From here on samples come with I and Q exchanged. */
    void swap_iq() { d_swap = true; }
    /*!
     * From here on samples come with a carrier at 0 Hz. After rate().
     * \param hz of the carrier: from the middle of the recording, if within half its rate, else on the air
     * \throws std::invalid_argument if it is not within the recording, or the recording does not say where it was made
     */
    void tune(double hz);

    /*! A sentence if the input is not quite what it should be, else empty. Complete at the end. */
    std::string problem() const;

private:
    void set_gain(const iq_samples& samples);
    double find_rate(const std::optional<double>& given,
                     const std::optional<double>& otherwise);

    std::string d_path; // for sentences: what says the rate
    iq_container d_container;
    std::unique_ptr<iq_source> d_source;
    std::optional<double> d_named_rate; // by the file's name, samples/s
    std::optional<double> d_named_frequency;
    std::size_t d_most = iq_chunk;
    double d_rate = 0;
    bool d_swap = false;
    bool d_level = false;
    float d_gain = 1;
    std::uint32_t d_turn = 0; // 2^32 to a circle
    std::uint32_t d_turn_step = 0;
    bool d_assumed = false;
    std::string d_name_problem; // the name is wrong about the rate
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

    /*! A sentence if the name says another rate or format than is written, and so misleads who reads the file; else empty. */
    const std::string& name_problem() const { return d_name_problem; }
    /*! A sentence if samples were clipped, else empty. */
    std::string clipping() const;
    /*! A sentence if the file had to be made again, else empty. After commit(). */
    std::string problem() const { return d_sink->problem(); }

private:
    std::unique_ptr<iq_sink> d_sink;
    std::string d_name_problem;
};

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_encoding.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace securevoice::apps {

/*! The input could not be read on. What came before it was good. */
struct input_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/*! Samples per read, at most. */
constexpr std::size_t iq_chunk = 65536;

/*! Where IQ comes from: one implementation for each container. */
class iq_source
{
public:
    virtual ~iq_source() = default;

    /*!
     * Replaces \p samples by the next ones: what a pipe has ready, at least one.
     * \param most iq_chunk or fewer
     * \return false at the end, and once a signal ended the input (io/ending.h)
     * \throws input_error; std::runtime_error if the input holds no IQ
     */
    virtual bool read(iq_samples& samples, std::size_t most) = 0;
    /*! Samples in the file; 0 if that is not known (pipes). */
    virtual std::uint64_t size() const = 0;
    /*! samples/s, if the file says it */
    virtual std::optional<double> rate() const { return {}; }
    /*! Hz, of the carrier that IQ of 0 Hz had, if the file says it */
    virtual std::optional<double> frequency() const { return {}; }
    /*! A sentence if the input is not quite what it should be, else empty. Complete at the end. */
    virtual std::string problem() const { return {}; }
};

/*! Where IQ goes to. */
class iq_sink
{
public:
    virtual ~iq_sink() = default;

    /*! \throws std::runtime_error */
    virtual void write(const iq_samples& samples) = 0;
    /*! Flushes, and gives the file its name. \throws std::runtime_error */
    virtual void commit() = 0;
    /*! What was written, and how much of it was clipped. */
    virtual const iq_encoder& encoder() const = 0;
    /*! A sentence if a file had to be made again, else empty. */
    virtual std::string problem() const = 0;
};

} // namespace securevoice::apps

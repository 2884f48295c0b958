/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_encoding.h"

#include <cstdint>
#include <optional>
#include <string>

namespace securevoice::apps {

/*! Where IQ comes from: one implementation for each container. */
class iq_source
{
public:
    virtual ~iq_source() = default;

    /*! Replaces \p samples by the next ones, about 64 Ki at most. \return false at the end
     * \throws std::runtime_error if the input breaks off within a sample, or holds no IQ */
    virtual bool read(iq_samples& samples) = 0;
    /*! Samples in the file; 0 if that is not known (pipes). */
    virtual std::uint64_t size() const = 0;
    /*! samples/s, if the file says it */
    virtual std::optional<double> rate() const { return {}; }
    /*! Hz, of the carrier that IQ of 0 Hz had, if the file says it */
    virtual std::optional<double> frequency() const { return {}; }
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
};

/*! Samples per read. */
constexpr std::size_t iq_chunk = 65536;

} // namespace securevoice::apps

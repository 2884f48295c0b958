/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/pending_file.h"

#include "core/channel/resampler.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sf_private_tag;

namespace securevoice::apps {

struct sound_closer {
    void operator()(sf_private_tag* file) const;
};
using sound_ptr = std::unique_ptr<sf_private_tag, sound_closer>;

/*!
 * Speech from a sound file (WAV and whatever else libsndfile reads) of any rate, mono or more channels (their mean), as 16 bit, 8 kHz.
 * A 16-bit mono file of 8 kHz comes through bit by bit.
 */
class speech_reader
{
public:
    /*! \throws std::runtime_error if it cannot be read, is no sound file, holds no sound, or has a rate outside 2000 to 768000 */
    explicit speech_reader(const std::string& path);

    /*! Replaces \p samples by the next ones. \return false at the end */
    bool read(std::vector<std::int16_t>& samples);

    /*! s */
    double duration() const { return d_duration; }

private:
    sound_ptr d_file;
    std::size_t d_channels = 1;
    double d_duration = 0;
    std::optional<resampler> d_resampler; // none at 8 kHz
    bool d_ended = false;
};

/*!
 * 8 kHz, mono, 16 bit WAV; to "-", standard output, the samples alone (little endian): the header of a WAV file holds its
 * length, which nobody knows before the end.
 */
class speech_writer
{
public:
    /*! \throws std::runtime_error; std::invalid_argument for "-" when standard output is a terminal */
    explicit speech_writer(const std::string& path);

    void write(const std::vector<std::int16_t>& samples);
    std::uint64_t samples_written() const { return d_written; }
    void commit();

private:
    void write_samples(const std::vector<std::int16_t>& samples);

    std::optional<pending_file> d_pending; // none for standard output
    sound_ptr d_file;
    std::uint64_t d_written = 0;
};

} // namespace securevoice::apps

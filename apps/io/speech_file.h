/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/sound_source.h"

#include "core/channel/resampler.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace securevoice::apps {

/*!
 * Speech from a sound file (WAV and whatever else libsndfile reads) of any rate, as 16 bit, 8 kHz. Of several channels their mean; the
 * loudest alone where the mean has lost most of it (one side silent, or the sides opposed). A 16-bit mono file of 8 kHz comes
 * through bit by bit.
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
    /*! A sentence if the file is not as its header says, else empty. */
    const std::string& problem() const { return d_source.problem(); }

private:
    void choose_channel();
    float mixed(const float* frame) const;

    sound_source d_source;
    std::optional<std::size_t> d_channel; // none: the mean
    double d_duration = 0;
    std::optional<resampler> d_resampler; // none at 8 kHz
    bool d_ended = false;
};

} // namespace securevoice::apps

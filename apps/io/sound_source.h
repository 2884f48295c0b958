/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct sf_private_tag;

namespace securevoice::apps {

/*!
 * A sound file of any kind that libsndfile reads, as floats. Samples are there although the header of a WAV file is wrong about
 * their number.
 */
class sound_source
{
public:
    /*! \param what "speech" or "IQ", for sentences
     * \throws std::runtime_error if it cannot be read, is no sound file, or says no rate */
    sound_source(const std::string& path, const char* what);
    ~sound_source();
    sound_source(const sound_source&) = delete;
    sound_source& operator=(const sound_source&) = delete;

    enum class coding { integers, floats, other };

    std::size_t channels() const { return d_channels; }
    int rate() const { return d_rate; } // samples/s
    std::uint64_t frames() const { return d_frames; }
    coding samples() const { return d_coding; }
    bool is_16_bit() const { return d_16_bit; }
    bool is_32_bit_float() const { return d_32_bit_float; }

    /*! \param out takes \p frames times channels(); integers are -1 ... 1
     * \return frames read, 0 at the end \throws std::runtime_error */
    std::size_t read(float* out, std::size_t frames);
    /*! From the beginning again. \return false for pipes */
    bool rewind();

    /*! A sentence if the header was wrong, else empty. */
    const std::string& problem() const { return d_problem; }

private:
    struct part_of_file;
    struct closer {
        void operator()(sf_private_tag* file) const;
    };

    [[noreturn]] void refuse(const std::string& why) const;
    void open_samples(int format);

    std::string d_path;
    const char* d_what;
    std::unique_ptr<part_of_file> d_part; // none: libsndfile has the file
    std::unique_ptr<sf_private_tag, closer> d_file;
    std::size_t d_channels = 0;
    int d_rate = 0;
    std::uint64_t d_frames = 0;
    coding d_coding = coding::other;
    bool d_16_bit = false;
    bool d_32_bit_float = false;
    std::string d_problem;
};

} // namespace securevoice::apps

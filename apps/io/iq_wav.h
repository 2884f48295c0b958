/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_stream.h"
#include "io/sound_source.h"

#include "core/files/output_file.h"

namespace securevoice::apps {

/*! IQ as WAV of two channels, I left and Q right: integers of 8 to 32 bits, or floats. The header says the rate. */
class wav_iq_source : public iq_source
{
public:
    /*! \param encoding cs16 or cf32, if the file must have it
     * \throws std::runtime_error if it cannot be read, is no such file or holds nothing */
    wav_iq_source(const std::string& path, std::optional<iq_encoding> encoding);

    bool read(iq_samples& samples, std::size_t most) override;
    std::uint64_t size() const override { return d_source.frames(); }
    std::optional<double> rate() const override { return d_source.rate(); }
    std::string problem() const override { return d_source.problem(); }

private:
    sound_source d_source;
    float d_scale = 1; // of what libsndfile gives
};

class wav_iq_sink : public iq_sink
{
public:
    /*! \param encoding cs16 or cf32 \param rate samples/s, a whole number
     * \throws as output_file(); std::invalid_argument if a WAV file cannot have this rate, or \p path is no regular file */
    wav_iq_sink(const std::string& path, iq_encoding encoding, double rate);
    ~wav_iq_sink() override;

    void write(const iq_samples& samples) override;
    void commit() override;
    const iq_encoder& encoder() const override { return d_encoder; }
    std::string problem() const override { return d_output.problem(); }

private:
    struct closer {
        void operator()(sf_private_tag* file) const;
    };

    iq_encoder d_encoder;
    output_file d_output;
    std::unique_ptr<sf_private_tag, closer> d_file;
    std::vector<std::uint8_t> d_octets;
};

} // namespace securevoice::apps

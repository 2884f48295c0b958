/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_stream.h"
#include "io/pending_file.h"
#include "io/speech_file.h"

namespace securevoice::apps {

/*! IQ as WAV of two channels, I left and Q right, 16 bit or float. The header says the rate. */
class wav_iq_source : public iq_source
{
public:
    /*! \param encoding cs16 or cf32, if the file must have it
     * \throws std::runtime_error if it cannot be read, is no such file or holds nothing */
    wav_iq_source(const std::string& path, std::optional<iq_encoding> encoding);

    bool read(iq_samples& samples) override;
    std::uint64_t size() const override { return d_size; }
    std::optional<double> rate() const override { return d_rate; }

private:
    std::string d_path;
    sound_ptr d_file;
    iq_encoding d_encoding = iq_encoding::cs16;
    std::uint64_t d_size = 0;
    double d_rate = 0;
    std::vector<std::int16_t> d_integers;
};

class wav_iq_sink : public iq_sink
{
public:
    /*! \param encoding cs16 or cf32 \param rate samples/s, a whole number
     * \throws std::runtime_error; std::invalid_argument if a WAV file cannot have this rate, or \p path is no regular file */
    wav_iq_sink(const std::string& path, iq_encoding encoding, double rate);

    void write(const iq_samples& samples) override;
    void commit() override;
    const iq_encoder& encoder() const override { return d_encoder; }

private:
    iq_encoder d_encoder;
    pending_file d_pending;
    sound_ptr d_file;
    std::vector<std::uint8_t> d_octets;
};

} // namespace securevoice::apps

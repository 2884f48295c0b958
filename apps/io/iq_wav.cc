/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_wav.h"

#include <sndfile.h>
#include <sys/stat.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace securevoice::apps {

namespace {

// Its header holds the length in 32 bits; some octets are the header's own.
constexpr std::uint64_t longest_wav = 0xFFFFFFFF - 4096;

/*! libsndfile goes back in the file, which pipes and devices do not allow. */
const std::string& regular(const std::string& path)
{
    struct stat there {
    };
    if (stat(path.c_str(), &there) != 0)
        return path;
    if (S_ISDIR(there.st_mode))
        throw std::runtime_error(path + " is a folder; name a file");
    if (!S_ISREG(there.st_mode))
        throw std::invalid_argument(path +
                                    " is a pipe or device, which cannot hold WAV: choose "
                                    "cf32, cs16, cs8 or cu8");
    return path;
}

std::optional<iq_encoding> encoding_of(int format)
{
    const int type = format & SF_FORMAT_TYPEMASK;
    if (type != SF_FORMAT_WAV && type != SF_FORMAT_WAVEX && type != SF_FORMAT_RF64)
        return {};
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_16:
        return iq_encoding::cs16;
    case SF_FORMAT_FLOAT:
        return iq_encoding::cf32;
    default:
        return {};
    }
}

} // namespace

wav_iq_source::wav_iq_source(const std::string& path, std::optional<iq_encoding> encoding)
    : d_path(path)
{
    SF_INFO info{};
    d_file.reset(sf_open(regular(path).c_str(), SFM_READ, &info));
    if (!d_file)
        throw std::runtime_error("cannot read IQ from " + path + ": " +
                                 sf_strerror(nullptr));
    const auto found = encoding_of(info.format);
    if (info.channels != 2 || !found)
        throw std::runtime_error(path + " is no WAV file of IQ: that has two channels, I "
                                        "and Q, of 16 bit or 32-bit floats");
    if (encoding && *encoding != *found)
        throw std::runtime_error(path + " holds " + encoding_name(*found) + ", not " +
                                 encoding_name(*encoding) + ": choose --format wav");
    if (info.frames <= 0)
        throw std::runtime_error(path + " is empty: record some IQ");
    d_encoding = *found;
    d_size = static_cast<std::uint64_t>(info.frames);
    d_rate = info.samplerate;
}

bool wav_iq_source::read(iq_samples& samples)
{
    samples.resize(iq_chunk);
    sf_count_t count = 0;
    if (d_encoding == iq_encoding::cf32) {
        count = sf_readf_float(d_file.get(),
                               reinterpret_cast<float*>(samples.data()),
                               static_cast<sf_count_t>(iq_chunk));
    } else {
        d_integers.resize(2 * iq_chunk);
        count = sf_readf_short(
            d_file.get(), d_integers.data(), static_cast<sf_count_t>(iq_chunk));
        decode_iq(d_encoding,
                  reinterpret_cast<const std::uint8_t*>(d_integers.data()),
                  static_cast<std::size_t>(count),
                  samples.data());
    }
    if (sf_error(d_file.get()) != SF_ERR_NO_ERROR)
        throw std::runtime_error("cannot read " + d_path + ": " +
                                 sf_strerror(d_file.get()));
    samples.resize(static_cast<std::size_t>(count));
    return count > 0;
}

wav_iq_sink::wav_iq_sink(const std::string& path, iq_encoding encoding, double rate)
    : d_encoder(encoding), d_pending(regular(path))
{
    if (!(rate >= 1 && rate <= std::numeric_limits<int>::max()) ||
        rate != std::floor(rate))
        throw std::invalid_argument(
            "a WAV file has whole samples/s: choose another --rate "
            "or another format");
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate);
    info.channels = 2;
    info.format = SF_FORMAT_WAV |
                  (encoding == iq_encoding::cf32 ? SF_FORMAT_FLOAT : SF_FORMAT_PCM_16);
    d_file.reset(sf_open(d_pending.working_path().c_str(), SFM_WRITE, &info));
    if (!d_file)
        throw std::runtime_error("cannot write " + path + ": " + sf_strerror(nullptr));
    // It would hold the peak of what libsndfile itself converted: nothing.
    sf_command(d_file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
}

void wav_iq_sink::write(const iq_samples& samples)
{
    const auto each = sample_octets(d_encoder.encoding());
    if ((d_encoder.samples() + samples.size()) * each > longest_wav)
        throw std::runtime_error(d_pending.path() +
                                 " would be longer than 4 GiB, which WAV does not know: "
                                 "choose sigmf or cs16");
    d_encoder.encode(samples, d_octets);
    const auto octets = static_cast<sf_count_t>(d_octets.size());
    if (sf_write_raw(d_file.get(), d_octets.data(), octets) != octets)
        throw std::runtime_error("cannot write " + d_pending.path() + ": " +
                                 sf_strerror(d_file.get()));
}

void wav_iq_sink::commit()
{
    sf_write_sync(d_file.get());
    if (sf_close(d_file.release()) != 0)
        throw std::runtime_error("cannot write " + d_pending.path());
    d_pending.commit();
}

} // namespace securevoice::apps

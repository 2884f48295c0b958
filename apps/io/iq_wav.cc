/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/ending.h"
#include "io/iq_wav.h"

#include <fmt/format.h>
#include <sndfile.h>
#include <sys/stat.h>

#include <cmath>
#include <limits>

namespace securevoice::apps {

namespace {

// Its header holds the length in 32 bits; some octets are the header's own.
constexpr std::uint64_t longest_wav = 0xFFFFFFFF - 4096;

[[noreturn]] void refuse_pipe(const std::string& path)
{
    throw std::invalid_argument(path +
                                " is a pipe or device, which cannot hold WAV: choose "
                                "cf32, cs16, cs8 or cu8");
}

/*! libsndfile goes back in the file, which pipes and devices do not allow. */
const std::string& regular(const std::string& path)
{
    struct stat there {
    };
    if (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) &&
        !S_ISDIR(there.st_mode))
        refuse_pipe(path);
    return path;
}

} // namespace

wav_iq_source::wav_iq_source(const std::string& path, std::optional<iq_encoding> encoding)
    : d_source(regular(path), "IQ")
{
    if (d_source.channels() == 1)
        throw std::runtime_error(path +
                                 " has one channel, so it holds sound, not IQ: IQ has "
                                 "two, I left and Q right");
    if (d_source.channels() != 2)
        throw std::runtime_error(
            fmt::format("{} has {} channels: IQ has two, I left and Q right",
                        path,
                        d_source.channels()));
    if (d_source.samples() == sound_source::coding::other)
        throw std::runtime_error(
            path + " is compressed, which IQ does not survive: record it as a WAV file "
                   "of 8 to 32 bits or of floats");
    if (encoding && !(*encoding == iq_encoding::cf32 ? d_source.is_32_bit_float()
                                                     : d_source.is_16_bit()))
        throw std::runtime_error(path + " does not hold " + encoding_name(*encoding) +
                                 ": choose --format wav");
    if (d_source.frames() == 0)
        throw std::runtime_error(path + " is empty: record some IQ");
    if (d_source.samples() == sound_source::coding::integers)
        d_scale = full_scale;
}

bool wav_iq_source::read(iq_samples& samples, std::size_t most)
{
    samples.resize(input_ended_by() != 0 ? 0 : most);
    if (!samples.empty())
        try {
            samples.resize(d_source.read(reinterpret_cast<float*>(samples.data()), most));
        } catch (const std::runtime_error& e) {
            throw input_error(e.what());
        }
    for (auto& s : samples)
        s *= d_scale;
    return !samples.empty();
}

void wav_iq_sink::closer::operator()(sf_private_tag* file) const { sf_close(file); }

wav_iq_sink::~wav_iq_sink() = default;

wav_iq_sink::wav_iq_sink(const std::string& path, iq_encoding encoding, double rate)
    : d_encoder(encoding), d_output(path, { false, {} })
{
    if (!d_output.is_regular())
        refuse_pipe(path);
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
    d_file.reset(sf_open_fd(d_output.descriptor(), SFM_WRITE, &info, SF_FALSE));
    if (!d_file)
        throw std::runtime_error("cannot write " + path + ": " + sf_strerror(nullptr));
    // It would hold the peak of what libsndfile itself converted: nothing.
    sf_command(d_file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
}

void wav_iq_sink::write(const iq_samples& samples)
{
    const auto each = sample_octets(d_encoder.encoding());
    if ((d_encoder.samples() + samples.size()) * each > longest_wav)
        throw std::runtime_error(d_output.path() +
                                 " would be longer than 4 GiB, which WAV does not know: "
                                 "choose sigmf or cs16");
    d_encoder.encode(samples, d_octets);
    const auto octets = static_cast<sf_count_t>(d_octets.size());
    if (sf_write_raw(d_file.get(), d_octets.data(), octets) != octets)
        throw std::runtime_error("cannot write " + d_output.path() + ": " +
                                 sf_strerror(d_file.get()));
}

void wav_iq_sink::commit()
{
    if (sf_close(d_file.release()) != 0)
        throw std::runtime_error("cannot write " + d_output.path());
    d_output.publish();
}

} // namespace securevoice::apps

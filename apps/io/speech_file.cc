/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/speech_file.h"

#include "core/protocol/constants.h"

#include <sndfile.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr std::size_t chunk = 16384; // frames
// Flat to 3.5 kHz, nothing from 4 kHz on: the analysis of Codec2 ends at 3.7 kHz.
constexpr double cutoff = 0.47;
constexpr std::size_t window = 96;

std::int16_t to_16_bit(float x)
{
    return static_cast<std::int16_t>(
        std::lrint(std::clamp(x * 32768.0F, -32768.0F, 32767.0F)));
}

} // namespace

void sound_closer::operator()(sf_private_tag* file) const { sf_close(file); }

speech_reader::speech_reader(const std::string& path)
{
    SF_INFO info{};
    d_file.reset(sf_open(path.c_str(), SFM_READ, &info));
    if (!d_file)
        throw std::runtime_error("cannot read speech from " + path + ": " +
                                 sf_strerror(nullptr));
    if (info.frames <= 0)
        throw std::runtime_error(path + " holds no sound: record some speech");
    d_channels = static_cast<std::size_t>(info.channels);
    d_duration = static_cast<double>(info.frames) / info.samplerate;
    if (info.samplerate != static_cast<int>(speech_rate)) {
        if (info.samplerate < 2000 || info.samplerate > 768000)
            throw std::runtime_error(path + " has " + std::to_string(info.samplerate) +
                                     " samples/s: 2000 to 768000 can be used");
        d_resampler.emplace(
            static_cast<double>(info.samplerate) / speech_rate, cutoff, window);
    }
}

bool speech_reader::read(std::vector<std::int16_t>& samples)
{
    samples.clear();
    while (samples.empty() && !d_ended) {
        std::vector<float> frames(chunk * d_channels);
        const auto count = static_cast<std::size_t>(
            sf_readf_float(d_file.get(), frames.data(), static_cast<sf_count_t>(chunk)));
        std::vector<std::complex<float>> mono(count); // as the resampler has it
        for (std::size_t n = 0; n < count; ++n) {
            float sum = 0;
            for (std::size_t c = 0; c < d_channels; ++c)
                sum += frames[n * d_channels + c];
            // Float files may hold anything.
            mono[n] = std::isfinite(sum) ? sum / static_cast<float>(d_channels) : 0.0F;
        }
        d_ended = count == 0;
        if (d_resampler) {
            std::vector<std::complex<float>> resampled;
            d_resampler->resample(mono.data(), mono.size(), resampled);
            if (d_ended)
                d_resampler->finish(resampled);
            mono.swap(resampled);
        }
        for (const auto& x : mono)
            samples.push_back(to_16_bit(x.real()));
    }
    return !samples.empty();
}

speech_writer::speech_writer(const std::string& path)
{
    if (path == "-") {
        if (isatty(STDOUT_FILENO) != 0)
            throw std::invalid_argument(
                "speech is not written to a terminal: name a file, "
                "or lead the output into a pipe");
        return;
    }
    d_pending.emplace(path);
    SF_INFO info{};
    info.samplerate = static_cast<int>(speech_rate);
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    d_file.reset(sf_open(d_pending->working_path().c_str(), SFM_WRITE, &info));
    if (!d_file)
        throw std::runtime_error("cannot write " + path + ": " + sf_strerror(nullptr));
}

void speech_writer::write(const std::vector<std::int16_t>& samples)
{
    if (d_file) {
        const auto count = static_cast<sf_count_t>(samples.size());
        if (sf_writef_short(d_file.get(), samples.data(), count) != count)
            throw std::runtime_error("cannot write " + d_pending->path() + ": " +
                                     sf_strerror(d_file.get()));
    } else {
        write_samples(samples);
    }
    d_written += samples.size();
}

void speech_writer::write_samples(const std::vector<std::int16_t>& samples)
{
    // At once: somebody may be listening.
    if (std::fwrite(samples.data(), sizeof samples[0], samples.size(), stdout) !=
            samples.size() ||
        std::fflush(stdout) != 0)
        throw std::runtime_error("cannot write the speech: " +
                                 std::generic_category().message(errno));
}

void speech_writer::commit()
{
    if (!d_pending)
        return;
    d_file.reset();
    d_pending->commit();
}

} // namespace securevoice::apps

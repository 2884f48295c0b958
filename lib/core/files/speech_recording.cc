/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/files/speech_recording.h"

#include "core/protocol/constants.h"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace securevoice {

namespace {

// Its header holds the length in 32 bits; some octets are the header's own. 74 hours.
constexpr std::uint64_t most_samples = (0xFFFFFFFF - 4096) / 2;

std::int16_t to_16_bit(float x)
{
    if (std::isnan(x))
        return 0;
    return static_cast<std::int16_t>(
        std::lrint(std::clamp(x * 32768.0F, -32768.0F, 32767.0F)));
}

} // namespace

void speech_recording::closer::operator()(sf_private_tag* file) const { sf_close(file); }

speech_recording::speech_recording(const std::string& path,
                                   std::vector<std::string> not_over,
                                   use used)
    : d_use(used), d_output(path, { true, std::move(not_over) })
{
    if (d_output.is_terminal())
        throw std::invalid_argument("speech is not written to a terminal: name a file, "
                                    "or lead the output into a pipe");
}

speech_recording::~speech_recording() = default;

void speech_recording::open()
{
    SF_INFO info{};
    info.samplerate = static_cast<int>(speech_rate);
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    d_file.reset(sf_open_fd(d_output.descriptor(), SFM_WRITE, &info, SF_FALSE));
    if (!d_file)
        throw std::runtime_error("cannot write " + d_output.path() + ": " +
                                 sf_strerror(nullptr));
    sf_command(d_file.get(), SFC_SET_UPDATE_HEADER_AUTO, nullptr, SF_TRUE);
}

void speech_recording::write(const std::int16_t* samples, std::size_t count)
{
    if (count == 0)
        return;
    if (!d_output.is_regular()) {
        d_output.write(samples, count * sizeof *samples); // at once: somebody may listen
        d_samples += count;
        return;
    }
    if (d_samples + count > most_samples)
        throw std::runtime_error("cannot write " + d_output.path() +
                                 ": a WAV file ends at 4 GiB; what was heard until now "
                                 "is in it, begin another");
    if (!d_file)
        open();
    const auto written =
        sf_writef_short(d_file.get(), samples, static_cast<sf_count_t>(count));
    d_samples += static_cast<std::uint64_t>(std::max<sf_count_t>(written, 0));
    if (d_use == use::live && d_samples > 0) // also what a full disk left of it
        d_output.publish();
    if (written != static_cast<sf_count_t>(count))
        throw std::runtime_error("cannot write " + d_output.path() + ": " +
                                 sf_strerror(d_file.get()));
}

void speech_recording::finish()
{
    if (!d_file && !d_output.is_regular())
        return;
    if (!d_file)
        open();
    const bool good = sf_close(d_file.release()) == 0;
    if (d_samples > 0)
        d_output.publish();
    else
        d_output.publish_if_missing();
    if (!good)
        throw std::runtime_error("cannot write " + d_output.path());
}

void speech_recording::write(const float* samples, std::size_t count)
{
    std::array<std::int16_t, 1024> part;
    while (count > 0) {
        const auto taken = std::min(count, part.size());
        std::transform(samples, samples + taken, part.begin(), to_16_bit);
        write(part.data(), taken);
        samples += taken;
        count -= taken;
    }
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace securevoice::apps {

namespace {

constexpr std::size_t chunk = 65536;
constexpr std::size_t sample_octets = sizeof(std::complex<float>);

int keep_open(std::FILE*) { return 0; }

std::string reason() { return std::generic_category().message(errno); }

} // namespace

iq_reader::iq_reader(const std::string& path)
    : d_name(path == "-" ? "standard input" : path), d_stream(stdin, keep_open)
{
    if (path == "-")
        return;
    d_stream = { std::fopen(path.c_str(), "rb"), std::fclose };
    struct stat about {
    };
    if (!d_stream || fstat(fileno(d_stream.get()), &about) != 0)
        throw std::runtime_error("cannot read " + path + ": " + reason());
    if (S_ISDIR(about.st_mode))
        throw std::runtime_error("cannot read " + path + ": it is a folder; name a file");
    if (!S_ISREG(about.st_mode))
        return;
    const auto octets = static_cast<std::uint64_t>(about.st_size);
    if (octets % sample_octets != 0)
        throw std::runtime_error(path +
                                 " is no whole cf32 file: its length is no multiple "
                                 "of 8 octets; copy or record it again");
    d_size = octets / sample_octets;
}

bool iq_reader::read(iq_samples& samples)
{
    samples.resize(chunk);
    const auto octets =
        std::fread(samples.data(), 1, chunk * sample_octets, d_stream.get());
    if (std::ferror(d_stream.get()) != 0)
        throw std::runtime_error("cannot read " + d_name + ": " + reason());
    if (octets % sample_octets != 0)
        throw std::runtime_error(d_name + " broke off within a sample: cf32 has 8 octets "
                                          "for each");
    samples.resize(octets / sample_octets);
    if (std::exchange(d_first, false))
        look_at_first(samples);
    return !samples.empty();
}

void iq_reader::look_at_first(const iq_samples& samples) const
{
    const auto refuse = [this](const char* what) {
        throw std::runtime_error(d_name + " " + what +
                                 ": IQ is expected as cf32, pairs of 32-bit floats "
                                 "without header");
    };
    if (!samples.empty() && std::memcmp(samples.data(), "RIFF", 4) == 0)
        refuse("is a RIFF (WAV) file");
    // Text and integers read as floats are huge somewhere; radios stay below 2^16.
    for (const auto& s : samples)
        if ((std::isfinite(s.real()) && std::abs(s.real()) > 1e9F) ||
            (std::isfinite(s.imag()) && std::abs(s.imag()) > 1e9F))
            refuse("holds values beyond 1e9");
}

iq_writer::iq_writer(const std::string& path) : d_stream(stdout, keep_open)
{
    if (path == "-") {
        if (isatty(STDOUT_FILENO) != 0)
            throw std::invalid_argument(
                "IQ samples are not written to a terminal: name a "
                "file, or lead the output into a pipe");
        return;
    }
    d_file.emplace(path);
    d_stream = { std::fopen(d_file->working_path().c_str(), "wb"), std::fclose };
    if (!d_stream)
        throw std::runtime_error("cannot write " + path + ": " + reason());
}

void iq_writer::write(const iq_samples& samples)
{
    if (samples.empty())
        return;
    if (std::fwrite(samples.data(), sample_octets, samples.size(), d_stream.get()) !=
        samples.size())
        throw std::runtime_error("cannot write the IQ samples: " + reason());
}

void iq_writer::commit()
{
    if (std::fflush(d_stream.get()) != 0)
        throw std::runtime_error("cannot write the IQ samples: " + reason());
    if (d_file)
        d_file->commit();
}

} // namespace securevoice::apps

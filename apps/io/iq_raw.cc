/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_raw.h"

#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace securevoice::apps {

namespace {

int keep_open(std::FILE*) { return 0; }

std::string reason() { return std::generic_category().message(errno); }

} // namespace

raw_iq_source::raw_iq_source(const std::string& path, iq_encoding encoding)
    : d_name(path == "-" ? "standard input" : path),
      d_encoding(encoding),
      d_stream(stdin, keep_open)
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
    if (octets == 0)
        throw std::runtime_error(path + " is empty: record some IQ");
    if (octets % sample_octets(d_encoding) != 0)
        throw std::runtime_error(path + " is no whole " + encoding_name(d_encoding) +
                                 " file: its length is no multiple of " +
                                 std::to_string(sample_octets(d_encoding)) +
                                 " octets; copy or record it again");
    d_size = octets / sample_octets(d_encoding);
}

bool raw_iq_source::read(iq_samples& samples)
{
    const auto each = sample_octets(d_encoding);
    d_octets.resize(iq_chunk * each);
    const auto octets = std::fread(d_octets.data(), 1, d_octets.size(), d_stream.get());
    if (std::ferror(d_stream.get()) != 0)
        throw std::runtime_error("cannot read " + d_name + ": " + reason());
    if (octets % each != 0)
        throw std::runtime_error(
            d_name + " broke off within a sample: " + encoding_name(d_encoding) +
            " has " + std::to_string(each) + " octets for each");
    samples.resize(octets / each);
    decode_iq(d_encoding, d_octets.data(), samples.size(), samples.data());
    if (d_encoding == iq_encoding::cf32 && std::exchange(d_first, false))
        look_at_first(samples);
    return !samples.empty();
}

void raw_iq_source::look_at_first(const iq_samples& samples) const
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

raw_iq_sink::raw_iq_sink(const std::string& path, iq_encoding encoding)
    : d_encoder(encoding), d_stream(stdout, keep_open)
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

void raw_iq_sink::write(const iq_samples& samples)
{
    if (samples.empty())
        return;
    d_encoder.encode(samples, d_octets);
    if (std::fwrite(d_octets.data(), 1, d_octets.size(), d_stream.get()) !=
        d_octets.size())
        throw std::runtime_error("cannot write the IQ samples: " + reason());
}

void raw_iq_sink::commit()
{
    if (std::fflush(d_stream.get()) != 0)
        throw std::runtime_error("cannot write the IQ samples: " + reason());
    if (d_file)
        d_file->commit();
}

} // namespace securevoice::apps

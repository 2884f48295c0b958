/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/ending.h"
#include "io/iq_raw.h"

#include "core/system/reason.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace securevoice::apps {

namespace {

} // namespace

raw_iq_source::raw_iq_source(const std::string& path,
                             iq_encoding encoding,
                             file_part part)
    : d_name(path == "-" ? "standard input" : path),
      d_encoding(encoding),
      d_file(STDIN_FILENO)
{
    if (path != "-")
        open_file(path, part);
}

raw_iq_source::~raw_iq_source()
{
    if (d_file != STDIN_FILENO)
        ::close(d_file);
}

void raw_iq_source::open_file(const std::string& path, const file_part& part)
{
    d_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (d_file < 0) {
        d_file = STDIN_FILENO; // nothing to close
        throw std::runtime_error("cannot read " + path + ": " + reason());
    }
    struct stat about {
    };
    if (::fstat(d_file, &about) != 0 ||
        (part.begin > 0 && ::lseek(d_file, static_cast<off_t>(part.begin), SEEK_SET) < 0))
        throw std::runtime_error("cannot read " + path + ": " + reason());
    if (S_ISDIR(about.st_mode))
        throw std::runtime_error("cannot read " + path + ": it is a folder; name a file");
    d_is_regular = S_ISREG(about.st_mode);
    if (!d_is_regular)
        return;
    const auto length = static_cast<std::uint64_t>(about.st_size);
    auto octets = length - std::min(length, part.begin);
    if (part.octets) {
        if (octets < *part.octets)
            d_problem = fmt::format("{} is cut off: of {} octets of samples it holds {}",
                                    path,
                                    *part.octets,
                                    octets);
        octets = std::min(octets, *part.octets);
        d_left = octets;
    }
    if (octets == 0)
        throw std::runtime_error(path + " is empty: record some IQ");
    d_size = octets / sample_octets(d_encoding);
    if (d_size == 0)
        throw std::runtime_error(path + " holds less than one sample: record some IQ");
}

/*! \return false once the input is to end */
bool raw_iq_source::wait() const
{
    if (input_ended_by() != 0)
        return false;
    if (d_is_regular)
        return true;
    pollfd ready[2] = { { d_file, POLLIN, 0 }, { input_end_descriptor(), POLLIN, 0 } };
    while (::poll(ready, 2, -1) < 0 && errno == EINTR) {
    }
    return ready[1].revents == 0;
}

/*! Octets of a file until there are \p wanted, of a pipe what it has ready. */
std::size_t raw_iq_source::fill(std::size_t wanted)
{
    std::size_t count = 0;
    while (count < wanted && d_left > 0) {
        if (!wait())
            break;
        const auto most = std::min<std::uint64_t>(wanted - count, d_left);
        const auto got = ::read(d_file, d_octets.data() + d_over + count, most);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0 && count == 0)
            throw input_error("cannot read " + d_name + ": " + reason());
        if (got <= 0) // what came before an error counts first
            break;
        count += static_cast<std::size_t>(got);
        d_left -= static_cast<std::uint64_t>(got);
        if (!d_is_regular)
            break;
    }
    return count;
}

bool raw_iq_source::read(iq_samples& samples, std::size_t most)
{
    const auto each = sample_octets(d_encoding);
    d_octets.resize(most * each);
    samples.clear();
    while (samples.empty() && !d_ended) {
        const auto got = fill(d_octets.size() - d_over);
        d_ended = got == 0;
        const auto octets = d_over + got;
        samples.resize(octets / each);
        decode_iq(d_encoding, d_octets.data(), samples.size(), samples.data());
        d_over = octets % each;
        std::copy_n(d_octets.data() + octets - d_over, d_over, d_octets.data());
    }
    if (d_encoding == iq_encoding::cf32 && !samples.empty() &&
        std::exchange(d_first, false))
        look_at_first(samples);
    return !samples.empty();
}

std::string raw_iq_source::problem() const
{
    if (!d_problem.empty() || d_over == 0 || !d_ended || input_ended_by() != 0)
        return d_problem;
    return fmt::format("{} ends within a sample: its last {} left out ({} has {} octets "
                       "for each sample)",
                       d_name,
                       d_over == 1 ? "octet is" : fmt::format("{} octets are", d_over),
                       encoding_name(d_encoding),
                       sample_octets(d_encoding));
}

void raw_iq_source::look_at_first(const iq_samples& samples) const
{
    const auto refuse = [this](const char* what) {
        throw std::runtime_error(d_name + " " + what +
                                 ": IQ is expected as cf32, pairs of 32-bit floats "
                                 "without header");
    };
    if (std::memcmp(samples.data(), "RIFF", 4) == 0)
        refuse("is a RIFF (WAV) file");
    // Text and integers read as floats are beyond 1e18 somewhere.
    constexpr float most = 1e12F;
    for (const auto& s : samples)
        if ((std::isfinite(s.real()) && std::abs(s.real()) > most) ||
            (std::isfinite(s.imag()) && std::abs(s.imag()) > most))
            refuse("holds values beyond 1e12");
}

raw_iq_sink::raw_iq_sink(const std::string& path, iq_encoding encoding)
    : d_encoder(encoding), d_file(path, { false, {} })
{
    if (d_file.is_terminal())
        throw std::invalid_argument("IQ samples are not written to a terminal: name a "
                                    "file, or lead the output into a pipe");
}

void raw_iq_sink::write(const iq_samples& samples)
{
    if (samples.empty())
        return;
    d_encoder.encode(samples, d_octets);
    d_file.write(d_octets.data(), d_octets.size());
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz_input.h"
#include "io/iq_file.h"
#include "io/iq_sigmf.h"
#include "memory_file.h"

#include <cmath>
#include <stdexcept>

/* Any octets as an IQ file of each format, raw ones also through a pipe; any text as
 * SigMF metadata. */

using namespace securevoice;
using fuzz::check;

namespace {

constexpr apps::iq_encoding raw[] = { apps::iq_encoding::cf32,
                                      apps::iq_encoding::cs16,
                                      apps::iq_encoding::cs8,
                                      apps::iq_encoding::cu8 };

/* Read, and written again. */
std::string octets_of(apps::iq_reader& reader, apps::iq_encoding encoding)
{
    std::string all;
    apps::iq_samples some;
    std::vector<std::uint8_t> octets;
    apps::iq_encoder encoder(encoding);
    while (reader.read(some)) {
        encoder.encode(some, octets);
        all.append(octets.begin(), octets.end());
    }
    check(some.empty(), "the end is empty");
    check(encoder.clipped() == 0, "what was an integer is within full scale");
    return all;
}

/* What the reader says it refuses. A pipe may end within its first sample, a file may
 * not. */
bool acceptable(const std::string& octets, apps::iq_encoding encoding, bool piped)
{
    const auto each = apps::sample_octets(encoding);
    if (octets.size() < each)
        return piped;
    if (encoding != apps::iq_encoding::cf32)
        return true;
    if (octets.compare(0, 4, "RIFF") == 0)
        return false;
    for (std::size_t n = 0; n < octets.size() / each * each; n += 4) {
        float x;
        std::memcpy(&x, octets.data() + n, 4);
        if (std::isfinite(x) && std::abs(x) > 1e12F)
            return false;
    }
    return true;
}

/* \return whether it was refused */
template <typename Try>
bool refused(const Try& attempt)
{
    try {
        attempt();
        return false;
    } catch (const std::runtime_error& why) {
        check(std::strlen(why.what()) > 0, "a refusal says why");
        return true;
    }
}

void read_raw(const std::string& octets, apps::iq_encoding encoding, bool piped)
{
    static const fuzz::memory_file file;
    const std::string format = apps::encoding_name(encoding);
    std::string got;
    const bool no = refused([&] {
        if (piped) {
            int ends[2];
            check(pipe2(ends, O_CLOEXEC) == 0, "there are pipes");
            check(write(ends[1], octets.data(), octets.size()) ==
                      static_cast<ssize_t>(octets.size()),
                  "a pipe takes 32 KiB");
            apps::iq_reader reader("/proc/self/fd/" + std::to_string(ends[0]), format);
            close(ends[1]);
            close(ends[0]);
            check(reader.size() == 0, "the length of a pipe is not known");
            got = octets_of(reader, encoding);
        } else {
            file.write(octets);
            apps::iq_reader reader(file.path(), format);
            check(reader.size() == octets.size() / apps::sample_octets(encoding),
                  "the length is in samples");
            got = octets_of(reader, encoding);
        }
    });
    const bool good = acceptable(octets, encoding, piped);
    check(no != good, "IQ is read, what is none is refused");
    const auto whole =
        octets.size() / apps::sample_octets(encoding) * apps::sample_octets(encoding);
    check(no || got == octets.substr(0, whole), "IQ comes through bit by bit");
}

void read_wav(const std::string& octets)
{
    static const fuzz::memory_file file;
    file.write(octets);
    refused([&] {
        apps::iq_reader reader(file.path(), "wav");
        check(reader.size() > 0, "an empty file is refused");
        check(reader.rate({}, {}) >= 1, "a WAV file says its rate");
        std::uint64_t count = 0;
        apps::iq_samples some;
        while (reader.read(some))
            count += some.size();
        check(count <= reader.size(), "no more comes than was said");
        check(2 * count <= octets.size(), "no more comes than there is");
    });
}

void read_sigmf(const std::string& text)
{
    static const fuzz::memory_folder folder;
    static const std::string data(64, '\1');
    apps::sigmf_metadata said;
    const bool no = refused([&] { said = apps::parse_sigmf(text, "metadata"); });
    if (!no) {
        check(!said.rate || (*said.rate > 0 && std::isfinite(*said.rate)),
              "a rate is one");
        check(!said.frequency || std::isfinite(*said.frequency), "a frequency is one");
        const auto again = apps::parse_sigmf(apps::write_sigmf(said), "our own");
        check(again.encoding == said.encoding && again.rate == said.rate &&
                  again.frequency == said.frequency,
              "what we write is what we read");
    }
    folder.write("a.sigmf-meta", text);
    folder.write("a.sigmf-data", data);
    const bool no_file = refused([&] {
        apps::iq_reader reader(folder.path() + "/a.sigmf-data");
        check(reader.size() == data.size() / apps::sample_octets(said.encoding),
              "the length is in samples");
        check(octets_of(reader, said.encoding) == data, "IQ comes through bit by bit");
    });
    check(no == no_file, "a recording is read if its metadata are");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    const unsigned how = in.octet();
    const auto octets = in.text(32768); // a pipe takes 65536
    const unsigned format = how / 2 % 6;
    if (format < 4)
        read_raw(octets, raw[format], (how & 1) != 0);
    else if (format == 4)
        read_wav(octets);
    else
        read_sigmf(octets);
    return 0;
}

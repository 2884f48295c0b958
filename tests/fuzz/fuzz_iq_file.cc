/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz_input.h"
#include "io/iq_file.h"
#include "memory_file.h"

#include <cmath>
#include <stdexcept>

/* Any octets as an IQ file, and through a pipe. */

using namespace securevoice;
using fuzz::check;

namespace {

std::string octets_of(apps::iq_reader& reader)
{
    std::string all;
    apps::iq_samples some;
    while (reader.read(some))
        all.append(reinterpret_cast<const char*>(some.data()), 8 * some.size());
    check(some.empty(), "the end is empty");
    return all;
}

/* What the reader says it refuses. */
bool acceptable(const std::string& octets)
{
    if (octets.size() % 8 != 0 || octets.compare(0, 4, "RIFF") == 0)
        return false;
    for (std::size_t n = 0; n < octets.size(); n += 4) {
        float x;
        std::memcpy(&x, octets.data() + n, 4);
        if (std::isfinite(x) && std::abs(x) > 1e9F)
            return false;
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::memory_file file;
    fuzz::input in(data, size);
    const bool piped = in.flag();
    const auto octets = in.text(32768); // a pipe takes 65536
    std::string got;
    bool refused = false;
    try {
        if (piped) {
            int ends[2];
            check(pipe2(ends, O_CLOEXEC) == 0, "there are pipes");
            check(write(ends[1], octets.data(), octets.size()) ==
                      static_cast<ssize_t>(octets.size()),
                  "a pipe takes 32 KiB");
            apps::iq_reader reader("/proc/self/fd/" + std::to_string(ends[0]));
            close(ends[1]);
            close(ends[0]);
            check(reader.size() == 0, "the length of a pipe is not known");
            got = octets_of(reader);
        } else {
            file.write(octets);
            apps::iq_reader reader(file.path());
            check(reader.size() == octets.size() / 8, "the length is in samples");
            got = octets_of(reader);
        }
    } catch (const std::runtime_error& why) {
        check(std::strlen(why.what()) > 0, "a refusal says why");
        refused = true;
    }
    check(refused != acceptable(octets), "IQ is read, what is none is refused");
    check(refused || got == octets, "IQ comes through bit by bit");
    return 0;
}

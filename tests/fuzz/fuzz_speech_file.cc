/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz_input.h"
#include "io/speech_file.h"
#include "memory_file.h"

#include <algorithm>
#include <stdexcept>

/* Any octets as a sound file; and any samples in one, which come through as they are. */

using namespace securevoice;
using fuzz::check;

namespace {

constexpr std::size_t most_samples = 1 << 20; // compressed formats can hold hours

void append(std::string& out, std::uint32_t value, unsigned octets)
{
    for (unsigned n = 0; n < octets; ++n)
        out += static_cast<char>(value >> 8 * n & 0xFF);
}

/* WAV, 16 bit, 8 kHz, mono (Microsoft and IBM: Multimedia Programming Interface and Data
 * Specifications 1.0, 1991) */
std::string wave(const std::string& samples)
{
    std::string out = "RIFF";
    append(out, static_cast<std::uint32_t>(36 + samples.size()), 4);
    out += "WAVEfmt ";
    append(out, 16, 4);
    append(out, 1, 2);
    append(out, 1, 2);
    append(out, 8000, 4);
    append(out, 16000, 4);
    append(out, 2, 2);
    append(out, 16, 2);
    out += "data";
    append(out, static_cast<std::uint32_t>(samples.size()), 4);
    return out + samples;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::memory_file file;
    fuzz::input in(data, size);
    const bool samples_given = in.octet() == 's';
    auto octets = in.text(1 << 16);
    if (samples_given)
        octets.resize(octets.size() / 2 * 2);
    file.write(samples_given ? wave(octets) : octets);
    std::vector<std::int16_t> all;
    try {
        apps::speech_reader reader(file.path());
        check(reader.duration() > 0 && reader.duration() < 1e15,
              "the duration is a time");
        std::vector<std::int16_t> some;
        while (all.size() < most_samples && reader.read(some)) {
            check(!some.empty(), "reading gives samples until the end");
            all.insert(all.end(), some.begin(), some.end());
        }
    } catch (const std::runtime_error& refused) {
        check(std::strlen(refused.what()) > 0, "a refusal says why");
        check(!samples_given || octets.empty(), "a file with samples can be read");
        return 0;
    }
    if (samples_given)
        check(all.size() * 2 == octets.size() &&
                  std::memcmp(all.data(), octets.data(), octets.size()) == 0,
              "16 bit, 8 kHz, mono come through bit by bit");
    return 0;
}

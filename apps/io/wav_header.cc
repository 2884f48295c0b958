/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/wav_header.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>

namespace securevoice::apps {

namespace {

constexpr std::uint32_t unknown_size = 0xFFFFFFFF; // RF64: ds64 says it
constexpr std::uint16_t extensible = 0xFFFE;
// Other octets than chunks behind the samples: tags of music players, a pad octet.
constexpr std::uint64_t most_left_over = 1024;

class chunk_reader
{
public:
    explicit chunk_reader(int file) : d_file(file)
    {
        struct stat about {
        };
        if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
            d_size = static_cast<std::uint64_t>(about.st_size);
    }

    std::uint64_t size() const { return d_size; }

    template <typename Number>
    Number
    number(std::uint64_t at) const // little endian, as this machine; 0 beyond the end
    {
        Number value = 0;
        if (at + sizeof value > d_size ||
            pread(d_file, &value, sizeof value, static_cast<off_t>(at)) !=
                static_cast<ssize_t>(sizeof value))
            return 0;
        return value;
    }

    std::string name(std::uint64_t at) const
    {
        const auto value = number<std::uint32_t>(at);
        std::string text(4, '\0');
        std::memcpy(text.data(), &value, 4);
        return text;
    }

    /*! Whether whole chunks fill the file from here to its end. */
    bool are_chunks(std::uint64_t at) const
    {
        while (at + 8 <= d_size) {
            const auto text = name(at);
            if (!std::all_of(text.begin(), text.end(), [](unsigned char c) {
                    return std::isprint(c) != 0;
                }))
                return false;
            const std::uint64_t length = number<std::uint32_t>(at + 4);
            at += 8 + length + length % 2;
        }
        return at <= d_size + 1; // the last pad octet is forgotten by many
    }

private:
    int d_file;
    std::uint64_t d_size = 0;
};

void read_format(const chunk_reader& file, std::uint64_t at, wav_header& header)
{
    header.coding = file.number<std::uint16_t>(at);
    header.channels = file.number<std::uint16_t>(at + 2);
    header.rate = file.number<std::uint32_t>(at + 4);
    header.frame_size = file.number<std::uint16_t>(at + 12);
    if (header.frame_size == 0) { // libsndfile would divide by it
        const auto bits = file.number<std::uint16_t>(at + 14);
        header.frame_size =
            static_cast<std::uint16_t>(header.channels * ((bits + 7) / 8));
        header.is_known_to_libsndfile = false;
    }
    if (header.coding == extensible) // the sub-format begins with what it would be else
        header.coding = file.number<std::uint16_t>(at + 24);
}

void measure_samples(const chunk_reader& file, wav_header& header)
{
    const auto there = file.size() - std::min(file.size(), header.data_at);
    const auto said = header.data_said;
    const auto left = there - std::min(there, said);
    const auto behind = header.data_at + said;
    const bool honest = said > 0 && said <= there &&
                        (file.are_chunks(behind) || file.are_chunks(behind + said % 2) ||
                         (left < most_left_over && left < said));
    header.data_octets = honest ? said : there;
}

} // namespace

std::optional<wav_header> read_wav_header(int descriptor)
{
    const chunk_reader file(descriptor);
    const auto format = file.name(0);
    if ((format != "RIFF" && format != "RF64" && format != "BW64") ||
        file.name(8) != "WAVE")
        return {};
    wav_header header;
    header.is_known_to_libsndfile = format != "BW64";
    std::uint64_t long_size = unknown_size;
    for (std::uint64_t at = 12; at + 8 <= file.size();) {
        const auto name = file.name(at);
        const std::uint64_t length = file.number<std::uint32_t>(at + 4);
        if (name == "data") {
            header.data_at = at + 8;
            header.data_said =
                format != "RIFF" && length == unknown_size ? long_size : length;
            measure_samples(file, header);
            return header;
        }
        if (name == "fmt ")
            read_format(file, at + 8, header);
        if (name == "ds64")
            long_size = file.number<std::uint64_t>(at + 16);
        at += 8 + length + length % 2;
    }
    return {};
}

} // namespace securevoice::apps

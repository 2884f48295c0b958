/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// Our vocoder as a filter, for comparison with c2enc and c2dec:
// vocoder_filter encode|decode RATE < in > out, whole blocks of 80 ms.

#include "core/vocoder/vocoder.h"

#include <iostream>
#include <string>

using namespace securevoice;

namespace {

template <typename T>
bool read(std::vector<T>& items)
{
    const auto octets = static_cast<std::streamsize>(items.size() * sizeof(T));
    return std::cin.read(reinterpret_cast<char*>(items.data()), octets).gcount() ==
           octets;
}

template <typename T>
void write(const std::vector<T>& items)
{
    std::cout.write(reinterpret_cast<const char*>(items.data()),
                    static_cast<std::streamsize>(items.size() * sizeof(T)));
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    const auto c = codec_from_name(argv[2]);
    std::vector<std::int16_t> speech(samples_per_block);
    if (std::string(argv[1]) == "encode") {
        vocoder_encoder encoder(c);
        while (read(speech))
            write(unpack_frames(c, encoder.encode(speech.data())));
    } else {
        vocoder_decoder decoder(c);
        std::vector<std::uint8_t> frames(layout(c).octets_per_frame *
                                         layout(c).frames_per_block);
        while (read(frames)) {
            decoder.decode(pack_frames(c, frames.data()), speech.data());
            write(speech);
        }
    }
}

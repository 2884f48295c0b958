/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/speech_decoder.h"
#include "fuzz_input.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

/* Any voice bits to the vocoder, and any heard blocks to the speech decoder. */

using namespace securevoice;
using fuzz::check;

namespace {

voice_field read_voice(fuzz::input& in)
{
    voice_field voice;
    for (auto& o : voice)
        o = in.octet();
    return voice;
}

void packing(codec c, const voice_field& voice)
{
    auto sent = voice; // what a block carries
    for (std::size_t n = voice_bits(c); n < max_voice_bits; ++n)
        sent[n / 8] = static_cast<std::uint8_t>(sent[n / 8] & ~(0x80 >> n % 8));
    const auto frames = unpack_frames(c, voice);
    const auto& l = layout(c);
    check(frames.size() == l.frames_per_block * l.octets_per_frame,
          "a block has its frames");
    check(pack_frames(c, frames.data()) == sent, "a voice field is its frames");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    speech_decoder_options options;
    options.clear_tones = in.flag();
    speech_decoder l(options);
    std::vector<std::int16_t> speech;
    unsigned concealed = 0;
    bool concealable = false;
    bool warned = false; // the tone of clear voice goes on in its gaps
    for (unsigned slots = 0; slots < 40 && in.left() > 0; ++slots) {
        const auto how = in.octet();
        heard_block b;
        b.what = static_cast<heard_block::action>(1 + how % 4);
        b.kind = how & 4 ? kind::secure : kind::clear;
        b.codec = static_cast<std::uint8_t>(how / 8 % codec_count);
        b.fresh_codec = how >= 224;
        if (b.what == heard_block::action::play)
            b.voice = read_voice(in);
        packing(static_cast<codec>(b.codec), b.voice);
        speech.clear();
        l.decode(b, speech);
        const bool silent =
            std::all_of(speech.begin(), speech.end(), [](auto x) { return x == 0; });
        switch (b.what) {
        case heard_block::action::finish:
            check(speech.empty(), "the end of a call is no slot");
            concealable = false;
            warned = false;
            concealed = 0;
            continue;
        case heard_block::action::mute:
            check(silent, "muted is silent");
            concealable = false;
            warned = false;
            break;
        case heard_block::action::conceal:
            if (!concealable || concealed >= 2)
                check(silent || warned,
                      "nothing is repeated for longer than 160 ms, or after silence");
            else
                ++concealed;
            break;
        case heard_block::action::play:
            concealable = true;
            warned = options.clear_tones && b.kind == kind::clear;
            concealed = 0;
            break;
        }
        check(speech.size() == samples_per_block, "a slot is 640 samples");
    }
    return 0;
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "watched_receiver.h"

#include <random>

/* Soft frames of any content to the call receiver: whatever the demodulator may ever say.
 * None of it was sent, so nothing is played as secure. */

using namespace fuzz;

namespace {

constexpr std::size_t most_frames = 40;

void fill(input& in, soft_frame& frame)
{
    const auto how = in.octet();
    switch (how % 4) {
    case 0: { // a pattern of the fuzzer's, repeated
        const std::size_t length = 1 + in.octet() % 64;
        const auto scale = static_cast<float>(1 + in.octet()) / 16;
        std::vector<float> pattern(length);
        for (auto& x : pattern)
            x = scale * static_cast<float>(static_cast<std::int8_t>(in.octet()));
        for (std::size_t n = 0; n < frame.llr.size(); ++n)
            frame.llr[n] = pattern[n % length];
        break;
    }
    case 1: { // noise
        std::minstd_rand random(1 + in.octet());
        const auto scale = in.value<float>();
        for (auto& x : frame.llr)
            x = scale * (static_cast<float>(random() % 2001) / 1000 - 1);
        break;
    }
    case 2: // one value, NaN and infinities too
        frame.llr.fill(in.value<float>());
        break;
    case 3: { // some values
        const auto first = in.below(block_code_bits);
        for (std::size_t n = 0; n < how / 4u && first + n < frame.llr.size(); ++n)
            frame.llr[first + n] = in.value<float>();
        break;
    }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    input in(data, size);
    const auto choice = in.octet();
    call_receiver_options options;
    if (choice & 1)
        options.keys = { fixed_key("first", 1), fixed_key("second", 2) };
    options.secure_only = choice & 2;
    options.list = choice & 4 ? 32 : 4;
    watched_receiver receiver(options, false, {});
    soft_frame frame;
    for (std::size_t n = 0; n < most_frames && in.left() > 0; ++n) {
        const auto what = in.octet();
        frame.what = static_cast<soft_frame::type>(what % 8);
        if (what & 0x10)
            frame.mode = in.octet();
        if (what & 0x20)
            frame.track = in.octet() % 4;
        if (what & 0x40) {
            frame.time = in.value<double>();
            frame.cn0_dbhz = in.value<float>();
            frame.offset_hz = in.value<float>();
            frame.sync_quality = in.value<float>();
            frame.started = in.octet();
        }
        frame.number = what & 0x80 ? in.value<std::uint16_t>()
                                   : static_cast<std::uint16_t>(frame.number + 1);
        fill(in, frame);
        receiver.receive(frame);
    }
    return 0;
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "memory_file.h"
#include "watched_receiver.h"

#include <array>
#include <map>

/*
 * A program of the fuzzer's changes valid calls on their way from the demodulator to the
 * call receiver: frames are left out, repeated, put in another order, renumbered,
 * spliced, mixed with those of a second call, and their soft bits flipped or replaced.
 */

using namespace fuzz;

namespace {

constexpr std::size_t blocks = 24;
constexpr std::size_t most_frames = 48;

enum plan : unsigned { all_secure, mixed, all_clear, plans };

kind kind_at(unsigned p, std::size_t n)
{
    const bool secure = p == all_secure || (p == mixed && n / 6 % 2 == 0);
    return secure ? kind::secure : kind::clear;
}

const key_ptr& ours()
{
    static const auto key = fixed_key("ours", 1);
    return key;
}

const fixed_call& call_of(codec c, unsigned p, unsigned seed)
{
    static std::map<std::array<unsigned, 3>, fixed_call> made;
    auto& call = made[{ static_cast<unsigned>(c), p, seed }];
    if (call.frames.empty()) {
        std::vector<kind> kinds(blocks);
        for (std::size_t n = 0; n < blocks; ++n)
            kinds[n] = kind_at(p, n);
        call = make_fixed_call(&ours()->key, { c, profile::narrow }, kinds, seed);
    }
    return call;
}

/* A receiver wipes its keys when it is told to: they are its own. */
call_receiver_options options_of(std::uint8_t choice)
{
    call_receiver_options o;
    if (choice & 1)
        o.keys.push_back(fixed_key("other", 2));
    if (choice & 2)
        o.keys.push_back(fixed_key("ours", 1));
    o.secure_only = choice & 4;
    o.list = choice & 8 ? 32 : 4;
    if (choice & 16) { // a live call, a little later than it was sent
        static const fuzz::memory_folder folder;
        folder.remove("replay-memory");
        const auto clock = [] { return static_cast<double>(test::some_time) + 2; };
        o.replay.memory = std::make_shared<replay_memory>(
            folder.path(), [] { return static_cast<double>(test::some_time) - 60; });
        o.replay.clock = clock;
        o.replay.window = 60;
    }
    return o;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    input in(data, size);
    const auto choice = in.octet();
    const auto c = static_cast<codec>(in.octet() % codec_count);
    const auto p = in.octet() % plans;
    const std::array<const fixed_call*, 2> calls{ &call_of(c, p, 1),
                                                  &call_of(c, in.octet() % plans, 2) };
    watched_receiver receiver(
        options_of(choice), (choice & 2) != 0, { calls[0], calls[1] });

    double now = 0;
    std::size_t call = 0;
    std::size_t cursor = 0;
    std::uint32_t track = 1;
    bool started = true;
    const auto take = [&] {
        const auto& frames = calls[call]->frames;
        return received(frames[cursor % frames.size()], track, started);
    };
    auto frame = take();
    std::size_t sent = 0;
    const auto send = [&] {
        frame.time = now;
        receiver.receive(frame);
        ++sent;
        ++cursor;
        now += block_seconds;
        frame = take();
    };

    while (in.left() > 0 && sent < most_frames) {
        const auto op = in.octet();
        switch (op % 16) {
        case 0:
        case 1: // some frames as they are
            for (unsigned n = 0; n < 1 + op / 16u && sent < most_frames; ++n)
                send();
            break;
        case 2: // elsewhere in this call
            cursor = in.octet();
            frame = take();
            break;
        case 3: // the other call
            call = 1 - call;
            frame = take();
            break;
        case 4: { // turn bits round
            const auto first = in.below(block_code_bits);
            const auto count = in.octet();
            for (std::size_t n = first; n < std::min(first + count, block_code_bits); ++n)
                frame.llr[n] = -frame.llr[n];
            break;
        }
        case 5: { // weaker, stronger, upside down, not finite
            const auto factor = in.value<float>();
            for (auto& llr : frame.llr)
                llr *= factor;
            break;
        }
        case 6: { // any value
            const auto first = in.below(block_code_bits);
            const auto count = in.octet();
            const auto value = in.value<float>();
            for (std::size_t n = first; n < std::min(first + count, block_code_bits); ++n)
                frame.llr[n] = value;
            break;
        }
        case 7: // another number
            frame.number = in.value<std::uint16_t>();
            break;
        case 8:
            frame.mode = in.octet();
            break;
        case 9:
            track = in.octet() % 4;
            frame.track = track;
            break;
        case 10:
            started = in.flag();
            frame.started = in.octet();
            break;
        case 11:
            frame.what = static_cast<soft_frame::type>(in.octet() % 5);
            break;
        case 12: { // continue with another frame's bits
            const auto& frames = calls[in.flag() ? 1 : 0]->frames;
            const auto other = received(frames[in.octet() % frames.size()]);
            const auto from = in.below(block_code_bits);
            std::copy(other.llr.begin() + static_cast<std::ptrdiff_t>(from),
                      other.llr.end(),
                      frame.llr.begin() + static_cast<std::ptrdiff_t>(from));
            break;
        }
        case 13: { // noise over it
            std::minstd_rand random(1 + in.octet());
            const auto strength = static_cast<float>(in.octet()) / 4;
            for (auto& llr : frame.llr)
                llr += strength * (static_cast<float>(random() % 2001) / 1000 - 1);
            break;
        }
        case 14: // time passes, or stands, or leaves the line
            now += in.flag() ? static_cast<double>(in.value<float>())
                             : static_cast<double>(in.octet()) / 10;
            break;
        case 15:
            if (op / 16 == 15) {
                receiver.zeroize();
                break;
            }
            frame.what = soft_frame::type::lost_track;
            send();
            break;
        }
    }
    return 0;
}

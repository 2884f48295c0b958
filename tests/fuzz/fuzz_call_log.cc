/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_log.h"
#include "core/vocoder/vocoder.h"
#include "fuzz_input.h"

#include <string>

/* Any frames and heard blocks to the report of a reception. */

using namespace securevoice;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    std::size_t in_place = 0; // octets of frames
    apps::call_log log([&](const auto& octets) { in_place += octets.size(); });
    std::uint32_t number = 0;
    std::size_t played = 0;
    double time = 0;
    receiver_status status;
    for (unsigned n = 0; n < 200 && in.left() > 0; ++n) {
        const auto how = in.octet();
        time += block_seconds;
        if (how & 0x80) {
            soft_frame frame;
            frame.what =
                static_cast<soft_frame::type>(how & 0x40 ? 4 + how % 2 : 1 + how % 3);
            frame.started = how >> 2 & 1;
            frame.cn0_dbhz = in.value<float>();
            frame.offset_hz = in.value<float>();
            frame.time = time;
            log.frame(frame);
            continue;
        }
        heard_block b;
        b.what = static_cast<heard_block::action>(1 + how % 4);
        const auto codec_and_step = in.octet();
        b.kind = how & 4 ? kind::secure : codec_and_step == 255 ? kind::fm : kind::clear;
        b.codec = static_cast<std::uint8_t>(codec_and_step % codec_count);
        // The next number, the same again, or any.
        number =
            how & 8 ? in.value<std::uint16_t>() : number + (codec_and_step < 192 ? 1 : 0);
        b.number = number % max_blocks;
        b.time = time;
        b.voice.fill(how);
        status.state = static_cast<heard_state>(how / 16 + (b.codec & 3));
        status.kind = b.kind;
        played += b.what == heard_block::action::play;
        status.heard = played;
        log.block(b, status);
    }
    log.finish();
    const auto report = log.report(status);
    const auto text = report.dump();
    check(!text.empty(), "there is a report");
    const auto expected = report["blocks_sent_or_expected"].get<std::size_t>();
    const auto in_report = report["blocks_played"].get<std::size_t>();
    const auto lost = report["blocks_lost"].get<std::size_t>();
    check(in_report <= played && in_report + lost <= expected,
          "the report counts what was played and lost among what was expected");
    check(report["lost_blocks"].size() == expected - in_report,
          "the blocks not played are listed");
    std::size_t blocks = 0;
    std::size_t octets = 0;
    for (const auto& call : report["calls"]) {
        const auto count = call["blocks"].get<std::size_t>();
        check(count > 0, "a call has blocks");
        const auto& l = layout(codec_from_name(call["codec"].get<std::string>()));
        blocks += count;
        octets += count * l.frames_per_block * l.octets_per_frame;
    }
    check(blocks == expected, "the blocks expected are those of the calls");
    check(in_place == octets, "the frames are in their places");
    return 0;
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/chain/receiver.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

namespace securevoice::apps {

/*!
 * What a receiver heard, slot by slot: for the report, and for the Codec2 frames in place. Connect frame() and block() to the
 * receiver's on_frame and on_block.
 */
class call_log
{
public:
    void frame(const soft_frame& f);
    /*! \param status of the receiver, now */
    void block(const heard_block& b, const receiver_status& status);
    /*! The input is over. */
    void finish();

    /*! Codec2 frames of all calls, from the first block expected to the last; zeros where a block was not played. */
    std::vector<std::uint8_t> frames() const;

    nlohmann::ordered_json report(const receiver_status& status) const;

private:
    enum class fate : std::uint8_t { lost, refused, played };
    struct slot {
        fate what = fate::lost;
        securevoice::kind kind = kind::none;
        double time = 0;
        voice_field voice{};
    };
    struct call {
        securevoice::codec codec;
        std::uint32_t first; // number of slots[0]
        bool started;        // its start was heard
        std::vector<slot> slots;
    };
    struct mean {
        double sum = 0;
        std::size_t count = 0;
        void add(double value);
        nlohmann::ordered_json json() const; // null if there was nothing to average
    };

    slot& place(const heard_block& b);
    void close(bool all_expected);

    std::vector<call> d_calls;
    std::vector<double> d_analog; // times of 80 ms of FM each
    bool d_open = false;
    // Of frames whose block was played, and of all: what there is when nothing was.
    mean d_cn0, d_offset, d_any_cn0, d_any_offset;
    soft_frame d_frame; // the newest
};

} // namespace securevoice::apps

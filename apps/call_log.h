/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "segments.h"

#include "core/chain/receiver.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace securevoice::apps {

/*!
 * What a receiver heard, slot by slot: for the report, and for the Codec2 frames in place. Connect frame() and block() to the
 * receiver's on_frame and on_block. It keeps counts and times, no speech.
 */
class call_log
{
public:
    /*! Takes Codec2 frames; they are wiped when it returns. */
    using frames_sink = std::function<void(const std::vector<std::uint8_t>&)>;

    /*! \param frames empty, or takes the frames of all calls as they are heard, from the first block expected to the last; zeros
     * where a block was not played */
    explicit call_log(frames_sink frames = {}) : d_frames(std::move(frames)) {}

    void frame(const soft_frame& f);
    /*! \param status of the receiver, now */
    void block(const heard_block& b, const receiver_status& status);
    /*! The input is over. */
    void finish();

    /*! What was played, in order of time. */
    const std::vector<segment>& heard() const { return d_segments.all(); }
    std::size_t expected() const { return d_expected; } // blocks
    std::size_t played() const { return d_played; }
    std::size_t lost() const { return d_lost; }
    std::size_t calls() const { return d_calls.size(); }
    /*! Estimate, dB-Hz, of blocks played, else of all; none if nothing was found. */
    std::optional<double> cn0_dbhz() const
    {
        return (d_played > 0 ? d_cn0 : d_any_cn0).value();
    }

    nlohmann::ordered_json report(const receiver_status& status) const;

private:
    enum class fate : std::uint8_t { lost, refused };
    struct call {
        securevoice::codec codec;
        std::uint32_t first; // number of its first slot
        bool started;        // its start was heard
        double audio_start;
        std::size_t blocks = 0; // slots from the first to the last one played
        double last_time = 0;   // of the last one played, s
    };
    struct mean {
        double sum = 0;
        std::size_t count = 0;
        void add(double value);
        std::optional<double> value() const;
        nlohmann::ordered_json json() const; // null if there was nothing to average
    };

    void begin(const heard_block& b);
    bool goes_on(const heard_block& b) const;
    void analog(const heard_block& b);
    void pass(std::size_t index, fate what);
    void play(const heard_block& b, std::size_t index, const std::string& key);
    void settle_tail();
    void write(const voice_field& voice);
    void close(bool all_expected);

    frames_sink d_frames;
    std::vector<call> d_calls;
    std::vector<fate> d_tail; // slots of this call since its last block played
    bool d_in_call = false;
    segment_list d_segments;
    std::size_t d_expected = 0;
    std::size_t d_played = 0;
    std::size_t d_lost = 0;
    std::vector<std::size_t> d_not_played; // their places among all that were expected
    std::size_t d_analog = 0;              // 80 ms of FM each
    double d_last_analog = 0;
    bool d_interference = false; // at any time
    // Of frames whose block was played, and of all: what there is when nothing was.
    mean d_cn0, d_offset, d_any_cn0, d_any_offset;
    soft_frame d_frame; // the newest
};

} // namespace securevoice::apps

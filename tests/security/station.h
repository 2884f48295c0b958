/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "attack.h"
#include "temporary_folder.h"

#include <filesystem>
#include <memory>
#include <optional>

/*! A live receiver with a clock of its own and a memory on disk, which can be
 * restarted. */
namespace attack {

/*! When the calls of attack::call begin by their header, s since 1970. */
constexpr double call_start =
    static_cast<double>(securevoice::test::some_time - securevoice::test::some_time % 4);

struct station {
    securevoice::test::temporary_folder folder;
    std::vector<key_ptr> keys;
    double now = call_start - 60;
    std::shared_ptr<replay_memory> memory;
    std::optional<ear> receiver;

    explicit station(std::vector<key_ptr> with) : keys(std::move(with)) { restart(); }

    std::string state() const { return folder / "state"; }
    /*! The one file in the folder of the memory. */
    std::filesystem::path file() const
    {
        return std::filesystem::directory_iterator(state())->path();
    }

    void restart()
    {
        stop();
        const auto clock = [this] { return now; };
        memory = std::make_shared<replay_memory>(state(), clock);
        call_receiver_options o;
        o.keys = keys;
        o.replay.memory = memory;
        o.replay.clock = clock;
        o.replay.window = replay_guard::usual_window;
        receiver.emplace(std::move(o));
    }
    void stop()
    {
        receiver.reset();
        memory.reset();
    }

    /*! A frame arrives now. */
    std::vector<heard_block>
    hear(const coded_frame& frame, std::uint32_t track, bool started = true)
    {
        auto soft = bit_air::soft(frame, track, started);
        soft.time = now - call_start + 1000;
        return receiver->hear(soft);
    }
    void lose(std::uint32_t track)
    {
        soft_frame gone;
        gone.what = soft_frame::type::lost_track;
        gone.track = track;
        gone.time = now - call_start + 1000;
        receiver->hear(gone);
    }

    /*! Blocks [first, last) of a call whose first symbol is sent at \p begin on this
     * clock.
     * \return how many were played */
    std::size_t hear_blocks(const call& c,
                            std::size_t first,
                            std::size_t last,
                            std::uint32_t track,
                            double begin,
                            bool started)
    {
        std::size_t played = 0;
        for (auto n = first; n < last; ++n) {
            now = begin + block_seconds * static_cast<double>(n);
            played += hear(c.block(n), track, started).size();
        }
        return played;
    }
    /*! All of it, from its start, until the track is lost. */
    std::size_t hear_call(const call& c, std::uint32_t track, double begin)
    {
        now = begin - block_seconds;
        hear(c.start(), track);
        const auto played = hear_blocks(c, 0, c.blocks.size(), track, begin, true);
        lose(track);
        return played;
    }

    receiver_status status() const { return receiver->status(); }
};

} // namespace attack

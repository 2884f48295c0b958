/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/session.h"
#include "core/replay/replay_memory.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace securevoice {

/*! Whether a block with a good tag may count (docs/protocol.md, 6.7). */
enum class freshness : std::uint8_t {
    fresh,
    // this receiver accepted it a moment ago, from the same samples: no replay
    second_look,
    heard_before,  // its number, or a later one, was accepted already
    closed,        // END of its transmission was heard
    own,           // this station sent it: a reflection
    before_memory, // its call began before the memory of replays did
    too_old,       // outside the window of time
    from_future,
    late // does not fit the time line of what was accepted before
};
/*! One sentence for people; empty for `fresh` and `second_look`. */
const char* reason_of(freshness f);
/*! True for blocks that are real but not from now; the others are replays. */
bool is_delay(freshness f);

/*! Host time, s since 1970. */
using wall_clock = std::function<double()>;

struct replay_options {
    /*! Null: a recording is decoded on purpose. Then there is no window and no memory
     * beyond this receiver; numbers must grow and times must fit all the same. */
    std::shared_ptr<replay_memory> memory;
    wall_clock clock = replay_memory::system_clock();
    /*! s that the authenticated time may differ from the clock; 0: 300, or 60 where the
     * host's clock is disciplined */
    double window = 0;
};

/*! When a call was sent, as far as clocks tell. */
struct call_timing {
    double sent = 0; // s since 1970, by its sender's clock
    /*! s between then and now, below 0 where the sender's clock is ahead; none in a
     * recording, and by a clock that cannot be right */
    std::optional<double> age;
    std::optional<double> usual_age; // of calls under this key; none before the first one
};

/*! True if the kernel's clock is kept right from outside (adjtimex(2): NTP and the
 * like). */
bool clock_is_disciplined();

/*!
 * The replay rules for all transmissions that a receiver hears, above tracks: what was
 * accepted under one salt counts wherever the signal comes from next.
 */
class replay_guard
{
public:
    static constexpr double usual_window = 300;      // s
    static constexpr double disciplined_window = 60; // s
    static constexpr double time_line_tolerance = 1; // s
    static constexpr double stall_tolerance = 5;     // s, by the clock: host asleep
    static constexpr double same_moment = 0.02; // s: two trackers' times of one block
    static constexpr std::uint32_t stored_ahead = 32; // blocks: one write per 2.56 s

    explicit replay_guard(replay_options options);

    /*! May this block be accepted? Changes nothing.
     * \param number of a block whose tag (or keyed octets) fitted
     * \param time   of the frame, s since the receiver's first sample */
    freshness judge(const receiving_session& session,
                    const secret_key& key,
                    std::uint32_t number,
                    double time);
    /*! It is accepted: neither it nor an earlier one ever is again. On disk when this
     * returns. */
    void accept(const receiving_session& session,
                const secret_key& key,
                std::uint32_t number,
                double time);
    /*! END was heard. */
    void close(const receiving_session& session, const secret_key& key);

    /*! Of a block whose tag (or keyed octets) fitted. For people to see: judge() asks for
     * the window alone. */
    call_timing
    timing(const receiving_session& session, const secret_key& key, std::uint32_t number);
    /*! What is wrong with this computer's clock: one sentence; empty: nothing known. */
    std::string clock_problem() const;
    double now() const { return d_options.clock(); }
    bool live() const { return d_options.memory != nullptr; }
    /*! What is wrong with the memory; empty: nothing. */
    std::string problem() const;

private:
    struct moment {
        std::uint32_t number;
        double time;
    };
    struct entry {
        salt_value salt;
        const secret_key* key = nullptr;
        std::uint32_t next = 0;
        std::uint32_t stored_next = 0;
        bool closed = false;
        bool own = false;
        bool heard_earlier = false;  // by another process, or long ago
        double late_then = 0;        // its lateness by the clock, s
        bool acquired = false;       // a block was accepted by this receiver
        double line = 0;             // s: least of frame time - 0.08 number
        std::deque<moment> accepted; // by this receiver, the newest ones
        std::optional<double> usual; // s: lateness of the calls before it under this key
    };

    double sent_at(const receiving_session& session, std::uint32_t number) const;

    entry& find(const receiving_session& session, const secret_key& key);
    static bool is_second_look(const entry& e, std::uint32_t number, double time);
    freshness judge_time_line(const entry& e,
                              const receiving_session& session,
                              std::uint32_t number,
                              double time) const;
    freshness judge_acquisition(const entry& e,
                                const receiving_session& session,
                                std::uint32_t number) const;
    void store(const entry& e, const receiving_session& session) const;

    replay_options d_options;
    std::deque<entry> d_entries; // newest use first
    double d_latest = 0;         // s since 1970, of now() at a block that was accepted
};

} // namespace securevoice

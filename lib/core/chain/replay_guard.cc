/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/replay_guard.h"

#include <sys/timex.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

namespace securevoice {

namespace {

// Transmissions kept at hand. What falls out is found in the memory again, if there is
// one.
constexpr std::size_t max_entries = 64;
constexpr std::size_t max_entries_of_recording = 4096;
// Accepted blocks whose moments are kept: late entry looks back by 11, and `robust` by 8
// more.
constexpr std::size_t max_moments = 32;
constexpr double set_back = 10; // s: more than a clock goes back that is being kept right

/*! "1970-01-01" */
std::string utc_date(double time)
{
    const auto seconds = static_cast<std::time_t>(std::floor(time));
    std::tm date{};
    gmtime_r(&seconds, &date);
    char text[16];
    return { text, std::strftime(text, sizeof text, "%Y-%m-%d", &date) };
}

} // namespace

const char* reason_of(freshness f)
{
    switch (f) {
    case freshness::fresh:
    case freshness::second_look:
        return "";
    case freshness::heard_before:
        return "it was heard before (two receivers on one computer need a state folder "
               "each)";
    case freshness::closed:
        return "its transmission has ended";
    case freshness::own:
        return "this station sent it itself (to try two radios on one computer, give one "
               "of "
               "them a state folder of its own; a loop back is decoded as a recording)";
    case freshness::before_memory:
        return "its call began before the memory of replays did";
    case freshness::too_old:
        return "it was sent too long ago by its sender's clock";
    case freshness::from_future:
        return "its sender's clock is ahead of this one: set both";
    case freshness::late:
        return "it came later than the blocks before it";
    }
    return "";
}

bool is_delay(freshness f) { return f == freshness::too_old || f == freshness::late; }

bool clock_is_disciplined()
{
    timex state{};
    return adjtimex(&state) != TIME_ERROR && !(state.status & STA_UNSYNC);
}

replay_guard::replay_guard(replay_options options) : d_options(std::move(options))
{
    if (d_options.window <= 0)
        d_options.window = clock_is_disciplined() ? disciplined_window : usual_window;
}

std::string replay_guard::problem() const
{
    return d_options.memory ? d_options.memory->problem() : "";
}

std::string replay_guard::clock_problem() const
{
    if (!live())
        return "";
    if (now() < earliest_possible)
        return "this computer's clock is wrong, it says " + utc_date(now()) +
               ": set it, until then calls are refused";
    if (now() < d_latest - set_back)
        return "this computer's clock was set back by " +
               std::to_string(std::llround(d_latest - now())) +
               " s since the newest call: make sure that it is right, calls from before "
               "look new by it";
    return "";
}

call_timing replay_guard::timing(const receiving_session& session,
                                 const secret_key& key,
                                 std::uint32_t number)
{
    call_timing t;
    t.sent = sent_at(session, number);
    if (!live() || now() < earliest_possible)
        return t;
    t.age = now() - t.sent;
    t.usual_age = find(session, key).usual;
    return t;
}

double replay_guard::sent_at(const receiving_session& session, std::uint32_t number) const
{
    const auto near =
        static_cast<std::int64_t>(std::floor(std::max(now(), earliest_possible)));
    return static_cast<double>(session.start_time(near)) + block_seconds * number;
}

replay_guard::entry& replay_guard::find(const receiving_session& session,
                                        const secret_key& key)
{
    const auto salt = session.head().salt();
    const auto known =
        std::find_if(d_entries.begin(), d_entries.end(), [&](const entry& e) {
            return e.key == &key && e.salt == salt;
        });
    entry e;
    e.salt = salt;
    e.key = &key;
    if (known != d_entries.end()) {
        if (known == d_entries.begin())
            return *known;
        e = *known;
        d_entries.erase(known);
    } else if (d_options.memory) {
        if (const auto r = d_options.memory->find(key, salt)) {
            e.next = e.stored_next = r->next;
            e.closed = r->closed;
            e.own = r->own;
            e.heard_earlier = r->next > 0;
            e.late_then = static_cast<double>(r->late_ms) / 1000;
        }
        e.usual = d_options.memory->usual_lateness(key);
    }
    d_entries.push_front(e);
    if (d_entries.size() > (d_options.memory ? max_entries : max_entries_of_recording))
        d_entries.pop_back();
    return d_entries.front();
}

freshness replay_guard::judge(const receiving_session& session,
                              const secret_key& key,
                              std::uint32_t number,
                              double time)
{
    const auto& e = find(session, key);
    if (e.own)
        return freshness::own;
    if ((e.closed || number < e.next) && is_second_look(e, number, time))
        return freshness::second_look;
    if (e.closed)
        return freshness::closed;
    if (number < e.next)
        return freshness::heard_before;
    if (e.acquired)
        return judge_time_line(e, session, number, time);
    return d_options.memory ? judge_acquisition(e, session, number) : freshness::fresh;
}

/*! Beside the accepted block that is next to it, this one lies where the sender put it: a
 * replay comes later. */
bool replay_guard::is_second_look(const entry& e, std::uint32_t number, double time)
{
    const auto distance = [number](const moment& m) {
        return std::abs(static_cast<double>(number) - static_cast<double>(m.number));
    };
    const auto next = std::min_element(
        e.accepted.begin(), e.accepted.end(), [&](const moment& a, const moment& b) {
            return distance(a) < distance(b);
        });
    if (next == e.accepted.end() || distance(*next) > max_moments)
        return false;
    const double blocks = static_cast<double>(number) - static_cast<double>(next->number);
    return std::abs(time - next->time - block_seconds * blocks) < same_moment;
}

freshness replay_guard::judge_time_line(const entry& e,
                                        const receiving_session& session,
                                        std::uint32_t number,
                                        double time) const
{
    if (time - block_seconds * number > e.line + time_line_tolerance)
        return freshness::late;
    // Samples do not count while the host sleeps; its clock does.
    if (d_options.memory &&
        now() - sent_at(session, number) > e.late_then + stall_tolerance)
        return freshness::late;
    return freshness::fresh;
}

freshness replay_guard::judge_acquisition(const entry& e,
                                          const receiving_session& session,
                                          std::uint32_t number) const
{
    const auto age = now() - sent_at(session, number);
    if (age < -d_options.window)
        return freshness::from_future;
    // The start is told in steps of 4 s, rounded down.
    if (!e.heard_earlier && sent_at(session, 0) < d_options.memory->complete_since())
        return freshness::before_memory;
    if (age > d_options.window)
        return freshness::too_old;
    if (e.heard_earlier && age > e.late_then + time_line_tolerance)
        return freshness::late;
    return freshness::fresh;
}

void replay_guard::accept(const receiving_session& session,
                          const secret_key& key,
                          std::uint32_t number,
                          double time)
{
    auto& e = find(session, key);
    const double line = time - block_seconds * number;
    e.line = e.acquired ? std::min(e.line, line) : line;
    const double late = now() - sent_at(session, number);
    e.late_then = e.heard_earlier || e.acquired ? std::min(e.late_then, late) : late;
    if (d_options.memory && !e.acquired && !e.heard_earlier)
        d_options.memory->note_lateness(key, late);
    d_latest = std::max(d_latest, now());
    e.accepted.push_front({ number, time });
    if (e.accepted.size() > max_moments)
        e.accepted.pop_back();
    e.acquired = true;
    e.next = number + 1;
    if (e.next > e.stored_next) {
        e.stored_next = e.next + stored_ahead;
        store(e, session);
    }
}

void replay_guard::close(const receiving_session& session, const secret_key& key)
{
    auto& e = find(session, key);
    if (std::exchange(e.closed, true))
        return;
    store(e, session);
}

void replay_guard::store(const entry& e, const receiving_session& session) const
{
    if (!d_options.memory)
        return;
    remembered r;
    r.next = e.stored_next;
    r.late_ms = std::llround(e.late_then * 1000);
    r.closed = e.closed;
    r.own = e.own;
    d_options.memory->store(*e.key, session.head().salt(), r);
}

} // namespace securevoice

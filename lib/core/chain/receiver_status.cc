/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/receiver_status.h"

#include "core/chain/heard_signal.h"
#include "core/chain/heard_transmission.h"
#include "core/chain/voice_floor.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

namespace {

constexpr double clock_tolerance =
    10; // s between two clocks, and for the start time's steps of 4 s

const heard_transmission& shown_of(const std::vector<heard_transmission>& brought,
                                   const voice_floor& floor)
{
    const auto find = [&brought](auto which) {
        return std::find_if(brought.begin(), brought.end(), which);
    };
    auto shown = find([&floor](const auto& t) { return floor.is_call(t.head()); });
    if (shown == brought.end())
        shown = find([](const auto& t) { return t.live(); });
    if (shown == brought.end())
        shown = find([](const auto& t) { return t.state() != heard_state::pending; });
    return shown == brought.end() ? brought.back() : *shown;
}

} // namespace

const char* kind_name(kind k)
{
    switch (k) {
    case kind::secure:
        return "secure";
    case kind::clear:
        return "clear";
    case kind::fm:
        return "fm";
    case kind::none:
        break;
    }
    return "none";
}

std::string state_text(const receiver_status& s)
{
    std::string text = state_name(s.state);
    if (s.state == heard_state::secure)
        text += (s.old_key ? ", OLD key " : ", ") + s.key_name;
    return text;
}

void forget_call(receiver_status& s)
{
    s.state = heard_state::idle;
    s.kind = kind::none;
    s.key_name.clear();
    s.old_key = false;
    s.codec.clear();
    s.reason.clear();
    s.sent.reset();
    s.age.reset();
    s.usual_age.reset();
}

void describe(const heard_signal& signal,
              const std::vector<heard_transmission>& brought,
              const voice_floor& floor,
              double now,
              receiver_status& s)
{
    forget_call(s);
    if (brought.empty()) {
        s.state = signal.state();
        return;
    }
    const auto& t = shown_of(brought, floor);
    s.state = t.state();
    s.kind = t.kind();
    if (s.state == heard_state::replay_refused || s.state == heard_state::delayed)
        s.reason = reason_of(t.why_refused());
    if (t.key() && (t.trusted() || !s.reason.empty())) {
        s.key_name = t.key()->name;
        s.old_key = !t.key()->state.allows(key_use::send,
                                           static_cast<std::int64_t>(std::floor(now)));
    }
    if (t.timing()) {
        s.sent = t.timing()->sent;
        s.age = t.timing()->age;
        s.usual_age = t.timing()->usual_age;
    }
    if (t.played_count() > 0 || t.state() == heard_state::encrypted_no_key)
        s.codec = codec_name(mode_from_code(t.head().mode_code()).codec);
}

void count(const heard_call& call, receiver_status& s)
{
    s.heard += call.numbers.played_count();
    s.lost += call.numbers.lost();
}

void count(const heard_transmission& brought, receiver_status& s)
{
    s.refused += brought.refused_count();
    s.replayed += brought.replayed_count();
}

void compare_clocks(receiver_status& s)
{
    if (s.clock_problem.empty() && s.age && *s.age < -clock_tolerance)
        s.clock_problem =
            "its sender's clock is " + std::to_string(std::llround(-*s.age)) +
            " s ahead of this computer's: set the one that is wrong, a call that "
            "is held back looks younger by as much";
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/heard_calls.h"

#include <algorithm>
#include <cmath>

namespace securevoice {

heard_call* heard_calls::of(const header& h, double now, guess_budget::share budget)
{
    const auto known = std::find_if(d_calls.begin(), d_calls.end(), [&](const entry& e) {
        return e.call.head() == h;
    });
    if (known != d_calls.end())
        return &known->call;
    if (budget.left() < d_keys.size())
        return nullptr;
    const auto date = static_cast<std::int64_t>(std::floor(now));
    for (const auto& key : d_keys) {
        if (!key->state.allows(key_use::receive, date))
            continue;
        budget.spend();
        if (auto session = receiving_session::accept(h, key->key))
            return &add(h, std::move(session), key);
    }
    return &add(h, std::nullopt, nullptr);
}

heard_call*
heard_calls::find(std::uint32_t number, const piece_octets& piece, double time)
{
    const auto it = std::find_if(d_calls.begin(), d_calls.end(), [&](const entry& e) {
        return e.kept && time - e.time < seconds &&
               header_piece(e.call.head(), number) == piece;
    });
    return it == d_calls.end() ? nullptr : &it->call;
}

heard_call&
heard_calls::add(const header& h, std::optional<receiving_session> s, key_ptr k)
{
    d_calls.push_back({ heard_call(h, std::move(s), std::move(k)) });
    return d_calls.back().call;
}

std::list<heard_calls::entry>::iterator heard_calls::place(const heard_call& call)
{
    return std::find_if(
        d_calls.begin(), d_calls.end(), [&](const entry& e) { return &e.call == &call; });
}

void heard_calls::played(const heard_call& call, double time)
{
    const auto it = place(call);
    it->kept = true;
    it->time = time;
    d_calls.splice(d_calls.begin(), d_calls, it);
    std::size_t kept = 0;
    for (auto& e : d_calls)
        e.kept = e.kept && ++kept <= most;
}

void heard_calls::over(const heard_call& call) { place(call)->kept = false; }

void heard_calls::drop(const std::function<bool(const heard_call&)>& is_brought,
                       const std::function<void(const heard_call&)>& last_look)
{
    for (auto it = d_calls.begin(); it != d_calls.end();) {
        if (it->kept || is_brought(it->call)) {
            ++it;
            continue;
        }
        last_look(it->call);
        it = d_calls.erase(it);
    }
}

void heard_calls::zeroize()
{
    clear();
    for (const auto& key : d_keys)
        key->key.wipe();
    d_keys.clear();
}

void heard_calls::for_each(const std::function<void(const heard_call&)>& f) const
{
    for (const auto& e : d_calls)
        f(e.call);
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/key_state.h"

#include <algorithm>
#include <cstdio>

namespace securevoice {

namespace {

constexpr std::int64_t day_seconds = 86400;
const std::string until = "receive until ";

} // namespace

bool key_state::allows(key_use use, std::int64_t now) const
{
    switch (d_phase) {
    case phase::send:
        return true;
    case phase::receive_until:
        return use == key_use::receive && day_of(now) <= d_last_day;
    case phase::revoked:
        return false;
    }
    return false;
}

std::string key_state::text() const
{
    switch (d_phase) {
    case phase::send:
        return "send";
    case phase::receive_until:
        return until + day_text(d_last_day);
    case phase::revoked:
        break;
    }
    return "revoked";
}

std::optional<key_state> key_state::from_text(const std::string& text)
{
    for (const auto& state : { key_state(), revoked() })
        if (text == state.text())
            return state;
    if (text.compare(0, until.size(), until) == 0)
        if (const auto day = day_from_text(text.substr(until.size())))
            return receive_until(*day);
    return std::nullopt;
}

std::optional<std::int64_t> day_from_text(const std::string& date)
{
    const std::string form = "dddd-dd-dd";
    const auto fits = [](char c, char f) {
        return f == 'd' ? c >= '0' && c <= '9' : c == f;
    };
    if (date.size() != form.size() ||
        !std::equal(date.begin(), date.end(), form.begin(), fits))
        return std::nullopt;
    std::tm parts{};
    parts.tm_year = std::stoi(date.substr(0, 4)) - 1900;
    parts.tm_mon = std::stoi(date.substr(5, 2)) - 1;
    parts.tm_mday = std::stoi(date.substr(8, 2));
    const std::int64_t time = timegm(&parts);
    // timegm makes the 3rd of March of a 31st of February.
    if (time < 0 || day_text(day_of(time)) != date)
        return std::nullopt;
    return day_of(time);
}

std::string day_text(std::int64_t day)
{
    const std::time_t time = day * day_seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[16];
    std::strftime(text, sizeof(text), "%Y-%m-%d", &parts);
    return text;
}

std::int64_t day_of(std::int64_t time)
{
    return time >= 0 ? time / day_seconds : (time - day_seconds + 1) / day_seconds;
}

} // namespace securevoice

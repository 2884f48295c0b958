/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "switch_plan.h"

#include "core/chain/call_receiver.h"
#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace securevoice::apps {

namespace {

[[noreturn]] void refuse(const std::string& entry)
{
    throw std::invalid_argument(
        "--switch takes T=clear, T=fm or T=secure with T in seconds, not '" + entry +
        "'");
}

std::optional<kind> kind_from_word(const std::string& word)
{
    for (const auto k : { kind::secure, kind::clear, kind::fm })
        if (word == kind_name(k))
            return k;
    return {};
}

std::string shortly(double seconds)
{
    std::ostringstream text;
    text << seconds;
    return text.str();
}

double seconds_of(const std::string& entry, const std::string& text)
{
    double seconds = -1;
    try {
        seconds = number_from_text(text, "");
    } catch (const std::invalid_argument&) {
        refuse(entry);
    }
    if (!(seconds >= 0 && seconds < 1e6))
        refuse(entry);
    return seconds;
}

} // namespace

switch_plan::switch_plan(const std::vector<std::string>& entries)
{
    for (const auto& entry : entries) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos)
            refuse(entry);
        const auto word = entry.substr(equals + 1);
        const auto k = kind_from_word(word);
        if (!k)
            refuse(entry);
        const auto position = static_cast<std::uint64_t>(
            std::llround(seconds_of(entry, entry.substr(0, equals)) *
                         static_cast<double>(speech_rate)));
        if (!d_entries.empty() && position <= d_entries.back().first)
            throw std::invalid_argument("the times of --switch must ascend: '" + entry +
                                        "' does not come after the one before it");
        d_entries.emplace_back(position, *k);
    }
}

bool switch_plan::has(kind k) const
{
    return std::any_of(
        d_entries.begin(), d_entries.end(), [k](const auto& e) { return e.second == k; });
}

void switch_plan::refuse_beyond(double seconds) const
{
    if (d_entries.empty())
        return;
    const auto last = static_cast<double>(d_entries.back().first) / speech_rate;
    if (last >= seconds)
        throw std::invalid_argument("--switch at " + shortly(last) +
                                    " s would never be made: the speech is " +
                                    shortly(seconds) + " s long");
}

bool switch_plan::due(std::uint64_t position) const
{
    return d_next < d_entries.size() && d_entries[d_next].first <= position;
}

std::uint64_t switch_plan::samples_left(std::uint64_t position) const
{
    return d_next < d_entries.size() ? d_entries[d_next].first - position
                                     : std::numeric_limits<std::uint64_t>::max();
}

} // namespace securevoice::apps

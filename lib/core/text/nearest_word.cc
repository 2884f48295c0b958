/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/text/nearest_word.h"

#include <algorithm>
#include <cctype>

namespace securevoice {

namespace {

using row = std::vector<std::size_t>;

// Letters replaced, added, left out, and neighbours exchanged (Damerau).
std::size_t mistakes(const std::string& a, const std::string& b)
{
    row before, last, now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        now[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = std::move(last);
        last = std::move(now);
        now = row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            now[j] =
                std::min({ last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0U : 1U) });
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
    }
    return now[b.size()];
}

std::string lower(std::string word)
{
    for (auto& c : word)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return word;
}

bool begins(const std::string& word, const std::string& start)
{
    return word.compare(0, start.size(), start) == 0;
}

} // namespace

std::optional<std::string> nearest_word(const std::string& as_typed,
                                        const std::vector<std::string>& words)
{
    const auto typed = lower(as_typed);
    if (typed.empty())
        return std::nullopt;
    std::vector<std::string> begun;
    std::copy_if(words.begin(),
                 words.end(),
                 std::back_inserter(begun),
                 [&](const auto& w) { return begins(lower(w), typed); });
    if (begun.size() == 1)
        return begun.front();
    std::optional<std::string> found;
    // Longer words are compared with nothing: their table would be large.
    auto least = typed.size() > 64 ? 0 : std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const auto& word : words) {
        const auto count = least == 0 ? 0 : mistakes(typed, lower(word));
        if (count < least) {
            least = count;
            found = word;
        }
    }
    return found;
}

} // namespace securevoice

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/receiver_status.h"
#include "core/keys/key_file.h"
#include "core/keys/key_state.h"
#include "core/protocol/mode.h"
#include "fuzz_input.h"
#include "switch_plan.h"

#include <algorithm>
#include <stdexcept>

/* The short texts: states and dates of keys, names of codecs and profiles, plans of
 * switches. */

using namespace securevoice;
using fuzz::check;

namespace {

void state(const std::string& text)
{
    if (const auto parsed = key_state::from_text(text)) {
        check(parsed->text() == text, "a state has one text");
        if (parsed->what() == key_state::phase::revoked)
            check(!parsed->allows(key_use::receive, 0), "a revoked key is not used");
        if (parsed->what() != key_state::phase::send)
            check(!parsed->allows(key_use::send, 0),
                  "only a key to send with is sent with");
        if (parsed->what() == key_state::phase::receive_until) {
            const auto end = (parsed->last_day() + 1) * 86400;
            check(parsed->allows(key_use::receive, end - 1) &&
                      !parsed->allows(key_use::receive, end),
                  "a key is heard until the end of its last day");
        }
    }
    if (const auto day = day_from_text(text)) {
        check(*day >= 0 && *day <= 2932896, "a day is one of the years 1970 to 9999");
        check(day_text(*day) == text, "a day has one text");
        check(day_of(*day * 86400) == *day && day_of(*day * 86400 + 86399) == *day,
              "a day lasts 86400 s");
    }
}

void names(const std::string& text)
{
    if (is_key_name(text))
        check(!text.empty() && text.size() <= 64 && text.find('/') == std::string::npos &&
                  text[0] != '.' && text[0] != '-',
              "a key's name is a file's name");
    try {
        check(codec_name(codec_from_name(text)) == text, "a codec has one name");
    } catch (const std::invalid_argument&) {
        const auto& all = codec_names();
        check(std::find(all.begin(), all.end(), text) == all.end(),
              "every codec is found");
    }
    try {
        check(profile_name(profile_from_name(text)) == text, "a profile has one name");
    } catch (const std::invalid_argument&) {
    }
}

void plan(const std::string& text)
{
    std::vector<std::string> entries(1);
    for (const char c : text) {
        if (c == '\n')
            entries.emplace_back();
        else
            entries.back() += c;
    }
    try {
        apps::switch_plan made(entries);
        std::uint64_t position = 0;
        for (std::size_t n = 0; n < entries.size(); ++n) {
            if (!made.due(position)) {
                const auto left = made.samples_left(position);
                check(left >= 1 && !made.due(position + left - 1),
                      "a switch is not early");
                position += left;
            }
            check(made.due(position), "a switch becomes due at its time");
            const auto k = made.take();
            check(made.has(k), "a switch that is taken is one of the plan's");
            const auto word = std::string("=") + kind_name(k);
            check(entries[n].size() > word.size() &&
                      entries[n].compare(
                          entries[n].size() - word.size(), word.size(), word) == 0,
                  "a switch is to what its entry says");
        }
        check(!made.due(UINT64_MAX), "all switches were taken");
    } catch (const std::invalid_argument&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input in(data, size);
    const auto text = in.text(256);
    state(text);
    names(text);
    plan(text);
    return 0;
}

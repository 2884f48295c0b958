/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "numbers.h"

#include "core/text/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace securevoice::apps {

namespace {

bool begins(const std::string& text, const std::string& start)
{
    return text.compare(0, start.size(), start) == 0;
}

// What CLI11 itself reads: a plain decimal number.
std::string plain(const std::string& text, const std::string& what)
{
    return fmt::format("{}", number_from_text(text, what));
}

std::string plain_whole(const std::string& text, const std::string& what, bool negative)
{
    // All 64 bits of a seed, which a double does not hold.
    const auto digits = [](char c) { return c >= '0' && c <= '9'; };
    if (!text.empty() && std::all_of(text.begin(), text.end(), digits)) {
        std::uint64_t value = 0; // CLI11 takes the largest one for what is larger
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc())
            throw std::invalid_argument(
                what + " is a whole number up to 2^64 - 1, not '" + text + "'");
        return text;
    }
    const auto value = whole_number_from_text(text, what);
    if (value < 0 && !negative)
        throw std::invalid_argument(what + " is a whole number from 0 upwards, not '" +
                                    text + "'");
    return std::to_string(value);
}

void teach(CLI::Option& option)
{
    const auto type = option.get_type_name();
    const auto name = option.get_name();
    const bool whole = begins(type, "INT"), natural = begins(type, "UINT");
    if (!whole && !natural && !begins(type, "FLOAT"))
        return;
    option.transform(CLI::Validator(
        [=](std::string& text) {
            // Thrown, not returned: CLI11 would put the name before the sentence once more.
            text = whole || natural ? plain_whole(text, name, whole) : plain(text, name);
            return std::string();
        },
        ""));
}

} // namespace

void teach_numbers(CLI::App& command)
{
    for (auto* option : command.get_options())
        teach(*option);
    for (auto* sub : command.get_subcommands([](CLI::App*) { return true; }))
        teach_numbers(*sub);
}

CLI::Option* add_numbers(CLI::App& parser,
                         const std::string& option,
                         std::vector<double>& numbers,
                         const std::string& help)
{
    const auto take = [&numbers, option](const std::vector<std::string>& parts) {
        numbers.clear();
        for (const auto& part : parts) {
            const auto more = numbers_from_text(part, option);
            numbers.insert(numbers.end(), more.begin(), more.end());
        }
    };
    return parser
        .add_option_function<std::vector<std::string>>(
            option, take, help + ": with commas, or FIRST:LAST:STEP")
        ->type_name("NUMBERS");
}

} // namespace securevoice::apps

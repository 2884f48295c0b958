/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_text.h"
#include "core/keys/key_error.h"
#include "core/keys/key_file.h"
#include "fuzz_input.h"

#include <sodium.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

/* Any text as a key file's. */

using namespace securevoice;
using fuzz::check;

namespace {

secret_memory memory_of(const std::string& text)
{
    secret_memory memory(std::max<std::size_t>(text.size(), 1));
    std::copy(text.begin(), text.end(), memory.data());
    return memory;
}

std::string lower(std::string text)
{
    for (auto& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/* Ten hexadecimal digits in a row could be a key's; the numbers of a sealed file's cost
 * have up to nine. */
bool shares_digits(const std::string& text, const std::string& message)
{
    constexpr std::size_t run = 10;
    for (std::size_t n = 0; n + run <= text.size(); ++n) {
        const auto part = text.substr(n, run);
        if (std::all_of(part.begin(),
                        part.end(),
                        [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
            message.find(part) != std::string::npos)
            return true;
    }
    return false;
}

void check_plain(const std::string& text, const detail::key_text& parsed)
{
    check(!sodium_is_zero(parsed.plain->data(), secret_key::size), "no key is zero");
    const auto made = detail::make_key_text(*parsed.plain, parsed.state);
    const std::string again(reinterpret_cast<const char*>(made.data()), made.size());
    const auto reparsed = detail::parse_key_text(made, made.size(), "path");
    check(reparsed.plain && reparsed.plain->same(*parsed.plain) &&
              reparsed.state == parsed.state,
          "a key that is written is read again");
    // A key to send with is written as version 1, also if it came in version 2.
    const std::string version_2 = "gr-securevoice key 2\nstate: send\n";
    const auto canonical = text.compare(0, version_2.size(), version_2) == 0
                               ? "gr-securevoice key 1\n" + text.substr(version_2.size())
                               : text;
    check(lower(canonical) == again, "one key has one text");
}

void check_sealed(const std::string& text, const detail::key_text& parsed)
{
    const auto& sealed = *parsed.sealed;
    check(is_key_name(sealed.name), "a sealed key has a name that can be one");
    check(sealed.cost.passes >= least_cost.passes &&
              sealed.cost.passes <= most_cost.passes &&
              sealed.cost.memory_kib >= least_cost.memory_kib &&
              sealed.cost.memory_kib <= most_cost.memory_kib,
          "the cost is within bounds");
    char hex[2 * sizeof(sealed.box) + 1];
    sodium_bin2hex(hex, sizeof(hex), sealed.box.data(), sealed.box.size());
    check(parsed.bound + "sealed: " + hex + "\n" == text,
          "the seal covers all of the text but its last line, and that line is the box");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    start_crypto();
    const std::string text(reinterpret_cast<const char*>(data),
                           std::min(size, detail::max_key_text));
    const auto memory = memory_of(text);
    try {
        const auto parsed = detail::parse_key_text(memory, text.size(), "path");
        check(parsed.plain.has_value() != parsed.sealed.has_value(),
              "a key file holds a key, plain or sealed");
        if (parsed.plain)
            check_plain(text, parsed);
        else
            check_sealed(text, parsed);
    } catch (const key_error& refused) {
        check(!shares_digits(text, refused.what()), "no message repeats a key");
    }
    return 0;
}

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_text.h"
#include "core/keys/key_error.h"
#include "core/keys/key_transfer.h"
#include "fuzz_input.h"
#include "memory_file.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

/* Any octets as a key that is handed over: from standard input, from a file of any name,
 * as a keyring's file. */

using namespace securevoice;
using fuzz::check;

namespace {

/* Checking a passphrase costs what the file says, up to a gigabyte: only the cheapest
 * ones are tried. */
passphrase_source cheap_only(const std::string& text, bool& asked)
{
    // Its cost stands there once, and in no other form.
    std::string lower;
    for (const char c : text)
        lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool plain = std::all_of(lower.begin(), lower.end(), [](char c) {
        return c != '=' && c != '\0' && static_cast<unsigned char>(c) < 0x80;
    });
    const auto again = lower.find("memory", lower.find("memory") + 1);
    const bool cheap = plain && again == std::string::npos &&
                       text.find("\npasses: 1\nmemory: 8192\n") != std::string::npos;
    return [cheap, &asked](const std::string& name, passphrase_for use) {
        asked = true;
        check(is_key_name(name), "it asks for the passphrase of a key that has a name");
        check(use == passphrase_for::opening, "it asks for opening");
        if (!cheap)
            throw key_error("not tried");
        passphrase typed;
        for (const char c : std::string("only for fuzzing"))
            typed.append(static_cast<std::uint8_t>(c));
        return typed;
    };
}

void check_key(const key_ptr& key)
{
    check(key != nullptr, "there is a key");
    check(!key->key.wiped() && !sodium_is_zero(key->key.data(), secret_key::size),
          "no key is zero");
    check(key->name.empty() || is_key_name(key->name), "a name is one that can be");
    const auto text = key_file_text(*key, {});
    const auto again = detail::parse_key_text(text, text.size(), "path");
    check(again.plain && again.plain->same(key->key) && again.state == key->state,
          "a key that is handed over is received again");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    start_crypto();
    fuzz::input in(data, size);
    const auto how = in.octet();
    const auto octets = in.text(8192);
    bool asked = false;
    const auto ask = how & 4 ? passphrase_source{} : cheap_only(octets, asked);
    try {
        if ((how & 3) == 0) {
            static const fuzz::memory_file standard_input;
            standard_input.write(octets);
            check(dup2(standard_input.descriptor(), STDIN_FILENO) == STDIN_FILENO,
                  "standard input can be replaced");
            const auto key = receive_key("-", ask);
            check_key(key);
        } else {
            static const fuzz::memory_folder folder;
            const auto path = folder.path() + "/friends.key";
            folder.write("friends.key", octets);
            check(chmod(path.c_str(), how & 8 ? 0644 : 0600) == 0, "the mode can be set");
            const auto key =
                (how & 3) == 1 ? receive_key(path, ask) : read_key_file(path, ask);
            check_key(key);
            check(octets.size() <= detail::max_key_text || (how & 3) == 1,
                  "a key file in a keyring has at most 4096 octets");
            if (how & 8)
                check((how & 3) == 1 && asked,
                      "a plain key that others can read is refused");
            if ((how & 3) != 1) {
                check(key->name == "friends", "a key's name is its file's");
                const auto entry = look_at_key_file(path);
                check(entry.name == key->name && entry.state == key->state,
                      "what is seen without the passphrase is what it holds");
            }
        }
    } catch (const key_error& refused) {
        check(std::strlen(refused.what()) > 0, "a refusal says why");
    }
    return 0;
}

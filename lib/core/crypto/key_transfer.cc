/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/key_storage.h"
#include "core/crypto/detail/key_text.h"
#include "core/crypto/key_transfer.h"

#include <sodium.h>
#include <unistd.h>

#include <string_view>
#include <algorithm>
#include <optional>

namespace securevoice {

namespace {

bool is_space(std::uint8_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What lies between white space at both ends.
std::string_view trimmed(const detail::stored_text& stored)
{
    const auto* first = stored.octets.data();
    const auto* last = first + stored.count;
    while (first != last && is_space(*first))
        ++first;
    while (first != last && is_space(last[-1]))
        --last;
    return { reinterpret_cast<const char*>(first),
             static_cast<std::size_t>(last - first) };
}

std::optional<secret_key> from_hex(std::string_view text)
{
    secret_memory octets(secret_key::size);
    std::size_t made = 0;
    if (text.size() != 2 * octets.size() ||
        sodium_hex2bin(octets.data(),
                       octets.size(),
                       text.data(),
                       text.size(),
                       nullptr,
                       &made,
                       nullptr) != 0 ||
        made != octets.size())
        return std::nullopt;
    return secret_key::take(octets.data(), octets.size());
}

std::optional<secret_key> from_base64(std::string_view text)
{
    secret_memory octets(secret_key::size);
    for (const int variant : { sodium_base64_VARIANT_ORIGINAL,
                               sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                               sodium_base64_VARIANT_URLSAFE,
                               sodium_base64_VARIANT_URLSAFE_NO_PADDING }) {
        std::size_t made = 0;
        if (sodium_base642bin(octets.data(),
                              octets.size(),
                              text.data(),
                              text.size(),
                              nullptr,
                              &made,
                              nullptr,
                              variant) == 0 &&
            made == octets.size())
            return secret_key::take(octets.data(), octets.size());
    }
    return std::nullopt;
}

// Line ends as key files have them.
void mend_lines(detail::stored_text& stored)
{
    auto* const first = stored.octets.data();
    auto* last = std::remove(first, first + stored.count, '\r');
    if (last != first && last[-1] != '\n' && last != first + stored.octets.size())
        *last++ = '\n';
    stored.count = static_cast<std::size_t>(last - first);
}

std::string file_name_of(const std::string& path)
{
    auto name = path.substr(path.rfind('/') + 1);
    if (const auto end = name.rfind(".key");
        end != std::string::npos && end + 4 == name.size())
        name.resize(end);
    return is_key_name(name) ? name : "";
}

named_key parse(detail::stored_text& stored,
                const std::string& path,
                std::string name,
                const passphrase_source& ask)
{
    const auto bare = trimmed(stored);
    try {
        auto octets = from_hex(bare);
        if (!octets)
            octets = from_base64(bare);
        if (octets)
            return { std::move(name), std::move(*octets), key_state() };
    } catch (const std::invalid_argument&) {
        throw key_error("'" + path +
                        "' holds a key of zeros, which protects nothing: ask "
                        "for another one");
    }
    if (bare.find("gr-securevoice") == std::string_view::npos)
        throw key_error(
            "'" + path +
            "' holds no key: expected a key file of "
            "gr-securevoice, or 32 octets as 64 hexadecimal digits or as base64");
    mend_lines(stored);
    auto text = detail::parse_key_text(stored.octets, stored.count, path);
    if (text.plain)
        return { std::move(name), std::move(*text.plain), text.state };
    name = text.sealed->name;
    if (!ask)
        throw key_error("key '" + name +
                        "' is sealed by a passphrase, which nobody can be "
                        "asked for here: run this in a terminal");
    auto key = detail::unseal_key(
        *text.sealed, text.bound, ask(name, passphrase_for::opening), path);
    return { std::move(name), std::move(key), text.state };
}

bool is_sealed(const detail::stored_text& stored)
{
    const std::string_view text(reinterpret_cast<const char*>(stored.octets.data()),
                                stored.count);
    return text.find("\nsealed: ") != std::string_view::npos;
}

} // namespace

key_ptr receive_key(const std::string& path, const passphrase_source& ask)
{
    if (path == "-") {
        auto stored = detail::read_stream(STDIN_FILENO, "standard input");
        return std::make_shared<named_key>(parse(stored, "standard input", "", ask));
    }
    auto stored = detail::read_text(path, false);
    // A sealed one is meant to travel by any way.
    if (!stored.is_private && !is_sealed(stored))
        stored = detail::read_text(path, true);
    return std::make_shared<named_key>(parse(stored, path, file_name_of(path), ask));
}

secret_memory key_file_text(const named_key& key, const key_seal& seal)
{
    return seal.secret ? detail::make_sealed_text(
                             key.name, key.key, key.state, *seal.secret, seal.cost)
                       : detail::make_key_text(key.key, key.state);
}

void hand_over_key(const std::string& path, const named_key& key, const key_seal& seal)
{
    const auto text = key_file_text(key, seal);
    if (path == "-")
        detail::write_stream(STDOUT_FILENO, text, "standard output");
    else
        detail::write_new_text(path, text);
}

std::string destroy_key_file(const std::string& path)
{
    switch (detail::overwrite_and_remove(path)) {
    case detail::medium::copies:
        return "This file system writes to new places: the old octets stay until it "
               "reuses "
               "them, and in its snapshots.";
    case detail::medium::memory:
        return "The file was in memory only; if that was swapped out, it may be on the "
               "swap "
               "device.";
    case detail::medium::other_computer:
        return "The file was on another computer, or behind a program that keeps it: "
               "what is "
               "left there cannot be seen from here.";
    case detail::medium::in_place:
        break;
    }
    return "The file system wrote over the old octets; flash memory (SSD, SD card, USB "
           "stick) "
           "may keep them in cells that it no longer shows, and a journal or a snapshot "
           "may "
           "too.";
}

} // namespace securevoice

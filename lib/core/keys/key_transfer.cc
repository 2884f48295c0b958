/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_storage.h"
#include "core/keys/detail/key_text.h"
#include "core/keys/detail/transfer_text.h"
#include "core/keys/key_transfer.h"
#include "core/keys/terminal.h"

#include <sodium.h>
#include <unistd.h>

#include <string_view>
#include <algorithm>
#include <optional>

namespace securevoice {

namespace {

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

// The file's name, which FAT may have in capitals.
std::string file_name_of(const std::string& path)
{
    auto name = path.substr(path.rfind('/') + 1);
    if (has_key_ending(name))
        name.resize(name.size() - key_ending.size());
    return is_key_name(name) ? name : "";
}

std::optional<secret_key> from_digits(const detail::bare_text& bare)
{
    const std::string_view text(reinterpret_cast<const char*>(bare.octets.data()),
                                bare.count);
    auto key = from_hex(text);
    return key ? std::move(key) : from_base64(text);
}

// Of one that stands there as digits alone.
std::optional<secret_key> bare_key(const detail::stored_text& received,
                                   const std::string& source)
{
    try {
        auto key = from_digits(detail::bare_digits(received));
        return key ? std::move(key)
                   : from_digits(
                         detail::bare_digits(detail::without_quoted_printable(received)));
    } catch (const std::invalid_argument&) {
        throw key_error("'" + source +
                        "' holds a key of zeros, which protects nothing: ask "
                        "for another one");
    }
}

named_key parse(const detail::stored_text& received,
                const std::optional<detail::stored_text>& file,
                const std::string& source,
                std::string name,
                const passphrase_source& ask)
{
    if (!file) {
        auto key = bare_key(received, source);
        if (!key)
            throw key_error(
                "'" + source +
                "' holds no key: expected a key file of gr-securevoice, or 32 octets as "
                "64 hexadecimal digits or as base64 and nothing else");
        return { std::move(name), std::move(*key), key_state() };
    }
    auto text = detail::parse_key_text(file->octets, file->count, source);
    if (text.plain)
        return { std::move(name), std::move(*text.plain), text.state };
    name = text.sealed->name;
    if (!ask)
        throw key_error("key '" + name +
                        "' is sealed by a passphrase, which nobody can be "
                        "asked for here: run this in a terminal");
    auto key = detail::unseal_key(
        *text.sealed, text.bound, ask(name, passphrase_for::opening), source);
    return { std::move(name), std::move(key), text.state };
}

// Typed or pasted at a terminal it is not shown.
detail::stored_text read_input(const std::string& source)
{
    if (!::isatty(STDIN_FILENO))
        return detail::read_stream(STDIN_FILENO, source, detail::max_transfer_text);
    terminal user("the key is to be typed");
    return user.read_hidden_text("Paste or type the key, it is not shown; then Enter and "
                                 "Ctrl-D: ",
                                 detail::max_transfer_text);
}

bool is_sealed(const detail::stored_text& file)
{
    const std::string_view text(reinterpret_cast<const char*>(file.octets.data()),
                                file.count);
    // By its name, too, which no plain one has: it may be cut off.
    return text.find("\nname: ") != std::string_view::npos ||
           text.find("\nsealed: ") != std::string_view::npos;
}

} // namespace

key_ptr receive_key(const std::string& path, const passphrase_source& ask)
{
    const bool from_input = path == "-";
    const auto source = from_input ? "standard input" : path;
    const auto received = from_input
                              ? read_input(source)
                              : detail::read_text(path, false, detail::max_transfer_text);
    const auto file = detail::key_file_in(received, source);
    // A sealed one is meant to travel by any way.
    if (!received.is_private && !(file && is_sealed(*file)))
        detail::read_text(path, true, detail::max_transfer_text); // says what is wrong
    return std::make_shared<named_key>(
        parse(received, file, source, from_input ? "" : file_name_of(path), ask));
}

secret_memory key_file_text(const named_key& key, const key_seal& seal)
{
    return seal.secret ? detail::make_sealed_text(
                             key.name, key.key, key.state, *seal.secret, seal.cost)
                       : detail::make_key_text(key.key, key.state);
}

bool holds_key(const std::string& path)
{
    try {
        const auto received = detail::read_text(path, false, detail::max_transfer_text);
        return detail::key_file_in(received, path) || bare_key(received, path);
    } catch (const key_error&) {
        return false; // it cannot be read, or is damaged
    }
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

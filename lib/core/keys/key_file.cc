/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_storage.h"
#include "core/keys/detail/key_text.h"
#include "core/keys/key_file.h"
#include "core/keys/key_transfer.h"
#include "core/text/program_name.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace securevoice {

namespace {

std::string name_from_path(const std::string& path)
{
    auto name = path.substr(path.rfind('/') + 1);
    if (has_key_ending(name))
        name.resize(name.size() - key_ending.size());
    if (!is_key_name(name))
        throw key_error("the name of key file '" + path +
                        "' cannot be a key's name: rename it to " + key_name_rule);
    return name;
}

struct key_content {
    std::string name;
    detail::key_text text;
};

key_content content_of(const std::string& path)
{
    auto name = name_from_path(path);
    const auto stored = detail::read_text(path, true, detail::max_key_text);
    auto text = detail::parse_key_text(stored.octets, stored.count, path);
    // Else two sealed files could change places, and a group's name would stand before
    // another group's key.
    if (text.sealed && text.sealed->name != name)
        throw key_error("key file '" + path + "' was sealed as key '" +
                        text.sealed->name +
                        "': give it that name again, or import it "
                        "with " +
                        quoted_command("keys import FILE"));
    return { std::move(name), std::move(text) };
}

secret_memory text_of(const std::string& path, const named_key& key, const key_seal& seal)
{
    // A file that could not be read again is not written.
    if (name_from_path(path) != key.name && seal.secret)
        throw key_error("key '" + key.name + "' cannot be sealed in a file '" + path +
                        "': name the file " + key.name + key_ending);
    return key_file_text(key, seal);
}

} // namespace

bool same_but_capitals(const std::string& one, const std::string& other)
{
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(
        one.begin(), one.end(), other.begin(), other.end(), [lower](char a, char b) {
            return lower(a) == lower(b);
        });
}

bool has_key_ending(const std::string& name)
{
    return name.size() >= key_ending.size() &&
           same_but_capitals(name.substr(name.size() - key_ending.size()), key_ending);
}

bool is_key_name(const std::string& name)
{
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != '-' &&
           !has_key_ending(name) && std::all_of(name.begin(), name.end(), allowed);
}

key_entry look_at_key_file(const std::string& path)
{
    const auto content = content_of(path);
    return { content.name, content.text.state, content.text.sealed.has_value() };
}

key_ptr read_key_file(const std::string& path, const passphrase_source& ask)
{
    auto [name, text] = content_of(path);
    if (text.sealed) {
        if (!ask)
            throw key_error("key '" + name +
                            "' is sealed by a passphrase, which nobody "
                            "can be asked for here: run this in a terminal");
        text.plain = detail::unseal_key(
            *text.sealed, text.bound, ask(name, passphrase_for::opening), path);
    }
    return std::make_shared<named_key>(
        named_key{ std::move(name), std::move(*text.plain), text.state });
}

void write_key_file(const std::string& path, const secret_key& key)
{
    name_from_path(path); // a file that could not be read again is not written
    detail::write_new_text(path, detail::make_key_text(key, key_state()));
}

void write_key_file(const std::string& path, const named_key& key, const key_seal& seal)
{
    detail::write_new_text(path, text_of(path, key, seal));
}

void replace_key_file(const std::string& path, const named_key& key, const key_seal& seal)
{
    detail::replace_text(path, text_of(path, key, seal));
}

void check_use(const std::string& name,
               const key_state& state,
               key_use use,
               std::int64_t now)
{
    if (state.allows(use, now))
        return;
    const bool revoked = state.what() == key_state::phase::revoked;
    if (use == key_use::send)
        throw key_error("there is no key to send with: '" + name +
                        (revoked ? "' is revoked"
                                 : "' is for receiving only (" + state.text() + ")") +
                        "; choose another key, " + quoted_command("keys list") +
                        " shows them with their states");
    throw key_error("nothing can be received with key '" + name + "': " +
                    (revoked ? "it is revoked"
                             : "it was for receiving until " +
                                   day_text(state.last_day()) + " (UTC)") +
                    "; ask your group for the key that replaced it");
}

bool is_key_path(const std::string& name_or_path)
{
    return name_or_path.find('/') != std::string::npos || has_key_ending(name_or_path);
}

key_ptr load_key(const std::string& name_or_path,
                 const std::string& keyring_folder,
                 key_use use,
                 const passphrase_source& ask)
{
    if (!is_key_path(name_or_path))
        return keyring(keyring_folder).load(name_or_path, use, ask);
    const auto now = std::time(nullptr);
    const auto entry = look_at_key_file(name_or_path);
    check_use(entry.name, entry.state, use, now);
    auto key = read_key_file(name_or_path, ask);
    check_use(key->name, key->state, use, now);
    return key;
}

} // namespace securevoice

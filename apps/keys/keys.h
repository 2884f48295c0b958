/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "commands.h"

#include "core/keys/key_file.h"
#include "core/text/program_name.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

/*! `securevoice keys ...`: each command says what it did and what to do next. */
namespace securevoice::apps {

command add_keys_new(CLI::App& keys);
command add_keys_list(CLI::App& keys);
command add_keys_show(CLI::App& keys);
command add_keys_fingerprint(CLI::App& keys);
command add_keys_import(CLI::App& keys);
command add_keys_export(CLI::App& keys);
command add_keys_passphrase(CLI::App& keys);
command add_keys_roll(CLI::App& keys);
command add_keys_revoke(CLI::App& keys);
command add_keys_destroy(CLI::App& keys);

/*! Which key a command is about, and who knows its passphrase. */
struct key_choice {
    std::string name;
    std::string keyring;
    int passphrase_fd = -1;
};
void add_choice(CLI::App& parser, key_choice& choice, const char* what_name_is);

/*! A key with the passphrase that its file was opened with, to seal it again. */
struct opened_key {
    key_ptr key;
    std::optional<passphrase> secret;

    key_seal seal() const { return { secret ? &*secret : nullptr }; }
};
/*! From the keyring, whatever the key's state. \throws key_error */
opened_key open_key(const key_choice& choice);
/*! The same with a reader of its own. */
opened_key open_key(const passphrase_source& ask,
                    const std::function<key_ptr(const passphrase_source&)>& read);

/*! \throws std::invalid_argument */
void check_name(const std::string& name);
/*! "ABCDEFGH (four words)" */
std::string fingerprint_of(const named_key& key);

/*! A sentence for the user. */
template <typename... Values>
void say(fmt::format_string<Values...> form, Values&&... values)
{
    fmt::print("{}\n", fmt::format(form, std::forward<Values>(values)...));
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "call_options.h"
#include "keys/keys.h"

#include "core/keys/fingerprint_words.h"

#include <algorithm>
#include <stdexcept>

namespace securevoice::apps {

void add_choice(CLI::App& parser, key_choice& choice, const char* what_name_is)
{
    parser.add_option("NAME", choice.name, what_name_is)->required();
    add_keyring(parser, choice.keyring);
    add_passphrase_fd(parser, choice.passphrase_fd);
}

opened_key open_key(const key_choice& choice)
{
    return open_key(passphrases_from(choice.passphrase_fd), [&choice](const auto& ask) {
        return keyring(choice.keyring).read(choice.name, ask);
    });
}

opened_key open_key(const passphrase_source& ask,
                    const std::function<key_ptr(const passphrase_source&)>& read)
{
    opened_key opened;
    opened.key = read([&](const std::string& name, passphrase_for use) {
        auto secret = ask(name, use);
        opened.secret = secret.copy();
        return secret;
    });
    return opened;
}

void check_name(const std::string& name)
{
    if (!is_key_name(name))
        throw std::invalid_argument(std::string("that is no name for a key: use ") +
                                    key_name_rule);
}

std::string fingerprint_of(const named_key& key)
{
    const auto letters = key.key.fingerprint();
    return letters + " (" + fingerprint_words(letters) + ")";
}

} // namespace securevoice::apps

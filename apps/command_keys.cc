/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys new|list|fingerprint

#include "call_options.h"
#include "commands.h"

#include "core/crypto/key_file.h"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace securevoice::apps {

namespace {

struct key_options {
    std::string name;
    std::string keyring;
};

void check_name(const std::string& name)
{
    if (!is_key_name(name))
        throw std::invalid_argument(
            "that is no name for a key: use 1 to 64 letters, digits, "
            "'.', '_' and '-', a letter or digit first");
}

int make(const key_options& o)
{
    check_name(o.name);
    const keyring ring(o.keyring);
    const auto key = ring.create(o.name);
    fmt::print("{}  {}  {}\n", o.name, key->key.fingerprint(), ring.path_of(o.name));
    return 0;
}

// Lists what can be used; a file that cannot is named with the reason, and the exit code tells.
int list(const key_options& o)
{
    const keyring ring(o.keyring);
    int code = 0;
    for (const auto& name : ring.names())
        try {
            fmt::print("{}  {}\n", name, ring.load(name)->key.fingerprint());
        } catch (const key_error& e) {
            fmt::print(stderr, "securevoice: {}\n", e.what());
            code = environment_failed;
        }
    return code;
}

int fingerprint(const key_options& o)
{
    fmt::print("{}\n", load_key(o.name, o.keyring)->key.fingerprint());
    return 0;
}

} // namespace

std::vector<command> add_keys(CLI::App& program)
{
    auto* keys = program.add_subcommand("keys", "make and name traffic keys");
    keys->require_subcommand(1);
    const auto o = std::make_shared<key_options>();

    auto* new_key = keys->add_subcommand("new", "make a new random key, mode 0600");
    new_key->add_option("NAME", o->name, "its name in the keyring")->required();
    auto* list_keys = keys->add_subcommand("list", "names and fingerprints of all keys");
    auto* print = keys->add_subcommand(
        "fingerprint", "eight letters for people to compare; they reveal nothing");
    print->add_option("NAME", o->name, "name in the keyring, or a path")->required();
    for (auto* parser : { new_key, list_keys, print })
        add_keyring(*parser, o->keyring);

    return { { new_key, [o] { return make(*o); } },
             { list_keys, [o] { return list(*o); } },
             { print, [o] { return fingerprint(*o); } } };
}

} // namespace securevoice::apps

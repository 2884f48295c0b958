/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys list, show, fingerprint

#include "call_options.h"
#include "keys/keys.h"

#include "core/keys/fingerprint_words.h"

#include <algorithm>
#include <ctime>
#include <memory>

namespace securevoice::apps {

namespace {

std::string state_now(const key_state& state)
{
    if (state.what() != key_state::phase::receive_until)
        return state.text();
    const auto left = state.last_day() - day_of(std::time(nullptr));
    if (left < 0)
        return state.text() + " (over)";
    return state.text() + (left == 0 ? " (today)" : fmt::format(" ({} more days)", left));
}

const char* use_now(const key_state& state)
{
    const auto now = std::time(nullptr);
    if (state.allows(key_use::send, now))
        return "sending and receiving";
    return state.allows(key_use::receive, now) ? "receiving only" : "nothing";
}

struct list_options {
    std::string keyring;
    bool names = false;
};

// Lists what can be used; a file that cannot is named with the reason, and the exit code tells.
int list(const list_options& o)
{
    const keyring ring(o.keyring);
    const auto names = ring.names();
    if (o.names) {
        for (const auto& name : names)
            fmt::print("{}\n", name);
        return 0;
    }
    std::size_t width = 0;
    for (const auto& name : names)
        width = std::max(width, name.size());
    int code = 0;
    for (const auto& name : names)
        try {
            const auto entry = ring.look(name);
            fmt::print("{:<{}}  {}  {}\n",
                       name,
                       width,
                       entry.sealed ? "(sealed)" : ring.read(name)->key.fingerprint(),
                       state_now(entry.state));
        } catch (const key_error& e) {
            tell(e.what());
            code = environment_failed;
        }
    if (names.empty())
        tell_line(fmt::format("There is no key in {}: {} makes one.",
                              ring.folder(),
                              quoted_command("keys new NAME")));
    return code;
}

int show(const key_choice& choice)
{
    const keyring ring(choice.keyring);
    const bool is_path = is_key_path(choice.name);
    const auto entry = is_path ? look_at_key_file(choice.name) : ring.look(choice.name);
    const auto line = [](const char* what, const std::string& value) {
        fmt::print("{:<12} {}\n", what, value);
    };
    line("name", entry.name);
    line("file", is_path ? choice.name : ring.path_of(entry.name));
    line("state", state_now(entry.state));
    line("good for", use_now(entry.state));
    line("passphrase", entry.sealed ? "yes" : "no");
    if (entry.sealed) {
        line("fingerprint",
             "not shown while sealed: " +
                 quoted_command("keys fingerprint " + choice.name));
        return 0;
    }
    const auto key = is_path ? read_key_file(choice.name) : ring.read(choice.name);
    line("fingerprint", fingerprint_of(*key));
    if (key->state == key_state())
        say("Next: {} seals it.", quoted_command("keys passphrase " + choice.name));
    return 0;
}

struct fingerprint_options {
    key_choice choice;
    bool words = false;
};

int fingerprint(const fingerprint_options& o)
{
    const auto& name = o.choice.name;
    const auto ask = passphrases_from(o.choice.passphrase_fd);
    const auto key = is_key_path(name) ? read_key_file(name, ask)
                                       : keyring(o.choice.keyring).read(name, ask);
    const auto letters = key->key.fingerprint();
    fmt::print("{}\n", o.words ? fingerprint_words(letters) : letters);
    return 0;
}

} // namespace

command add_keys_list(CLI::App& keys)
{
    auto* parser =
        keys.add_subcommand("list", "names, fingerprints and states of all keys");
    const auto o = std::make_shared<list_options>();
    parser->add_flag("--names", o->names, "names only, one a line");
    add_keyring(*parser, o->keyring);
    return { parser, [o] { return list(*o); } };
}

command add_keys_show(CLI::App& keys)
{
    auto* parser = keys.add_subcommand("show", "all about one key, but its octets");
    const auto o = std::make_shared<key_choice>();
    parser->add_option("NAME", o->name, "name in the keyring, or a path")->required();
    add_keyring(*parser, o->keyring);
    return { parser, [o] { return show(*o); } };
}

command add_keys_fingerprint(CLI::App& keys)
{
    auto* parser = keys.add_subcommand(
        "fingerprint", "eight letters for people to compare; they reveal nothing");
    const auto o = std::make_shared<fingerprint_options>();
    add_choice(*parser, o->choice, "name in the keyring, or a path");
    parser->add_flag("--words", o->words, "the same as four words");
    return { parser, [o] { return fingerprint(*o); } };
}

} // namespace securevoice::apps

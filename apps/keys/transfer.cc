/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys import, export

#include "call_options.h"
#include "keys/keys.h"
#include "keys/qr_code.h"

#include "core/keys/key_transfer.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace securevoice::apps {

namespace {

// A file that no name in the keyring is taken for.
std::string as_path(const std::string& file)
{
    return file.find('/') == std::string::npos ? "./" + file : file;
}

struct import_options {
    std::string file;
    std::string name;
    std::string keyring;
    bool sealed = false;
    int passphrase_fd = -1;
};

// A sealed key cannot be compared with what comes.
bool may_hold_it(const keyring& ring, const std::string& name)
{
    const auto all = ring.names();
    return std::find(all.begin(), all.end(), name) != all.end() &&
           !ring.look(name).sealed;
}

int take(const import_options& o)
{
    if (!o.name.empty())
        check_name(o.name);
    const bool from_input = o.file == "-";
    if (from_input && o.passphrase_fd == 0)
        throw std::invalid_argument("the key and its passphrase cannot both come from "
                                    "standard input: use another --passphrase-fd");
    const keyring ring(o.keyring);
    if (!o.name.empty() && !may_hold_it(ring, o.name))
        ring.check_free(o.name); // before somebody types a passphrase in vain
    const auto ask = passphrases_from(o.passphrase_fd);
    auto opened =
        open_key(ask, [&o](const auto& source) { return receive_key(o.file, source); });
    auto& key = *opened.key;
    if (!o.name.empty())
        key.name = o.name;
    if (key.name.empty())
        throw std::invalid_argument("give the key a name: " +
                                    quoted_command("keys import " + o.file + " NAME"));
    if (const auto here = ring.name_of(key.key);
        here && ring.look(*here).state == key.state) {
        say("That key is already here as '{}', state '{}', fingerprint {}; nothing was "
            "changed.",
            *here,
            key.state.text(),
            fingerprint_of(key));
        return 0;
    }
    ring.check_free(key.name);
    const bool came_sealed = opened.secret.has_value();
    if (o.sealed && !came_sealed)
        opened.secret = ask(key.name, passphrase_for::sealing);
    ring.add(key, opened.seal());
    say("Took key '{}', state '{}', fingerprint {}, {}.",
        key.name,
        key.state.text(),
        fingerprint_of(key),
        came_sealed     ? "sealed by the passphrase it came with"
        : opened.secret ? "sealed by your passphrase"
                        : "without a passphrase");
    say("Next: compare the fingerprint by voice with whoever gave it to you.");
    if (!opened.secret)
        say("{} seals it.", quoted_command("keys passphrase " + key.name));
    if (!from_input && !came_sealed)
        say("The copy in {} can be read by whoever finds it: {}.",
            o.file,
            quoted_command("keys destroy " + as_path(o.file)));
    return 0;
}

struct export_options {
    key_choice choice;
    std::string file;
    bool plain = false;
    bool qr = false;
};

int give(const export_options& o)
{
    const auto& name = o.choice.name;
    if (o.file.empty() != o.qr)
        throw std::invalid_argument("say where the key goes: a file, '-' for standard "
                                    "output, or --qr for the terminal (one of them)");
    if (o.qr)
        check_drawable();
    const auto opened = open_key(o.choice);
    const auto& key = *opened.key;
    if (key.state.what() == key_state::phase::revoked)
        throw key_error("key '" + name + "' is revoked: nobody should get it any more");
    std::optional<passphrase> secret;
    if (!o.plain)
        secret = passphrases_from(o.choice.passphrase_fd)(name, passphrase_for::sealing);
    const key_seal seal{ secret ? &*secret : nullptr };
    if (o.qr)
        draw_qr_code(key_file_text(key, seal));
    else
        hand_over_key(o.file, key, seal);

    // Standard output may be the key's way.
    tell_line(fmt::format("Key '{}' {}, {}.",
                          name,
                          o.qr            ? "is drawn above"
                          : o.file == "-" ? "was written to standard output"
                                          : "is in " + o.file,
                          o.plain ? "NOT sealed: whoever sees it has the key"
                                  : "sealed by the passphrase you gave"));
    tell_line(fmt::format("Next: {}there: {}; then compare the fingerprint {} by voice.",
                          o.plain ? "" : "tell the passphrase by another way; ",
                          o.qr ? quoted_command("keys import - NAME") +
                                     " takes the text that was scanned"
                               : quoted_command("keys import FILE"),
                          fingerprint_of(key)));
    if (o.qr)
        tell_line("Clear the screen and its scroll-back when it was scanned.");
    else if (o.plain && o.file != "-")
        tell_line("Then " + quoted_command("keys destroy " + as_path(o.file)) + ".");
    return 0;
}

} // namespace

command add_keys_import(CLI::App& keys)
{
    auto* parser = keys.add_subcommand(
        "import", "take a key from a key file, 64 hexadecimal digits, base64 or QR text");
    const auto o = std::make_shared<import_options>();
    parser->add_option("FILE", o->file, "'-': standard input")->required();
    parser->add_option("NAME", o->name, "its name in the keyring (default: as it was)");
    parser->add_flag("--sealed", o->sealed, "seal it with a passphrase at once");
    add_keyring(*parser, o->keyring);
    add_passphrase_fd(*parser, o->passphrase_fd);
    return { parser, [o] { return take(*o); } };
}

command add_keys_export(CLI::App& keys)
{
    auto* parser = keys.add_subcommand(
        "export", "a copy of a key for somebody else, sealed by a passphrase of its own");
    const auto o = std::make_shared<export_options>();
    add_choice(*parser, o->choice, "name in the keyring");
    parser->add_option("FILE", o->file, "a new file; '-': standard output");
    parser->add_flag("--qr", o->qr, "draw it on the terminal as a QR code");
    parser->add_flag("--plain", o->plain, "without a passphrase: whoever sees it has it");
    return { parser, [o] { return give(*o); } };
}

} // namespace securevoice::apps

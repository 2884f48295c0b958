/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys passphrase, roll, revoke

#include "call_options.h"
#include "keys/keys.h"

#include "core/keys/clock_check.h"
#include "core/keys/key_transfer.h"

#include <ctime>
#include <memory>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr std::int64_t usual_days = 14;

struct passphrase_options {
    key_choice choice;
    bool remove = false;
};

int change_passphrase(const passphrase_options& o)
{
    const auto& name = o.choice.name;
    const keyring ring(o.choice.keyring);
    const auto opened = open_key(o.choice);
    if (o.remove) {
        if (!opened.secret) {
            say("Key '{}' has no passphrase: nothing was done.", name);
            return 0;
        }
        ring.replace(*opened.key, {});
        say("Key '{}' has no passphrase any more.", name);
        say("Next: whoever gets the file or the disk has the key; {} seals it again.",
            quoted_command("keys passphrase " + name));
        return 0;
    }
    const auto fresh =
        passphrases_from(o.choice.passphrase_fd)(name, passphrase_for::sealing);
    ring.replace(*opened.key, { &fresh });
    if (opened.secret) {
        say("Key '{}' has a new passphrase; copies of the file in backups still have the "
            "old one.",
            name);
        return 0;
    }
    say("Key '{}' is sealed by the passphrase. Nobody can open it without: there is no "
        "other way in.",
        name);
    say("Next: it lay there without one. The old file was overwritten, but flash memory, "
        "snapshots and backups may keep it; {} makes a key that never did.",
        quoted_command("keys roll " + name));
    return 0;
}

struct roll_options {
    key_choice choice;
    std::string until;
    std::string file;
};

std::int64_t last_day_of(const roll_options& o)
{
    const auto today = day_of(std::time(nullptr));
    if (o.until.empty())
        return today + usual_days;
    const auto day = day_from_text(o.until);
    if (!day)
        throw std::invalid_argument("'" + o.until +
                                    "' is no date: write --until YYYY-MM-DD");
    if (*day < today)
        throw std::invalid_argument("the date of --until is over: name a day to come, or "
                                    "revoke the old key after this");
    return *day;
}

int roll(const roll_options& o)
{
    const auto& name = o.choice.name;
    if (o.file == "-" && o.choice.passphrase_fd == 0)
        throw std::invalid_argument("the key and its passphrase cannot both come from "
                                    "standard input: use another --passphrase-fd");
    const keyring ring(o.choice.keyring);
    check_clock(ring, std::time(nullptr));
    check_use(name, ring.look(name).state, key_use::send, std::time(nullptr));
    const auto last_day = last_day_of(o);
    const auto opened = open_key(o.choice);
    const auto ask = passphrases_from(o.choice.passphrase_fd);
    auto fresh =
        o.file.empty()
            ? std::make_shared<named_key>(named_key{ name, secret_key::random() })
            : receive_key(o.file, ask);
    fresh->name = name;
    check_use("the new one", fresh->state, key_use::send, std::time(nullptr));
    auto& old = *opened.key;
    ring.roll(old, *fresh, last_day, opened.seal());
    say("Key '{}' is a new one, fingerprint {}.", name, fingerprint_of(*fresh));
    say("The old one, fingerprint {}, is now '{}': {}.",
        fingerprint_of(old),
        old.name,
        old.state.text());
    if (o.file.empty())
        say("Next: hand the new key over with {} or '--qr'; the others take it with {}. "
            "Until all have it, listen with both: 'rx --key {} --key {}'.",
            quoted_command("keys export " + name + " FILE"),
            quoted_command("keys roll " + name + " --import FILE"),
            name,
            old.name);
    else
        say("Next: compare the fingerprint by voice. Until all have the new key, listen "
            "with both: 'rx --key {} --key {}'.",
            name,
            old.name);
    return 0;
}

int revoke(const key_choice& choice)
{
    const keyring ring(choice.keyring);
    const auto opened = open_key(choice);
    auto& key = *opened.key;
    if (key.state == key_state::revoked()) {
        say("Key '{}' was revoked already: nothing was done.", choice.name);
        return 0;
    }
    key.state = key_state::revoked();
    ring.replace(key, opened.seal());
    say("Key '{}' is revoked: nothing is sent or received with it here any more.",
        choice.name);
    say("Next: tell your group, each member has to revoke it too; recordings of old "
        "calls "
        "can still be opened by whoever has the key. {} removes it; kept, it cannot "
        "come back by another name.",
        quoted_command("keys destroy " + choice.name));
    return 0;
}

} // namespace

command add_keys_passphrase(CLI::App& keys)
{
    auto* parser = keys.add_subcommand(
        "passphrase", "seal a key with a passphrase, or change or remove it");
    const auto o = std::make_shared<passphrase_options>();
    add_choice(*parser, o->choice, "name in the keyring");
    parser->add_flag("--remove", o->remove, "leave the key without a passphrase");
    return { parser, [o] { return change_passphrase(*o); } };
}

command add_keys_roll(CLI::App& keys)
{
    auto* parser = keys.add_subcommand(
        "roll", "a new key in the place of an old one, which is kept for receiving");
    const auto o = std::make_shared<roll_options>();
    add_choice(*parser, o->choice, "name in the keyring");
    parser->add_option("--until",
                       o->until,
                       "YYYY-MM-DD (UTC), the last day to receive with the old one "
                       "(default: 14 days from now)");
    parser->add_option("--import",
                       o->file,
                       "the new key, as somebody else made it; '-': standard input");
    return { parser, [o] { return roll(*o); } };
}

command add_keys_revoke(CLI::App& keys)
{
    auto* parser =
        keys.add_subcommand("revoke", "a key is neither sent nor received with any more");
    const auto o = std::make_shared<key_choice>();
    add_choice(*parser, *o, "name in the keyring");
    return { parser, [o] { return revoke(*o); } };
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys new

#include "call_options.h"
#include "keys/keys.h"

#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    key_choice choice;
    bool sealed = false;
};

int run(const options& o)
{
    const auto& name = o.choice.name;
    check_name(name);
    const keyring ring(o.choice.keyring);
    ring.check_free(name); // before somebody types a passphrase in vain
    std::optional<passphrase> secret;
    if (o.sealed)
        secret = passphrases_from(o.choice.passphrase_fd)(name, passphrase_for::sealing);
    const auto key = ring.create(name, { secret ? &*secret : nullptr });
    say("Made key '{}', fingerprint {}, in {}.",
        name,
        fingerprint_of(*key),
        ring.path_of(name));
    if (!secret)
        say("It lies there without a passphrase: {} seals it.",
            quoted_command("keys passphrase " + name));
    say("Next: hand it to your group with {} or {}, then compare the fingerprint by "
        "voice.",
        quoted_command("keys export " + name + " FILE"),
        quoted_command("keys export " + name + " --qr"));
    return 0;
}

} // namespace

command add_keys_new(CLI::App& keys)
{
    auto* parser = keys.add_subcommand("new", "make a new random key, mode 0600");
    const auto o = std::make_shared<options>();
    add_choice(*parser, o->choice, "its name in the keyring");
    parser->add_flag("--sealed", o->sealed, "seal it with a passphrase at once");
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys destroy

#include "call_options.h"
#include "keys/keys.h"

#include "core/keys/key_transfer.h"
#include "core/keys/terminal.h"

#include <algorithm>
#include <memory>

namespace securevoice::apps {

namespace {

struct options {
    std::string name;
    std::string keyring;
    bool yes = false;
};

// Of a file that need not be readable any more.
std::string path_of(const options& o)
{
    if (is_key_path(o.name))
        return o.name;
    const keyring ring(o.keyring);
    const auto names = ring.names();
    if (std::find(names.begin(), names.end(), o.name) == names.end())
        throw key_error("there is no key '" + o.name + "' in the keyring '" +
                        ring.folder() + "': " + quoted_command("keys list") +
                        " shows the names");
    return ring.path_of(o.name);
}

void confirm(const std::string& name)
{
    terminal user("destroying a key must be confirmed (--yes says it beforehand)");
    if (user.read_line("This cannot be undone. Type '" + name +
                       "' again to destroy it: ") != name)
        throw key_error("that was something else than '" + name +
                        "': nothing was destroyed");
}

int run(const options& o)
{
    const auto path = path_of(o);
    if (!o.yes)
        confirm(o.name);
    const auto rest = destroy_key_file(path);
    say("Destroyed {}: overwritten with random octets and removed. {}", path, rest);
    say("Copies that others have, exported files and backups are not touched, nor can "
        "recordings of calls be taken back. Next: if the key may be in wrong hands, the "
        "whole group has to stop using it.");
    return 0;
}

} // namespace

command add_keys_destroy(CLI::App& keys)
{
    auto* parser = keys.add_subcommand("destroy", "overwrite and remove a key file");
    const auto o = std::make_shared<options>();
    parser->add_option("NAME", o->name, "name in the keyring, or a path")->required();
    parser->add_flag("--yes", o->yes, "do not ask");
    add_keyring(*parser, o->keyring);
    return { parser, [o] { return run(*o); } };
}

} // namespace securevoice::apps

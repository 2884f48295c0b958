/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

// securevoice keys: the commands about traffic keys.

#include "keys/keys.h"

namespace securevoice::apps {

std::vector<command> add_keys(CLI::App& program)
{
    auto* keys = program.add_subcommand(
        "keys", "make, share, compare, change and destroy traffic keys");
    keys->require_subcommand(1);
    std::vector<command> commands;
    for (const auto add : { add_keys_new,
                            add_keys_list,
                            add_keys_show,
                            add_keys_fingerprint,
                            add_keys_import,
                            add_keys_export,
                            add_keys_passphrase,
                            add_keys_roll,
                            add_keys_revoke,
                            add_keys_destroy })
        commands.push_back(add(*keys));
    return commands;
}

} // namespace securevoice::apps

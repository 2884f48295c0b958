/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/key_file.h"
#include "core/system/reason.h"
#include "core/text/program_name.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>

namespace securevoice {

namespace {

std::string default_folder()
{
    if (const auto* set = std::getenv("SECUREVOICE_KEYRING"); set && *set)
        return set;
    const auto* home = std::getenv("HOME");
    if (!home || !*home)
        throw key_error("the keyring's folder is not known because HOME is not set: set "
                        "SECUREVOICE_KEYRING to a folder");
    return std::string(home) + "/.config/gr-securevoice/keys";
}

// All that is missing of a path, mode 0700.
void make_folder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
        return;
    const auto slash = path.find_last_not_of('/', path.rfind('/'));
    if (errno == ENOENT && slash != std::string::npos) {
        make_folder(path.substr(0, slash + 1));
        if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
            return;
    }
    throw key_error("the keyring folder '" + path + "' cannot be made: " + reason());
}

// False if there is none. Who can write in the folder can exchange the keys behind two
// names.
bool check_folder(const std::string& path)
{
    struct stat folder;
    if (::stat(path.c_str(), &folder) != 0) {
        if (errno == ENOENT)
            return false;
        throw key_error("the keyring folder '" + path +
                        "' cannot be opened: " + reason());
    }
    if (!S_ISDIR(folder.st_mode))
        throw key_error("the keyring '" + path + "' is no folder: name a folder");
    if (folder.st_uid != geteuid() && folder.st_uid != 0)
        throw key_error("the keyring folder '" + path +
                        "' belongs to another user: use a folder of your own");
    if ((folder.st_mode & 022) != 0)
        throw key_error("others can write in the keyring folder '" + path +
                        "': run chmod 700 '" + path + "'");
    return true;
}

void check_name(const std::string& name)
{
    if (!is_key_name(name))
        throw key_error("'" + name + "' cannot be a key's name: take " + key_name_rule);
}

std::string same_key_message(const std::string& one, const std::string& other)
{
    return "the names '" + one + "' and '" + other +
           "' hold the same key: remove one of the files";
}

} // namespace

keyring::keyring(std::string folder)
    : d_folder(folder.empty() ? default_folder() : std::move(folder))
{
}

std::vector<std::string> keyring::names() const
{
    std::vector<std::string> found;
    if (!check_folder(d_folder))
        return found;
    const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(::opendir(d_folder.c_str()),
                                                          &::closedir);
    if (!open_folder)
        throw key_error("the keyring folder '" + d_folder +
                        "' cannot be read: " + reason());
    while (const auto* entry = ::readdir(open_folder.get())) {
        const std::string file = entry->d_name;
        if (file.size() <= key_ending.size() ||
            file.compare(
                file.size() - key_ending.size(), key_ending.size(), key_ending) != 0)
            continue;
        const auto name = file.substr(0, file.size() - key_ending.size());
        if (is_key_name(name))
            found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
}

void keyring::check_free(const std::string& name) const
{
    check_name(name);
    for (const auto& other : names()) {
        if (other == name)
            throw key_error(
                "there is a key '" + name +
                "' already, and it is not overwritten: choose another name, or replace "
                "it with " +
                quoted_command("keys roll " + name));
        if (same_but_capitals(other, name))
            throw key_error("there is a key '" + other + "', which differs from '" +
                            name + "' in capitals only: choose another name");
    }
}

void keyring::check_exists(const std::string& name) const
{
    check_name(name);
    const auto all = names();
    if (std::find(all.begin(), all.end(), name) == all.end())
        throw key_error("there is no key '" + name + "' in the keyring '" + d_folder +
                        "': " + quoted_command("keys list") + " shows the names, " +
                        quoted_command("keys new " + name) + " makes a key");
}

std::optional<std::string> keyring::name_of(const secret_key& key,
                                            const std::string& except) const
{
    for (const auto& other : names()) {
        if (other == except)
            continue;
        try {
            if (read_key_file(path_of(other))->key.same(key))
                return other;
        } catch (const key_error&) {
            // It cannot be used, so it does no harm; who asks for it is told why.
        }
    }
    return std::nullopt;
}

void keyring::check_new(const named_key& key) const
{
    if (const auto other = name_of(key.key, key.name))
        throw key_error("this key is in the keyring already, as '" + *other +
                        "': use it by that name");
}

key_entry keyring::look(const std::string& name) const
{
    check_exists(name);
    return look_at_key_file(path_of(name));
}

key_ptr keyring::read(const std::string& name, const passphrase_source& ask) const
{
    check_exists(name);
    auto key = read_key_file(path_of(name), ask);
    if (const auto other = name_of(key->key, name))
        throw key_error(same_key_message(name, *other));
    return key;
}

key_ptr
keyring::load(const std::string& name, key_use use, const passphrase_source& ask) const
{
    // Who cannot use the key is not asked for its passphrase.
    const auto now = std::time(nullptr);
    check_use(name, look(name).state, use, now);
    auto key = read(name, ask);
    check_use(name, key->state, use, now);
    return key;
}

key_ptr keyring::create(const std::string& name, const key_seal& seal) const
{
    auto made =
        std::make_shared<named_key>(named_key{ name, secret_key::random(), key_state() });
    add(*made, seal);
    return made;
}

void keyring::add(const named_key& key, const key_seal& seal) const
{
    check_free(key.name);
    make_folder(d_folder);
    check_folder(d_folder);
    check_new(key);
    write_key_file(path_of(key.name), key, seal);
}

void keyring::replace(const named_key& key, const key_seal& seal) const
{
    check_exists(key.name);
    replace_key_file(path_of(key.name), key, seal);
}

void keyring::roll(named_key& old,
                   const named_key& fresh,
                   std::int64_t last_day,
                   const key_seal& seal) const
{
    check_exists(old.name);
    if (fresh.key.same(old.key))
        throw key_error("key '" + old.name +
                        "' is that key already: roll to the one that replaces it");
    check_new(fresh);
    const auto all = names();
    const auto first = old.name + "-old-" + day_text(day_of(std::time(nullptr)));
    auto name = first;
    for (int n = 2; std::find(all.begin(), all.end(), name) != all.end(); ++n)
        name = first + "." + std::to_string(n);
    if (!is_key_name(name))
        throw key_error("the name '" + old.name +
                        "' is too long for the old key beside it: '" + name +
                        "'; take a shorter name for a new key");
    // First the one that is kept: if the power fails between the two, nothing is lost and
    // the next use says that two names hold the same key.
    old.name = name;
    old.state = key_state::receive_until(last_day);
    write_key_file(path_of(name), old, seal);
    replace_key_file(path_of(fresh.name), fresh, seal);
}

void keyring::check_duplicates() const
{
    std::vector<key_ptr> keys;
    for (const auto& name : names()) {
        auto key = read_key_file(path_of(name));
        for (const auto& earlier : keys)
            if (earlier->key.same(key->key))
                throw key_error(same_key_message(earlier->name, name));
        keys.push_back(std::move(key));
    }
}

} // namespace securevoice

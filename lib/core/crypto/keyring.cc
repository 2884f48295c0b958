/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/key_file.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace securevoice {

namespace {

const std::string file_end = ".key";

std::string reason(int error) { return std::generic_category().message(error); }

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
    throw key_error("the keyring folder '" + path + "' cannot be made: " + reason(errno));
}

// False if there is none. Who can write in the folder can exchange the keys behind two names.
bool check_folder(const std::string& path)
{
    struct stat folder;
    if (::stat(path.c_str(), &folder) != 0) {
        if (errno == ENOENT)
            return false;
        throw key_error("the keyring folder '" + path +
                        "' cannot be opened: " + reason(errno));
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
        throw key_error(
            "'" + name +
            "' cannot be a key's name: take 1 to 64 letters, digits, '.', '_' or "
            "'-', the first one no '.' or '-'");
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
                        "' cannot be read: " + reason(errno));
    while (const auto* entry = ::readdir(open_folder.get())) {
        const std::string file = entry->d_name;
        if (file.size() <= file_end.size() ||
            file.compare(file.size() - file_end.size(), file_end.size(), file_end) != 0)
            continue;
        const auto name = file.substr(0, file.size() - file_end.size());
        if (is_key_name(name))
            found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
}

key_ptr keyring::load(const std::string& name) const
{
    check_name(name);
    const auto all = names();
    if (std::find(all.begin(), all.end(), name) == all.end())
        throw key_error(
            "there is no key '" + name + "' in the keyring '" + d_folder +
            "': 'securevoice keys list' shows the names, 'securevoice keys new " + name +
            "' makes a key");
    auto wanted = read_key_file(path_of(name));
    for (const auto& other : all) {
        if (other == name)
            continue;
        key_ptr key;
        try {
            key = read_key_file(path_of(other));
        } catch (const key_error&) {
            continue; // it cannot be used, so it does no harm; who asks for it is told why
        }
        if (key->key.same(wanted->key))
            throw key_error(same_key_message(name, other));
    }
    return wanted;
}

key_ptr keyring::create(const std::string& name) const
{
    check_name(name);
    make_folder(d_folder);
    check_folder(d_folder);
    auto made = std::make_shared<named_key>(named_key{ name, secret_key::random() });
    write_key_file(path_of(name), made->key);
    return made;
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

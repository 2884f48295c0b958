/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/crypto/secret_key.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace securevoice {

/*! What is wrong with a key, its file or the keyring: one sentence that says what to do.
 * Never holds key octets. */
class key_error : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/*! True for 1 to 64 characters of A-Z a-z 0-9 . _ - that begin with neither '.' nor '-'. */
bool is_key_name(const std::string& name);

/*!
 * Reads one key file. The name is the file's name without ".key".
 * \throws key_error if it cannot be opened, is a symbolic link or no regular file,
 * belongs to another user, is open to others (any of the mode bits 077), is malformed,
 * or holds a key that must not be used
 */
key_ptr read_key_file(const std::string& path);

/*! Writes a new file, mode 0600. \throws key_error if it exists or cannot be written */
void write_key_file(const std::string& path, const secret_key& key);

/*!
 * A folder of key files NAME.key, mode 0700.
 */
class keyring
{
public:
    /*!
     * \param folder empty: $SECUREVOICE_KEYRING, or ~/.config/gr-securevoice/keys
     * \throws key_error if neither is known
     */
    explicit keyring(std::string folder = "");

    const std::string& folder() const { return d_folder; }
    std::string path_of(const std::string& name) const
    {
        return d_folder + "/" + name + ".key";
    }

    /*! Names, sorted. Empty if the folder does not exist. \throws key_error if it cannot be
     * read, or if others can write in it: they could exchange keys */
    std::vector<std::string> names() const;
    /*! \throws key_error as read_key_file(), or if another name holds the same key */
    key_ptr load(const std::string& name) const;
    /*! Makes a new random key. \throws key_error if the name is taken or no name */
    key_ptr create(const std::string& name) const;
    /*! \throws key_error if two names hold the same key, or a file cannot be used */
    void check_duplicates() const;

private:
    std::string d_folder;
};

/*! What a block's or command's `key` parameter means: a path if it has a '/' or ends in
 * ".key", else a name in the keyring. \throws key_error */
key_ptr load_key(const std::string& name_or_path, const std::string& keyring_folder = "");

} // namespace securevoice

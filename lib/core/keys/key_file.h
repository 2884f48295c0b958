/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/key_error.h"
#include "core/keys/key_state.h"
#include "core/keys/named_key.h"
#include "core/keys/passphrase.h"

#include <string_view>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace securevoice {

/*! How key files' names end, and no key's name does: such a one would be taken for a
 * path. */
inline const std::string key_ending = ".key";
/*! In capitals, too. */
bool has_key_ending(const std::string& name);
/*! True for 1 to 64 characters of A-Z a-z 0-9 . _ - that begin with neither '.' nor '-'
 * and do not end in ".key". */
bool is_key_name(const std::string& name);
/*! What is_key_name() asks for, for a sentence: "1 to 64 letters ...". */
constexpr const char* key_name_rule = "1 to 64 letters A-Z or a-z, digits, '.', '_' or "
                                      "'-', the first one a letter, a digit or "
                                      "'_', without '.key' at the end";
/*! Names that file systems without capitals hold for the same. */
bool same_but_capitals(const std::string& one, const std::string& other);

/*! What a key file's text begins with; the version follows. */
constexpr std::string_view first_words_of_key = "gr-securevoice key ";

/*! What a key file says without its passphrase. Of a sealed one it is not authentic. */
struct key_entry {
    std::string name;
    key_state state;
    bool sealed = false;
};
/*! \throws key_error as read_key_file(), but for the passphrase */
key_entry look_at_key_file(const std::string& path);

/*!
 * Reads one key file, whatever the key's state: check_use() tells whether it may be used.
 * The name is the file's name without ".key".
 * \param ask for the passphrase of a sealed one; empty: a sealed one is refused
 * \throws key_error if it cannot be opened, is a symbolic link or no regular file,
 * belongs to another user, is open to others (any of the mode bits 077), is malformed,
 * holds a key that must not be used, or if the passphrase is wrong
 */
key_ptr read_key_file(const std::string& path, const passphrase_source& ask = {});

/*! Writes a new file for a key to send with, not sealed, mode 0600. \throws key_error if
 * it exists or cannot be written */
void write_key_file(const std::string& path, const secret_key& key);

/*! How a key file is sealed. */
struct key_seal {
    const passphrase* secret = nullptr; // null: it is not
    seal_cost cost = usual_cost;
};
/*! Writes a new file, mode 0600, with the key's state. */
void write_key_file(const std::string& path, const named_key& key, const key_seal& seal);
/*! The same in the place of a file that is there; its octets are overwritten. */
void replace_key_file(const std::string& path,
                      const named_key& key,
                      const key_seal& seal);

/*! \param now s since 1970
 * \throws key_error if the state of a key does not allow this use now */
void check_use(const std::string& name,
               const key_state& state,
               key_use use,
               std::int64_t now);

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

    /*! Names, sorted. Empty if the folder does not exist. \throws key_error if it cannot
     * be read, or if others can write in it: they could exchange keys */
    std::vector<std::string> names() const;
    /*! \throws key_error if a new key cannot have this name: it is none, or there is a
     * key of this name, or of one that differs in capitals only */
    void check_free(const std::string& name) const;
    /*! \throws key_error as look_at_key_file(), or if there is no such key */
    key_entry look(const std::string& name) const;
    /*! Whatever its state. \throws key_error as read_key_file(), or if another name holds
     * the same key: sealed ones cannot be compared */
    key_ptr read(const std::string& name, const passphrase_source& ask = {}) const;
    /*! The name that holds this very key, as far as can be seen without passphrases;
     * `except` is not looked at */
    std::optional<std::string> name_of(const secret_key& key,
                                       const std::string& except = "") const;
    /*! A key for this use, now. \throws key_error as read() and check_use() */
    key_ptr load(const std::string& name,
                 key_use use = key_use::send,
                 const passphrase_source& ask = {}) const;
    /*! Makes a new random key. \throws key_error if the name is taken or no name */
    key_ptr create(const std::string& name, const key_seal& seal = {}) const;
    /*! Stores a key that came from elsewhere. \throws key_error if its name is taken or
     * no name, or another name holds the same key */
    void add(const named_key& key, const key_seal& seal) const;
    /*! Stores a key of the keyring with another state or seal. */
    void replace(const named_key& key, const key_seal& seal) const;
    /*!
     * Puts a fresh key in the place of an old one, which is kept for receiving under a
     * name of its own.
     * \param old      of the keyring; gets its new name and state
     * \param fresh    another key of the same name, to send with
     * \param last_day for receiving with the old one, days since 1970
     */
    void roll(named_key& old,
              const named_key& fresh,
              std::int64_t last_day,
              const key_seal& seal) const;
    /*! \throws key_error if two names hold the same key, or a file cannot be used */
    void check_duplicates() const;

private:
    void check_exists(const std::string& name) const;
    void check_new(const named_key& key) const;

    std::string d_folder;
};

/*! True if a block's or command's `key` parameter is a path, not a name in the keyring:
 * it has a '/' or ends in ".key", in capitals, too. */
bool is_key_path(const std::string& name_or_path);

/*!
 * What a block's or command's `key` parameter means.
 * \param use what for: a key that may only be received with is none to send with
 * \param ask for passphrases of sealed keys; the default asks the user if there is a
 *            terminal
 * \throws key_error
 */
key_ptr load_key(const std::string& name_or_path,
                 const std::string& keyring_folder = "",
                 key_use use = key_use::send,
                 const passphrase_source& ask = passphrase_from_terminal());

} // namespace securevoice

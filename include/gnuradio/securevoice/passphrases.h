/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef INCLUDED_SECUREVOICE_PASSPHRASES_H
#define INCLUDED_SECUREVOICE_PASSPHRASES_H

#include <gnuradio/securevoice/api.h>

#include <cstddef>
#include <memory>
#include <string>

namespace gr {
namespace securevoice {

/*!
 * Where the passphrases of sealed keys come from, for all blocks of this process that are
 * made from now on: the next line of this open file descriptor, 0 ... 1023, for each key
 * that is loaded; or -1, as at the start: the terminal asks. Keys that typed_passphrase
 * opened are asked for no more.
 *
 * \throws std::invalid_argument for another number
 */
SECUREVOICE_API void set_passphrase_descriptor(int descriptor);

/*! Whether a key is sealed, and not opened in this process since its file was written.
 * \throws std::runtime_error if there is no such key or its file cannot be used */
SECUREVOICE_API bool needs_passphrase(const std::string& key,
                                      const std::string& keyring = "");

/*! The fingerprint, in four words, of a sealed key that was opened; empty if it was
 * not. */
SECUREVOICE_API std::string opened_key_words(const std::string& key,
                                             const std::string& keyring = "");

/*! Wipes what was opened; blocks that were made keep theirs, until they are told to wipe
 * it. */
SECUREVOICE_API void forget_opened_keys();

/*!
 * A passphrase that a program takes with its own user interface, key by key: it stays in
 * guarded, locked memory, nothing gives it back, and it is wiped when it was used. One
 * thread at a time.
 */
class SECUREVOICE_API typed_passphrase
{
public:
    /*! Nothing typed yet. */
    typed_passphrase();
    ~typed_passphrase();

    /*! What one press of a key gives, UTF-8. \return false if there is no room for it: at
     * most 1024 octets */
    bool append(const std::string& text);
    /*! Removes the last character. */
    void remove_last();
    /*! Wipes it. */
    void clear();
    /*! Characters so far. */
    std::size_t size() const;

    /*!
     * Opens a sealed key with it, and wipes it in any case. Blocks of this process that
     * are made from now on use the key without asking, until its file changes or
     * forget_opened_keys(). It takes some tenths of a second (Argon2id); Python's other
     * threads run meanwhile.
     *
     * \param key     name in the keyring, or path of a key file
     * \param keyring folder; empty: $SECUREVOICE_KEYRING or ~/.config/gr-securevoice/keys
     * \throws std::runtime_error if the passphrase is wrong or the key cannot be used
     */
    void open_key(const std::string& key, const std::string& keyring = "");

private:
    struct impl;
    std::unique_ptr<impl> d_impl;
};

} // namespace securevoice
} // namespace gr

#endif

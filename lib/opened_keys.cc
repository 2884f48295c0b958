/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "opened_keys.h"

#include "passphrases.h"

#include "core/crypto/secret_memory.h"
#include "core/keys/fingerprint_words.h"

#include <gnuradio/securevoice/passphrases.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <mutex>
#include <tuple>

namespace gr {
namespace securevoice {

namespace {

/*! Of a file: any change makes another one. */
using identity = std::tuple<dev_t, ino_t, off_t, time_t, long>;

identity identity_of(const std::string& path)
{
    struct stat file {
    };
    if (::lstat(path.c_str(), &file) != 0)
        return {};
    return {
        file.st_dev, file.st_ino, file.st_size, file.st_ctim.tv_sec, file.st_ctim.tv_nsec
    };
}

std::string path_of(const std::string& key, const std::string& keyring)
{
    return ::securevoice::is_key_path(key) ? key
                                           : ::securevoice::keyring(keyring).path_of(key);
}

/*! A block wipes its key in mid-air: nobody else may have the same one. */
::securevoice::key_ptr copy_of(const ::securevoice::named_key& key)
{
    ::securevoice::secret_memory octets(::securevoice::secret_key::size);
    std::copy_n(key.key.data(), octets.size(), octets.data());
    return std::make_shared<::securevoice::named_key>(::securevoice::named_key{
        key.name,
        ::securevoice::secret_key::take(octets.data(), octets.size()),
        key.state });
}

/*! The keys that were opened in this process, by their files. */
class opened_keys
{
public:
    void store(const std::string& path, const identity& file, ::securevoice::key_ptr key)
    {
        std::lock_guard lock(d_mutex);
        d_keys[path] = { file, std::move(key) };
    }

    /*! A copy; null if it was not opened, or its file has changed since. */
    ::securevoice::key_ptr find(const std::string& path) const
    {
        std::lock_guard lock(d_mutex);
        const auto known = d_keys.find(path);
        const bool same =
            known != d_keys.end() && known->second.file == identity_of(path);
        return same ? copy_of(*known->second.key) : nullptr;
    }

    void forget()
    {
        std::lock_guard lock(d_mutex);
        d_keys.clear();
    }

private:
    struct entry {
        identity file;
        ::securevoice::key_ptr key;
    };
    mutable std::mutex d_mutex;
    std::map<std::string, entry> d_keys;
};

opened_keys& opened()
{
    static opened_keys all;
    return all;
}

} // namespace

::securevoice::key_ptr load_block_key(const std::string& key,
                                      const std::string& keyring,
                                      ::securevoice::key_use use)
{
    auto known = opened().find(path_of(key, keyring));
    if (!known)
        return ::securevoice::load_key(key, keyring, use, passphrases());
    ::securevoice::check_use(known->name, known->state, use, std::time(nullptr));
    return known;
}

struct typed_passphrase::impl {
    ::securevoice::passphrase typed;
};

typed_passphrase::typed_passphrase() : d_impl(std::make_unique<impl>()) {}

typed_passphrase::~typed_passphrase() = default;

bool typed_passphrase::append(const std::string& text)
{
    if (d_impl->typed.size() + text.size() > ::securevoice::passphrase::most)
        return false;
    for (const char octet : text)
        d_impl->typed.append(static_cast<std::uint8_t>(octet));
    return true;
}

void typed_passphrase::remove_last() { d_impl->typed.remove_last(); }

void typed_passphrase::clear() { d_impl->typed.clear(); }

std::size_t typed_passphrase::size() const
{
    const auto* first = d_impl->typed.data();
    return static_cast<std::size_t>(
        std::count_if(first, first + d_impl->typed.size(), [](std::uint8_t octet) {
            return (octet & 0xC0) != 0x80; // UTF-8, RFC 3629: it begins a character
        }));
}

void typed_passphrase::open_key(const std::string& key, const std::string& keyring)
{
    const auto typed = d_impl->typed.copy();
    clear();
    const auto give = [&typed](const std::string&, ::securevoice::passphrase_for) {
        return typed.copy();
    };
    const auto path = path_of(key, keyring);
    const auto file = identity_of(path);
    opened().store(path,
                   file,
                   ::securevoice::is_key_path(key)
                       ? ::securevoice::read_key_file(key, give)
                       : ::securevoice::keyring(keyring).read(key, give));
}

bool needs_passphrase(const std::string& key, const std::string& keyring)
{
    const auto file = ::securevoice::is_key_path(key)
                          ? ::securevoice::look_at_key_file(key)
                          : ::securevoice::keyring(keyring).look(key);
    return file.sealed && !opened().find(path_of(key, keyring));
}

std::string opened_key_words(const std::string& key, const std::string& keyring)
{
    const auto known = opened().find(path_of(key, keyring));
    return known ? ::securevoice::fingerprint_words(known->key.fingerprint()) : "";
}

void forget_opened_keys() { opened().forget(); }

} // namespace securevoice
} // namespace gr

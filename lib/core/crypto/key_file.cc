/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/detail/descriptor.h"
#include "core/crypto/detail/key_text.h"
#include "core/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace securevoice {

namespace {

using detail::descriptor;

constexpr const char* file_end = ".key";

std::string reason(int error) { return std::generic_category().message(error); }

std::string octal(mode_t mode)
{
    char digits[8];
    std::snprintf(digits, sizeof(digits), "%04o", static_cast<unsigned>(mode & 07777));
    return digits;
}

bool ends_with(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string name_from_path(const std::string& path)
{
    auto name = path.substr(path.rfind('/') + 1);
    if (ends_with(name, file_end))
        name.resize(name.size() - std::string(file_end).size());
    if (!is_key_name(name))
        throw key_error(
            "the name of key file '" + path +
            "' cannot be a key's name: rename it to 1 to 64 letters, digits, '.', "
            "'_' or '-'");
    return name;
}

void check_file(const struct stat& file, const std::string& path)
{
    if (!S_ISREG(file.st_mode))
        throw key_error("'" + path + "' is no regular file: name a key file");
    if (file.st_uid != geteuid())
        throw key_error("key file '" + path +
                        "' belongs to another user: copy it as the user who runs this");
    if ((file.st_mode & 077) != 0)
        throw key_error("key file '" + path + "' is open to others (mode " +
                        octal(file.st_mode) + "): run chmod 600 '" + path +
                        "', and change the key if others may have read it");
    if (file.st_size > static_cast<off_t>(detail::max_key_text))
        throw key_error("key file '" + path + "' is too long: a key file has at most " +
                        std::to_string(detail::max_key_text) + " octets");
}

std::size_t read_all(int file, secret_memory& memory, const std::string& path)
{
    std::size_t count = 0;
    while (count < memory.size()) {
        const auto got = ::read(file, memory.data() + count, memory.size() - count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            throw key_error("key file '" + path + "' cannot be read: " + reason(errno));
        if (got == 0)
            break;
        count += static_cast<std::size_t>(got);
    }
    return count;
}

void write_all(int file, const secret_memory& text)
{
    std::size_t count = 0;
    while (count < text.size()) {
        const auto put = ::write(file, text.data() + count, text.size() - count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            throw std::system_error(errno, std::generic_category());
        count += static_cast<std::size_t>(put);
    }
}

void sync(int file)
{
    if (::fsync(file) != 0)
        throw std::system_error(errno, std::generic_category());
}

// So that the name survives a loss of power too.
void sync_folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    const auto folder =
        slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
    const descriptor open_folder(
        ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!open_folder.good())
        throw std::system_error(errno, std::generic_category());
    sync(open_folder.number());
}

} // namespace

bool is_key_name(const std::string& name)
{
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != '-' &&
           std::all_of(name.begin(), name.end(), allowed);
}

key_ptr read_key_file(const std::string& path)
{
    auto name = name_from_path(path);
    // O_NONBLOCK: a FIFO must not hold us up before fstat tells what it is.
    const descriptor file(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.good()) {
        if (errno == ELOOP)
            throw key_error("key file '" + path +
                            "' is a symbolic link: name the file itself");
        if (errno == ENOENT)
            throw key_error("there is no key file '" + path +
                            "': check the path, or make a key with 'securevoice keys new "
                            "NAME'");
        throw key_error("key file '" + path + "' cannot be opened: " + reason(errno));
    }
    struct stat status;
    if (::fstat(file.number(), &status) != 0)
        throw key_error("key file '" + path + "' cannot be examined: " + reason(errno));
    check_file(status, path);

    secret_memory text(detail::max_key_text);
    const auto count = read_all(file.number(), text, path);
    return std::make_shared<named_key>(
        named_key{ std::move(name), detail::parse_key_text(text, count, path) });
}

void write_key_file(const std::string& path, const secret_key& key)
{
    name_from_path(path); // a file that could not be read again is not written
    const auto text = detail::make_key_text(key);
    const descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.good()) {
        if (errno == EEXIST)
            throw key_error("key file '" + path +
                            "' exists and is not overwritten: choose another name");
        throw key_error("key file '" + path + "' cannot be made: " + reason(errno));
    }
    try {
        if (::fchmod(file.number(), 0600) != 0) // whatever the umask is
            throw std::system_error(errno, std::generic_category());
        write_all(file.number(), text);
        sync(file.number());
        sync_folder_of(path);
    } catch (const std::system_error& e) {
        ::unlink(path.c_str());
        throw key_error("key file '" + path +
                        "' cannot be written: " + reason(e.code().value()));
    }
}

key_ptr load_key(const std::string& name_or_path, const std::string& keyring_folder)
{
    if (name_or_path.find('/') != std::string::npos || ends_with(name_or_path, file_end))
        return read_key_file(name_or_path);
    return keyring(keyring_folder).load(name_or_path);
}

} // namespace securevoice

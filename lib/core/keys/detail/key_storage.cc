/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/keys/detail/key_storage.h"
#include "core/keys/detail/key_text.h"
#include "core/keys/key_error.h"
#include "core/system/file_descriptor.h"
#include "core/system/reason.h"
#include "core/text/program_name.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <system_error>
#include <cerrno>
#include <cstdio>

namespace securevoice::detail {

namespace {

std::string octal(mode_t mode)
{
    char digits[8];
    std::snprintf(digits, sizeof(digits), "%04o", static_cast<unsigned>(mode & 07777));
    return digits;
}

[[noreturn]] void too_long(const std::string& what, std::size_t most)
{
    throw key_error(what + " is too long: a key file has at most " +
                    std::to_string(most) + " octets");
}

// O_NONBLOCK: a FIFO must not hold us up before fstat tells what it is.
int open_there(const std::string& path, int access)
{
    const int file =
        ::open(path.c_str(), access | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file >= 0)
        return file;
    if (errno == ELOOP)
        throw key_error("key file '" + path +
                        "' is a symbolic link: name the file itself");
    if (errno == ENOENT)
        throw key_error("there is no key file '" + path +
                        "': check the path, or make a key with " +
                        quoted_command("keys new NAME"));
    throw key_error("key file '" + path + "' cannot be opened: " + reason());
}

struct stat examine(int file, const std::string& path)
{
    struct stat status;
    if (::fstat(file, &status) != 0)
        throw key_error("key file '" + path + "' cannot be examined: " + reason());
    if (!S_ISREG(status.st_mode))
        throw key_error("'" + path + "' is no regular file: name a key file");
    return status;
}

void check_owner(const struct stat& file, const std::string& path)
{
    if (file.st_uid != geteuid())
        throw key_error("key file '" + path +
                        "' belongs to another user: copy it as the user who runs this");
}

void check_mode(const struct stat& file, const std::string& path)
{
    if ((file.st_mode & 077) != 0)
        throw key_error("key file '" + path + "' is open to others (mode " +
                        octal(file.st_mode) + "): run chmod 600 '" + path +
                        "', and change the key if others may have read it");
}

void check_size(const struct stat& file,
                const std::string& path,
                std::size_t most = max_key_text)
{
    if (file.st_size > static_cast<off_t>(most))
        too_long("key file '" + path + "'", most);
}

std::size_t read_all(int file, secret_memory& memory, const std::string& what)
{
    std::size_t count = 0;
    while (count < memory.size()) {
        const auto got = ::read(file, memory.data() + count, memory.size() - count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            throw key_error(what + " cannot be read: " + reason());
        if (got == 0)
            break;
        count += static_cast<std::size_t>(got);
    }
    return count;
}

void write_all(int file, const secret_memory& text, std::size_t octets)
{
    std::size_t count = 0;
    while (count < octets) {
        const auto put = ::write(file, text.data() + count, octets - count);
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

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// So that names survive a loss of power too.
void sync_folder_of(const std::string& path)
{
    const file_descriptor folder(
        ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.good())
        throw std::system_error(errno, std::generic_category());
    sync(folder.number());
}

void overwrite(int file, off_t size)
{
    secret_memory noise(max_key_text);
    if (::lseek(file, 0, SEEK_SET) != 0)
        throw std::system_error(errno, std::generic_category());
    for (auto left = static_cast<std::size_t>(size); left > 0;) {
        const auto count = std::min(left, noise.size());
        randombytes_buf(noise.data(), count);
        write_all(file, noise, count);
        left -= count;
    }
    sync(file);
}

[[noreturn]] void cannot_write(const std::string& path, const std::system_error& e)
{
    throw key_error("key file '" + path +
                    "' cannot be written: " + reason(e.code().value()));
}

medium medium_of(int file)
{
    struct statfs system;
    if (::fstatfs(file, &system) != 0)
        return medium::in_place;
    // statfs(2), and the modules that are not in the kernel
    switch (static_cast<std::uint32_t>(system.f_type)) {
    case 0x9123683E: // btrfs
    case 0x2FC12FC1: // zfs
    case 0xCA451A4E: // bcachefs
    case 0xF2F52010: // f2fs
    case 0x3434:     // nilfs
    case 0x794C7630: // overlayfs
        return medium::copies;
    case 0x01021994: // tmpfs
    case 0x858458F6: // ramfs
        return medium::memory;
    case 0x6969:     // nfs
    case 0xFF534D42: // cifs
    case 0xFE534D42: // smb2
    case 0x65735546: // fuse: sshfs and others
        return medium::other_computer;
    default:
        return medium::in_place;
    }
}

} // namespace

stored_text read_text(const std::string& path, bool need_private, std::size_t most)
{
    const file_descriptor file(open_there(path, O_RDONLY));
    const auto status = examine(file.number(), path);
    if (need_private) {
        check_owner(status, path);
        check_mode(status, path);
    }
    check_size(status, path, most);
    stored_text text{ secret_memory(most), 0, false };
    text.count = read_all(file.number(), text.octets, "key file '" + path + "'");
    text.is_private = status.st_uid == geteuid() && (status.st_mode & 077) == 0;
    return text;
}

stored_text read_stream(int stream, const std::string& source, std::size_t most)
{
    // Nobody but the program before it has seen what comes through a pipe.
    stored_text text{ secret_memory(most + 1), 0, true };
    text.count = read_all(stream, text.octets, source);
    if (text.count > most)
        too_long(source, most);
    return text;
}

void write_new_text(const std::string& path, const secret_memory& text)
{
    const file_descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.good()) {
        if (errno == EEXIST)
            throw key_error("key file '" + path +
                            "' exists and is not overwritten: choose another name");
        throw key_error("key file '" + path + "' cannot be made: " + reason());
    }
    try {
        if (::fchmod(file.number(), 0600) != 0) // whatever the umask is
            throw std::system_error(errno, std::generic_category());
        write_all(file.number(), text, text.size());
        sync(file.number());
        sync_folder_of(path);
    } catch (const std::system_error& e) {
        ::unlink(path.c_str());
        cannot_write(path, e);
    }
}

void replace_text(const std::string& path, const secret_memory& text)
{
    const file_descriptor old(open_there(path, O_RDWR));
    const auto status = examine(old.number(), path);
    check_owner(status, path);
    check_mode(status, path);
    check_size(status, path);
    auto fresh = folder_of(path) + "/.new-XXXXXX"; // no key's name
    try {
        const file_descriptor file(::mkostemp(fresh.data(), O_CLOEXEC)); // mode 0600
        if (!file.good())
            throw std::system_error(errno, std::generic_category());
        write_all(file.number(), text, text.size());
        sync(file.number());
        if (::rename(fresh.c_str(), path.c_str()) != 0)
            throw std::system_error(errno, std::generic_category());
        sync_folder_of(path);
        overwrite(old.number(), status.st_size);
    } catch (const std::system_error& e) {
        ::unlink(fresh.c_str());
        cannot_write(path, e);
    }
}

void write_stream(int stream, const secret_memory& text, const std::string& destination)
{
    try {
        write_all(stream, text, text.size());
    } catch (const std::system_error& e) {
        throw key_error(destination + " cannot be written: " + reason(e.code().value()));
    }
}

medium overwrite_and_remove(const std::string& path)
{
    const file_descriptor file(open_there(path, O_RDWR));
    const auto status = examine(file.number(), path);
    check_owner(status, path);
    check_size(status, path); // a slip of the hand destroys no other file
    try {
        overwrite(file.number(), status.st_size);
        if (::unlink(path.c_str()) != 0)
            throw std::system_error(errno, std::generic_category());
        sync_folder_of(path);
    } catch (const std::system_error& e) {
        throw key_error("key file '" + path +
                        "' cannot be destroyed: " + reason(e.code().value()));
    }
    return medium_of(file.number());
}

} // namespace securevoice::detail

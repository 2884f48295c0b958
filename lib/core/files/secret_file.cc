/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/files/secret_file.h"
#include "core/keys/key_transfer.h"
#include "core/replay/replay_memory.h"
#include "core/system/file_descriptor.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>
#include <algorithm>
#include <array>
#include <filesystem>

namespace securevoice {

namespace {

constexpr std::size_t beginning_octets = 1024; // a mailer's own lines may come first

bool starts_with(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

/*! A line, after what mailers and editors put in front of it. */
bool has_line_of_a_key(std::string_view text)
{
    while (!text.empty()) {
        constexpr std::string_view decoration = "\xEF\xBB\xBF\xFE\xFF> \t\r\n";
        text.remove_prefix(std::min(text.find_first_not_of(decoration), text.size()));
        if (starts_with(text, first_words_of_key))
            return true;
        text.remove_prefix(std::min(text.find('\n'), text.size()));
    }
    return false;
}

/*! The beginning of a file; wiped, for it may hold a key. */
class beginning
{
public:
    explicit beginning(const std::string& path)
    {
        // O_NONBLOCK: a FIFO must not hold us up before fstat tells what it is.
        const file_descriptor file(
            ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        struct stat about;
        if (!file.good() || fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode))
            return;
        const auto got = ::read(file.number(), d_octets.data(), d_octets.size());
        d_count = got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    ~beginning() { sodium_memzero(d_octets.data(), d_octets.size()); }
    beginning(const beginning&) = delete;
    beginning& operator=(const beginning&) = delete;

    std::string_view text() const { return { d_octets.data(), d_count }; }
    /*! UTF-16 of plain text is the text with zeros between. */
    void remove_zeros()
    {
        d_count = static_cast<std::size_t>(
            std::remove(d_octets.begin(), d_octets.begin() + d_count, '\0') -
            d_octets.begin());
    }

private:
    std::array<char, beginning_octets> d_octets{};
    std::size_t d_count = 0;
};

bool lies_in(const std::string& path, const std::string& folder)
{
    namespace fs = std::filesystem;
    std::error_code not_there;
    const auto parent = fs::path(path).parent_path();
    return fs::equivalent(parent.empty() ? "." : parent, folder, not_there);
}

bool lies_in_keyring(const std::string& path)
{
    try {
        return lies_in(path, keyring().folder());
    } catch (const key_error&) {
        return false; // its place is not known
    }
}

} // namespace

const char* irreplaceable_file(const std::string& path)
{
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown))
        return nullptr;
    beginning found(path);
    if (starts_with(found.text(), first_octets_of_replay_file))
        return "the replay memory";
    found.remove_zeros();
    if (has_line_of_a_key(found.text()) || holds_key(path))
        return "a key file";
    // By their names alone those that are damaged, or that cannot be read.
    if (has_key_ending(path))
        return "a key file by its name";
    return lies_in_keyring(path) ? "in the keyring's folder" : nullptr;
}

} // namespace securevoice

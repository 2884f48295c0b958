/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_format.h"
#include "io/iq_sigmf.h"
#include "io/sigmf_archive.h"

#include "core/system/reason.h"

#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace securevoice::apps {

namespace {

constexpr std::size_t record = 512; // octets, all parts of a tar file are multiples of it

struct field {
    std::size_t at;
    std::size_t length;
};
constexpr field size_field{ 124, 12 };
constexpr field check_field{ 148, 8 };
constexpr std::size_t type_at = 156;
constexpr field magic_field{ 257, 5 };

using tar_header = std::array<char, record>;

std::optional<std::uint64_t> number(const tar_header& header, const field& f)
{
    std::uint64_t value = 0;
    const auto* text = header.data() + f.at;
    if ((text[0] & 0x80) != 0) { // GNU: more than 8 GiB, base 256
        for (std::size_t n = 4; n < f.length; ++n)
            value = value << 8 | static_cast<std::uint8_t>(text[n]);
        return value >> 62 == 0 ? std::optional(value) : std::nullopt;
    }
    std::size_t n = 0;
    while (n < f.length && text[n] == ' ')
        ++n;
    const auto begin = n;
    for (; n < f.length && text[n] >= '0' && text[n] <= '7'; ++n)
        value = value << 3 | static_cast<std::uint64_t>(text[n] - '0');
    return n > begin ? std::optional(value) : std::nullopt;
}

bool is_header(const tar_header& header)
{
    unsigned sum = 0;
    for (std::size_t n = 0; n < record; ++n)
        sum += n >= check_field.at && n < check_field.at + check_field.length
                   ? static_cast<unsigned>(' ')
                   : static_cast<std::uint8_t>(header[n]);
    return number(header, check_field) == sum &&
           std::string(header.data() + magic_field.at, magic_field.length) == "ustar";
}

/*! "NAME=path" of a pax header's text, whose lines are "LENGTH KEY=VALUE". */
std::optional<std::string> pax_path(const std::string& text)
{
    const auto at = text.find(" path=");
    if (at == std::string::npos)
        return {};
    const auto begin = at + 6;
    return text.substr(begin, text.find('\n', begin) - begin);
}

class archive_reader
{
public:
    explicit archive_reader(const std::string& path)
        : d_path(path), d_file(path, std::ios::binary)
    {
        struct stat about {
        };
        if (!d_file || stat(path.c_str(), &about) != 0)
            throw std::runtime_error("cannot read " + path + ": " + reason());
        if (!S_ISREG(about.st_mode))
            throw std::runtime_error("cannot read " + path + ": it is no file");
        d_size = static_cast<std::uint64_t>(about.st_size);
    }

    sigmf_archive read()
    {
        std::optional<std::string> long_name;
        for (std::uint64_t at = 0; at + record <= d_size;) {
            tar_header header;
            d_file.seekg(static_cast<std::streamoff>(at));
            if (!d_file.read(header.data(), header.size()))
                refuse("cannot be read to its end");
            if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; }))
                break;
            const auto size = number(header, size_field);
            if (!is_header(header) || !size)
                refuse(at == 0 ? "is no SigMF archive: that is a tar file, not compressed"
                               : "is broken");
            at += record;
            const char type = header[type_at];
            if (type == 'L')
                long_name = text(at, *size).c_str(); // ends with a zero
            else if (type == 'x')
                long_name = pax_path(text(at, *size));
            else {
                const auto name = long_name.value_or(header_name(header));
                long_name.reset();
                if (type == '0' || type == 0)
                    take(name, at, *size);
            }
            at += (*size + record - 1) / record * record;
            d_cut_off = at > d_size;
        }
        if (d_cut_off && !(d_has_metadata && d_has_samples))
            refuse("is cut off: copy it again");
        if (!d_has_metadata || !d_has_samples)
            refuse("holds no recording: that is a pair of files, .sigmf-meta and "
                   ".sigmf-data");
        if (stem(d_metadata_name) != stem(d_samples_name))
            d_found.problem = d_path + ": its metadata are " + d_metadata_name +
                              " and its samples " + d_samples_name +
                              ": they were taken for one recording";
        return d_found;
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw std::runtime_error(d_path + " " + what);
    }

    static std::string stem(const std::string& name)
    {
        return name.substr(0, name.rfind('.'));
    }

    static std::string header_name(const tar_header& header)
    {
        const auto* end = header.data() + 100;
        return { header.data(), std::find(header.data(), end, '\0') };
    }

    std::string text(std::uint64_t at, std::uint64_t size)
    {
        if (size > longest_sigmf_metadata)
            refuse("has metadata of more than 16 MiB, too long for SigMF");
        if (at + size > d_size)
            refuse("is cut off within its metadata: copy it again");
        std::string octets(size, '\0');
        d_file.seekg(static_cast<std::streamoff>(at));
        if (!d_file.read(octets.data(), static_cast<std::streamsize>(size)))
            refuse("cannot be read to its end");
        return octets;
    }

    void take(const std::string& path, std::uint64_t at, std::uint64_t size)
    {
        const auto name = path.substr(path.rfind('/') + 1);
        if (name.compare(0, 2, "._") ==
            0) // of macOS: attributes of the file that is named so behind it
            return;
        const auto extension = lower_extension_of(name);
        const auto once = [this](bool& had) {
            if (had)
                refuse("holds several recordings: unpack it (tar -xf) and name one");
            had = true;
        };
        if (extension == ".sigmf-meta") {
            once(d_has_metadata);
            d_found.metadata = text(at, size);
            d_metadata_name = name;
        } else if (extension == ".sigmf-data") {
            once(d_has_samples);
            d_found.samples = { at, size };
            d_samples_name = name;
        }
    }

    std::string d_path;
    std::ifstream d_file;
    std::uint64_t d_size = 0;
    sigmf_archive d_found;
    std::string d_metadata_name;
    std::string d_samples_name;
    bool d_has_metadata = false;
    bool d_has_samples = false;
    bool d_cut_off = false;
};

} // namespace

sigmf_archive open_sigmf_archive(const std::string& path)
{
    return archive_reader(path).read();
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_format.h"
#include "io/iq_name.h"

#include "core/files/output_target.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <stdexcept>

namespace securevoice::apps {

namespace {

struct named_format {
    const char* name;
    iq_format format;
};

const std::array<named_format, 10> formats = { {
    { "cf32", { iq_container::raw, iq_encoding::cf32 } },
    { "cs16", { iq_container::raw, iq_encoding::cs16 } },
    { "cs8", { iq_container::raw, iq_encoding::cs8 } },
    { "cu8", { iq_container::raw, iq_encoding::cu8 } },
    { "wav", { iq_container::wav, {} } },
    { "wav-float", { iq_container::wav, iq_encoding::cf32 } },
    { "sigmf", { iq_container::sigmf, {} } },
    { "sigmf-ci16", { iq_container::sigmf, iq_encoding::cs16 } },
    { "sigmf-ci8", { iq_container::sigmf, iq_encoding::cs8 } },
    { "sigmf-cu8", { iq_container::sigmf, iq_encoding::cu8 } },
} };

struct known_extension {
    const char* extension;
    const char* name;
};

constexpr std::array<known_extension, 11> extensions = { {
    { ".cf32", "cf32" },
    { ".cfile", "cf32" }, // GNU Radio's
    { ".cs16", "cs16" },
    { ".ci16", "cs16" }, // SigMF's names of the same
    { ".cs8", "cs8" },
    { ".ci8", "cs8" },
    { ".cu8", "cu8" },
    { ".wav", "wav" },
    { ".sigmf-meta", "sigmf" },
    { ".sigmf-data", "sigmf" },
    { ".sigmf", "sigmf" }, // both in one archive
} };

bool same_but_for_case(const std::string& a, const std::string& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

/*! A file beside another one, as it is spelled there. */
std::string spelled(const std::string& wanted)
{
    namespace fs = std::filesystem;
    std::error_code none;
    if (fs::exists(wanted, none))
        return wanted;
    const fs::path whole(wanted);
    const auto folder = whole.parent_path().empty() ? "." : whole.parent_path();
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (same_but_for_case(entry.path().filename().string(),
                              whole.filename().string()))
            return (whole.parent_path() / entry.path().filename()).string();
    return wanted;
}

std::string name_by_extension(const std::string& path)
{
    if (path == "-")
        throw std::invalid_argument("standard input and output do not tell the format of "
                                    "the IQ: name it (" +
                                    iq_format_names() +
                                    ") with --format, or --format-out for the output "
                                    "of channel");
    const auto extension = lower_extension_of(path);
    if (const auto encoding = read_iq_name(path).encoding)
        return encoding_name(*encoding);
    std::string known;
    for (const auto& e : extensions) {
        if (extension == e.extension)
            return e.name;
        known += (known.empty() ? "" : ", ") + std::string(e.extension);
    }
    throw std::invalid_argument("the name " + path +
                                " does not tell the format of the IQ: let it end in one "
                                "of " +
                                known + ", or name the format with --format");
}

} // namespace

iq_format choose_iq_format(const std::string& path, const std::string& name)
{
    const auto wanted = name.empty() ? name_by_extension(path) : name;
    const auto found = std::find_if(formats.begin(), formats.end(), [&](const auto& f) {
        return same_but_for_case(wanted, f.name);
    });
    if (found == formats.end())
        throw std::invalid_argument("there is no IQ format '" + wanted + "': choose " +
                                    iq_format_names());
    const auto container = found->format.container;
    if (path == "-" && container != iq_container::raw)
        throw std::invalid_argument(
            "the format " + wanted +
            " needs a file, standard input and output carry cf32, "
            "cs16, cs8 or cu8");
    const auto extension = lower_extension_of(path);
    if (container == iq_container::sigmf && extension != ".sigmf-meta" &&
        extension != ".sigmf-data" && extension != sigmf_archive_extension)
        throw std::invalid_argument("a SigMF recording is named by its file .sigmf-meta "
                                    "or .sigmf-data, or is an archive .sigmf: " +
                                    path + " is none of these");
    return found->format;
}

std::string iq_format_names()
{
    std::string all;
    for (const auto& f : formats)
        all += (all.empty() ? "" : ", ") + std::string(f.name);
    return all;
}

const char* encoding_name(iq_encoding encoding)
{
    const auto found = std::find_if(formats.begin(), formats.end(), [&](const auto& f) {
        return f.format.encoding == encoding;
    });
    return found->name; // the raw ones come first, and are all there
}

std::vector<std::string> iq_files(const std::string& path, const std::string& name)
{
    if (choose_iq_format(path, name).container != iq_container::sigmf ||
        lower_extension_of(path) == sigmf_archive_extension)
        return { path };
    const auto base = std::filesystem::path(path).replace_extension().string();
    return { spelled(base + ".sigmf-meta"), spelled(base + ".sigmf-data") };
}

std::string lower_extension_of(const std::string& path)
{
    auto extension = std::filesystem::path(path).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return extension;
}

void refuse_overwriting(const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs)
{
    // A shell's '<' makes standard input a file, too.
    for (const auto& input : inputs)
        for (const auto& output : outputs)
            refuse_same_file(input == "-" ? "/dev/stdin" : input, output);
    refuse_same_outputs(outputs);
}

} // namespace securevoice::apps

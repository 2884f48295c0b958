/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/protocol/mode.h"

#include <iterator>
#include <stdexcept>

namespace securevoice {

namespace {

struct codec_row {
    const char* name;
    std::size_t voice_bits;
};

// Section 2; vocoder.cc checks the numbers against the installed libcodec2.
constexpr std::array<codec_row, codec_count> codec_table{ { { "3200", 256 },
                                                            { "2400", 192 },
                                                            { "1600", 128 },
                                                            { "1400", 112 },
                                                            { "1300", 104 },
                                                            { "1200", 96 },
                                                            { "700C", 56 } } };

constexpr std::array<const char*, 7> profile_table{ "narrow", "robust", "constant",
                                                    "gmsk",   "4fsk",   "bpsk",
                                                    "qpsk" };

const codec_row& row(codec c)
{
    const auto index = static_cast<std::size_t>(c);
    if (index >= codec_table.size())
        throw std::invalid_argument("codec code " + std::to_string(index) +
                                    " does not exist: use 0 to 6");
    return codec_table[index];
}

template <typename Names>
std::string list(const Names& names)
{
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

} // namespace

bool is_mode(std::uint8_t code)
{
    return code / 8 < profile_table.size() && code % 8 < codec_count;
}

mode mode_from_code(std::uint8_t code)
{
    if (!is_mode(code))
        throw std::invalid_argument("mode code " + std::to_string(code) +
                                    " does not exist");
    return { static_cast<codec>(code % 8), static_cast<profile>(code / 8) };
}

std::size_t voice_bits(codec c) { return row(c).voice_bits; }

std::size_t info_bits(codec c) { return row(c).voice_bits + overhead_bits; }

std::size_t text_octets(codec c) { return 1 + (row(c).voice_bits + 7) / 8; }

const char* codec_name(codec c) { return row(c).name; }

const std::vector<std::string>& codec_names()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        all.reserve(std::size(codec_table));
        for (const auto& r : codec_table)
            all.emplace_back(r.name);
        return all;
    }();
    return names;
}

codec codec_from_name(const std::string& name)
{
    for (std::size_t i = 0; i < codec_table.size(); ++i)
        if (name == codec_table[i].name)
            return static_cast<codec>(i);
    throw std::invalid_argument("there is no Codec2 rate '" + name + "': choose one of " +
                                list(codec_names()));
}

profile profile_from_name(const std::string& name)
{
    for (std::size_t i = 0; i < profile_table.size(); ++i)
        if (name == profile_table[i])
            return static_cast<profile>(i);
    throw std::invalid_argument("there is no profile '" + name + "': choose one of " +
                                list(profile_table));
}

const std::vector<std::string>& profile_names()
{
    static const std::vector<std::string> names(profile_table.begin(),
                                                profile_table.end());
    return names;
}

const char* profile_name(profile p)
{
    return profile_table.at(static_cast<std::size_t>(p));
}

} // namespace securevoice

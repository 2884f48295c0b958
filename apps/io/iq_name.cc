/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "io/iq_name.h"

#include <filesystem>
#include <regex>

namespace securevoice::apps {

namespace {

/*! "250k", "433.92M", "1000000" */
std::optional<double> with_prefix(const std::string& digits, const std::string& prefix)
{
    const double value = std::stod(digits);
    const double factor = prefix == "k"   ? 1e3
                          : prefix == "M" ? 1e6
                          : prefix == "G" ? 1e9
                                          : 1;
    return value > 0 ? std::optional(value * factor) : std::nullopt;
}

} // namespace

iq_name read_iq_name(const std::string& path)
{
    // At most 15 digits: exact as doubles.
    static const std::regex gqrx(R"(gqrx_\d{8}_\d{6}_(\d{1,15})_(\d{1,15})_fc\.raw)",
                                 std::regex::icase);
    static const std::regex rtl_433(
        R"(.*_(\d{1,6}(?:\.\d{1,9})?)([kMG])_(\d{1,6}(?:\.\d{1,9})?)([kM])\.[^.]+)");
    static const std::regex hertz(R"(.*_(\d{1,15})(k|M)?Hz[_.].*)");
    const auto name = std::filesystem::path(path).filename().string();
    constexpr std::size_t longest = 255; // of the system
    std::smatch found;
    if (name.size() > longest)
        return {};
    if (std::regex_match(name, found, gqrx))
        return { iq_encoding::cf32,
                 with_prefix(found[2], ""),
                 with_prefix(found[1], "") };
    if (std::regex_match(name, found, rtl_433))
        return { {}, with_prefix(found[3], found[4]), with_prefix(found[1], found[2]) };
    if (std::regex_match(name, found, hertz))
        return { {}, {}, with_prefix(found[1], found[2]) };
    return {};
}

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/chain/talk_limit.h"

#include "core/protocol/constants.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace securevoice {

std::optional<talk_limit> talk_limit_from(const std::string& text)
{
    if (text == "off")
        return {};
    double seconds = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, seconds);
    if (read.ec != std::errc() || read.ptr != end ||
        !(seconds >= 1 && seconds <= talk_limit::longest_seconds))
        throw std::invalid_argument(
            "the time-out of push-to-talk is 1 to 3600 seconds, or 'off', not '" +
            text.substr(0, 40) + "'");
    return talk_limit{ static_cast<std::uint32_t>(
        std::ceil(seconds * speech_rate / samples_per_block)) };
}

} // namespace securevoice

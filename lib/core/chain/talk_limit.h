/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace securevoice {

/*! How long push-to-talk may be held, so that a stuck button does not send a room for
 * ever. */
struct talk_limit {
    std::uint32_t blocks; // of speech, the last one included: at least 1

    static constexpr double usual_seconds = 300;    // decision 23
    static constexpr double longest_seconds = 3600; // who wants more asks for none
    /*! The sender is warned for so many blocks before the end: 10 s. */
    static constexpr std::uint32_t warned_blocks = 125;
};

/*!
 * \param text seconds, 1 to 3600, or "off": none
 * \throws std::invalid_argument for anything else
 */
std::optional<talk_limit> talk_limit_from(const std::string& text);

} // namespace securevoice

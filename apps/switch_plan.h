/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/protocol/frames.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace securevoice::apps {

/*! The switches of a call: "T=clear", "T=fm" or "T=secure", T in s of the speech. */
class switch_plan
{
public:
    /*! \throws std::invalid_argument for a malformed entry, or times that do not ascend */
    explicit switch_plan(const std::vector<std::string>& entries);

    bool has(kind k) const;
    /*! \throws std::invalid_argument if a switch would come after so many s of speech: it would never be made */
    void refuse_beyond(double seconds) const;
    /*! True if a switch has to be made before sample \p position (8 kHz). */
    bool due(std::uint64_t position) const;
    /*! The switch that is due. */
    kind take() { return d_entries[d_next++].second; }
    /*! Samples from \p position up to the next switch: at least 1. */
    std::uint64_t samples_left(std::uint64_t position) const;

private:
    std::vector<std::pair<std::uint64_t, kind>> d_entries;
    std::size_t d_next = 0;
};

} // namespace securevoice::apps

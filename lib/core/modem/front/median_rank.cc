/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/median_rank.h"

#include "core/modem/front/vectors.h"

#include <cstdint>

namespace securevoice {

SECUREVOICE_FOR_EACH_PROCESSOR
bool median_is_at_least(const float* values, std::size_t count, float level)
{
    std::int32_t below = 0;
    for (std::size_t n = 0; n < count; ++n)
        below += values[n] < level ? 1 : 0;
    return below <= static_cast<std::int32_t>(count / 2);
}

} // namespace securevoice

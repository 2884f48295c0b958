/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/symbol_reader.h"

#include <algorithm>

namespace securevoice {

void symbol_reader::bound_impulses()
{
    constexpr float most = 12 * 1.44f; // of the median
    d_powers.resize(d_samples.size());
    for (std::size_t n = 0; n < d_samples.size(); ++n)
        d_powers[n] = std::norm(d_samples[n]);
    const auto middle =
        d_powers.begin() + static_cast<std::ptrdiff_t>(d_powers.size() / 2);
    std::nth_element(d_powers.begin(), middle, d_powers.end());
    const float bound = most * *middle;
    if (!(bound > 0))
        return;
    for (cfloat& x : d_samples) {
        const float power = std::norm(x);
        if (power > bound)
            x *= std::sqrt(bound / power);
    }
}

} // namespace securevoice

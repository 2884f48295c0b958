/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/modem/front/sample_rate.h"

#include <stdexcept>
#include <string>

namespace securevoice {

double checked_sample_rate(double samples_per_second)
{
    if (!(samples_per_second >= 12000 && samples_per_second <= 20e6))
        throw std::invalid_argument(
            "sample rate " + std::to_string(samples_per_second) +
            " is out of range: choose 12000 to 20000000 samples/s");
    return samples_per_second;
}

} // namespace securevoice

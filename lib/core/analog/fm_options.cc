/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/analog/fm_options.h"

#include <stdexcept>
#include <string>

namespace securevoice {

void check(const fm_options& o)
{
    if (!(o.deviation_hz >= 1000 && o.deviation_hz <= 5000))
        throw std::invalid_argument(
            "the peak deviation is 1000 to 5000 Hz (2500 for channels of "
            "12.5 kHz, 5000 for 25 kHz), not " +
            std::to_string(o.deviation_hz));
    if (o.ctcss_hz && !(*o.ctcss_hz >= 67 && *o.ctcss_hz <= 254.1))
        throw std::invalid_argument("a CTCSS tone is 67 to 254.1 Hz, not " +
                                    std::to_string(*o.ctcss_hz));
}

} // namespace securevoice

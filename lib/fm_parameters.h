/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/analog/fm_options.h"

namespace gr {
namespace securevoice {

/*! FM by the blocks' parameters. \param ctcss_hz 0: no tone */
inline ::securevoice::fm_options
fm_of(double deviation_hz, bool emphasis, double ctcss_hz)
{
    ::securevoice::fm_options fm;
    fm.deviation_hz = deviation_hz;
    fm.emphasis = emphasis;
    if (ctcss_hz != 0)
        fm.ctcss_hz = ctcss_hz;
    return fm;
}

} // namespace securevoice
} // namespace gr

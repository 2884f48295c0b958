/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "io/iq_format.h"

#include <optional>
#include <string>

namespace securevoice::apps {

/*! What receiver programs say about a recording in its name. */
struct iq_name {
    std::optional<iq_encoding> encoding;
    std::optional<double> rate;      // samples/s
    std::optional<double> frequency; // Hz, of 0 Hz in the recording
};

/*!
 * \param path a file named by
 *  - gqrx: gqrx_YYYYMMDD_HHMMSS_FREQUENCY_RATE_fc.raw, complex floats
 *  - rtl_433: NAME_433.92M_250k.cu8
 *  - SDR++, SDR#: ..._446006250Hz..., HDSDR: ..._446006kHz...: the frequency alone
 * Nothing for other names.
 */
iq_name read_iq_name(const std::string& path);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "call_log.h"

#include <string>

namespace securevoice::apps {

/*!
 * The line that rx ends with, where something was heard: which of it was secure (by which key), clear, FM, where (s since the first
 * sample), what was lost and refused, FM that was not played, C/N0, and whether it is a recording.
 * \param fm_advice what to do about the FM that was not played, or empty
 */
std::string heard_line(const call_log& log,
                       const receiver_status& status,
                       const std::string& fm_advice);

/*! A sentence about blocks that were refused while others were played, else empty. */
std::string refused_line(const call_log& log, const receiver_status& status);

} // namespace securevoice::apps

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/key_file.h"

#include <cstdint>
#include <string>

namespace securevoice {

/*!
 * Refuses a clock that is behind what this computer itself has seen: the year 1970 of one
 * without a battery, or a day before a key was made, was rolled or a call was heard. What
 * is dated by it (the end of a key's use) would be wrong for good. A clock that is ahead
 * cannot be told.
 * \param now          s since 1970
 * \param state_folder of the replay memory; empty: the station's
 * \throws key_error
 */
void check_clock(const keyring& ring,
                 std::int64_t now,
                 const std::string& state_folder = "");

} // namespace securevoice

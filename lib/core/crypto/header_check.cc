/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/crypto/derived_keys.h"
#include "core/crypto/session.h"

namespace securevoice {

bool header_check_fits(const header& h)
{
    return is_mode(h.mode_code()) && public_header_check(h) == h.check();
}

} // namespace securevoice

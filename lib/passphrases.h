/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "core/keys/passphrase.h"

namespace gr {
namespace securevoice {

/*! As set_passphrase_descriptor() has it. */
::securevoice::passphrase_source passphrases();

} // namespace securevoice
} // namespace gr

/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

namespace securevoice::detail {

/*! start_crypto() with another sodium_init, for tests.
 * \throws std::runtime_error if \p init returns less than 0 */
void start_crypto_by(int (*init)());

} // namespace securevoice::detail

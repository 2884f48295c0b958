/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gnuradio/securevoice/key_file.h>

#include "core/keys/key_file.h"

namespace gr {
namespace securevoice {

void new_key_file(const std::string& path)
{
    ::securevoice::write_key_file(path, ::securevoice::secret_key::random());
}

} // namespace securevoice
} // namespace gr

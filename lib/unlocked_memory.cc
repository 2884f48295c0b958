/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "unlocked_memory.h"

#include "core/crypto/secret_memory.h"

#include <gnuradio/logger.h>

namespace gr {
namespace securevoice {

void warn_of_unlocked_memory()
{
    ::securevoice::on_unlocked_memory(
        [] { gr::logger("securevoice").warn("{}", ::securevoice::unlocked_memory); });
}

} // namespace securevoice
} // namespace gr

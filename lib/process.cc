/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/system/process.h"

#include <gnuradio/securevoice/process.h>

namespace gr {
namespace securevoice {

void harden_process() { ::securevoice::harden_process(); }

} // namespace securevoice
} // namespace gr

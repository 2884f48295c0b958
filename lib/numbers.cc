/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "core/text/number.h"

#include <gnuradio/securevoice/numbers.h>

namespace gr {
namespace securevoice {

double number_from_text(const std::string& text, const std::string& what)
{
    return ::securevoice::number_from_text(text, what);
}

} // namespace securevoice
} // namespace gr
